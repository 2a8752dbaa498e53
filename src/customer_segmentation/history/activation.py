"""The models that somebody has chosen for the next build, in a file beside the history."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from customer_segmentation.errors import InputError, NotPossibleError
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

    def applies(one: Activation) -> bool:
        if one.dataset not in previous_days:
            return False
        previous = previous_days[one.dataset] or ""
        is_recorded = previous == one.last_day and previous_versions.get(one.segmentation) == one.model_version
        return previous <= one.last_day and not is_recorded

    return [one for one in read_activations(folder) if applies(one)]


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


def withdraw(folder: Path, segmentation: str) -> str:
    """Take back the choice of a model.

    Parameters
    ----------
    folder : Path
        Folder of the history.
    segmentation : str
        The segmentation.

    Returns
    -------
    str
        The model that was chosen.

    Raises
    ------
    InputError
        If the file cannot be read or written.
    NotPossibleError
        If no model of the segmentation was chosen.
    """
    before = read_activations(folder)
    found = [one for one in before if one.segmentation == segmentation]
    if not found:
        raise NotPossibleError(f"No model of {segmentation} is activated in {folder}.")
    write_activations(folder, [one for one in before if one not in found])
    return found[0].model_version
