"""The models that somebody has chosen for the next build, in a file beside the history."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from customer_segmentation.errors import InputError
from customer_segmentation.temporary_files import write_whole

FILE = "activated_models.json"


@dataclass(frozen=True)
class Activation:
    """A model that the next build uses.

    Attributes
    ----------
    segmentation : str
        The segmentation.
    dataset : str
        Its dataset.
    model_version : str
        The model.
    last_day : str
        The last recorded day of the dataset when the model was chosen. The choice is for a build of that day or of the
        next one that is recorded, and for repetitions of it.
    """

    segmentation: str
    dataset: str
    model_version: str
    last_day: str


def read_activations(folder: Path) -> list[Activation]:
    """List all choices, also those that later days have left behind.

    Parameters
    ----------
    folder : Path
        Folder of the history.

    Returns
    -------
    list of Activation
        One per segmentation at most; empty if there is no file.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    path = folder / FILE
    try:
        return [Activation(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read: {error}. It lists the models that `segmentation models activate` has chosen. "
            "Restore it from a backup, or remove it and choose them again."
        ) from None


def activated_models(
    folder: Path, previous_days: Mapping[str, str | None], previous_versions: Mapping[str, str]
) -> list[Activation]:
    """List the choices that apply to a build.

    Parameters
    ----------
    folder : Path
        Folder of the history.
    previous_days : mapping of str to str or None
        The last recorded day before that of the build, by dataset.
    previous_versions : mapping of str to str
        The model of that day, by segmentation.

    Returns
    -------
    list of Activation
        A choice that a day has recorded no longer applies to later ones: its model is the one before them.
    """
    return [
        one
        for one in read_activations(folder)
        if one.dataset in previous_days
        and (previous_days[one.dataset] or "") <= one.last_day
        and previous_versions.get(one.segmentation) != one.model_version
    ]


def write_activations(folder: Path, activations: Iterable[Activation]) -> None:
    """Make these the choices, in one step.

    Parameters
    ----------
    folder : Path
        Folder of the history.
    activations : iterable of Activation
        At most one per segmentation.

    Raises
    ------
    InputError
        If the file cannot be written; the one before is unchanged.
    """
    content = [asdict(one) for one in sorted(activations, key=lambda one: one.segmentation)]
    try:
        write_whole(folder / FILE, (json.dumps(content, indent=1) + "\n").encode())
    except OSError as error:
        raise InputError(
            f"{folder / FILE} cannot be written: {error.strerror or error}. Nothing has changed."
        ) from None
