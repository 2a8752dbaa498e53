"""The suppression list: hashes of the customers who were forgotten, so that later builds leave their rows out.

Without it, a customer who is still in a source would come back with the next build. The list lies in the folder of the
history, because it has to last as long. It holds no id, only SHA-256 hashes of a random salt and the id. With the list
at hand a guess can still be tested, so it is as private as the history.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import yaml

from customer_segmentation.errors import InputError
from customer_segmentation.publication.folder import SECONDS_FOR_A_READER, locked
from customer_segmentation.temporary_files import write_whole

LIST = "suppressed.json"
FORMAT = 1  # of the list; one that this version cannot read has a higher number
EVERY_DATASET = ""


@dataclass(frozen=True)
class SuppressionList:
    """Hashes of the customers whom builds leave out.

    Attributes
    ----------
    salt : str
        Random text before each id; it is made once.
    hashes : mapping of str to frozenset of str
        Hashes by dataset; the empty name stands for every dataset.
    """

    salt: str
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of_dataset(self, dataset: str) -> list[str]:
        """Return the hashes that count for a dataset, in order."""
        return sorted(self.hashes.get(EVERY_DATASET, frozenset()) | self.hashes.get(dataset, frozenset()))


def plain_id(customer: str) -> str:
    """Write the id of a customer as staging does, as the macro of the same name says.

    Examples
    --------
    >>> plain_id(" 17.0 "), plain_id("Ann@Example.com"), plain_id("M102")
    ('17', 'ann@example.com', 'M102')
    """
    text = customer.strip()
    if text.removeprefix("-").removesuffix(".0").isdecimal():
        return text.removesuffix(".0")
    return text.lower() if "@" in text else text


def hash_of(salt: str, customer: str) -> str:
    """Return the hash of an id, which SQL computes as `sha256(salt || id)`.

    Examples
    --------
    >>> hash_of("", "abc")[:16]
    'ba7816bf8f01cfea'
    """
    return sha256((salt + plain_id(customer)).encode()).hexdigest()


def read_list(folder: Path) -> SuppressionList | None:
    """Read the suppression list of a history.

    Parameters
    ----------
    folder : Path
        Folder of the history; it need not exist.

    Returns
    -------
    SuppressionList or None
        None where no customer was forgotten yet.

    Raises
    ------
    InputError
        If the list cannot be read, is damaged, or is of a newer version. Building without it would bring customers
        back.
    """
    path = folder / LIST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        version = found["format"]
        if version == FORMAT:
            hashes = {str(dataset): frozenset(map(str, values)) for dataset, values in found["hashes"].items()}
            return SuppressionList(str(found["salt"]), hashes)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}. It says which customers are left out. Check its permissions."
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            f"{path} is damaged: it does not list hashes of customers, and without it forgotten customers would come "
            "back. Restore it from a backup, or delete it and run `segmentation forget` for each of them again."
        ) from None
    raise InputError(
        f"{path} has format {version}, this version of the project reads {FORMAT}: a newer version wrote it. Update "
        "the project."
    )


def suppress(folder: Path, customers: Sequence[str], dataset: str = EVERY_DATASET) -> int:
    """Add customers to the suppression list of a history.

    Parameters
    ----------
    folder : Path
        Folder of the history; created if it does not exist.
    customers : sequence of str
        Ids, as in the tables.
    dataset : str
        Leave them out of this dataset alone; of every dataset if it is empty.

    Returns
    -------
    int
        How many of them were not on the list yet.

    Raises
    ------
    InputError
        If the list cannot be read or written. It is as it was then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, seconds=SECONDS_FOR_A_READER):
            before = read_list(folder) or SuppressionList(secrets.token_hex(16))
            known = before.hashes.get(dataset, frozenset())
            added = {hash_of(before.salt, customer) for customer in customers} - known
            if added:
                _write(folder, SuppressionList(before.salt, {**before.hashes, dataset: known | added}))
            return len(added)
    except OSError as error:
        raise InputError(
            f"{folder / LIST} cannot be written: {error.strerror or error}. Nothing was changed. Check the permissions "
            "of the folder and the free space, then run the command again."
        ) from None


def _write(folder, found: SuppressionList) -> None:
    content = {
        "format": FORMAT,
        "salt": found.salt,
        "hashes": {dataset: sorted(values) for dataset, values in sorted(found.hashes.items())},
    }
    write_whole(folder / LIST, (json.dumps(content, indent=1) + "\n").encode())


def answer(dataset: str, folder: str, otherwise: str) -> str:
    """Tell a build whom to leave out, as JSON.

    Parameters
    ----------
    dataset : str
        The dataset that is read.
    folder : str
        Folder of the history; empty in a build that records nothing.
    otherwise : str
        Where the list of such a build is, unless `dbt_project.yml` in the current folder names another one. To build
        without a history brings no customer back.

    Returns
    -------
    str
        `salt` and `hashes`, or the `problem` that must stop the build.
    """
    places = [folder] if folder else [*_named_in_project(Path()), otherwise]
    try:
        found = next((one for place in places if place and (one := read_list(Path(place)))), None)
    except InputError as error:
        return json.dumps({"problem": str(error)})
    return json.dumps({"salt": found.salt, "hashes": found.of_dataset(dataset)} if found else {"hashes": []})


def _named_in_project(root) -> list[str]:
    try:
        given = yaml.safe_load((root / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    except (OSError, TypeError, KeyError, yaml.YAMLError):
        return []
    named = [given, given.get("customer_segmentation") or {}] if isinstance(given, dict) else []
    found = [one.get("history_folder") for one in named if isinstance(one, dict)]
    return [one for one in found if isinstance(one, str) and one != "none"]
