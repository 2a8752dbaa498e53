"""Write the software bill of materials: every package that the lock file installs, as CycloneDX 1.6 in JSON.

Usage: `python -m customer_segmentation.bill_of_materials [requirements.txt] [sbom.json]`. Names, versions, markers and
hashes come from the lock file, licences and dependencies from what is installed here; of a package that is not
installed here, for example because it is for another system, both stay unknown and nothing is guessed. The same lock
file in the same environment gives the same bytes.
"""

import argparse
import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from customer_segmentation.errors import InputError

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
PINNED = re.compile(rf"^(?P<name>{NAME})(?:\[[^\]]*\])?==(?P<version>[^\s;]+)\s*(?:;\s*(?P<marker>.+))?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
REQUIRED = re.compile(rf"^({NAME})")
PROJECT = "pyproject.toml"


@dataclass(frozen=True)
class Locked:
    """A package of a lock file: its name, its version, where it is wanted, and the files that may be installed."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]

    @property
    def reference(self) -> str:
        """The package URL, which names it whatever the registry."""
        return f"pkg:pypi/{_normal(self.name)}@{self.version}"


def read_lock_file(path: Path) -> list[Locked]:
    """Read the packages of a lock file.

    Parameters
    ----------
    path : Path
        A requirements file in which every package is pinned and has hashes.

    Returns
    -------
    list of Locked
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read, or a line of it pins nothing: what is not pinned cannot be accounted for.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"The lock file '{path}' cannot be read: {error.strerror}. Run `make lock` to write it."
        ) from None
    found = []
    for number, line in _statements(text):
        requirement, *_ = line.split(" --hash=", 1)
        match = PINNED.match(requirement.strip())
        if match is None:
            raise InputError(
                f"'{path}', line {number}: found '{requirement.strip()[:60]}', expected a package that is pinned as "
                "name==version. Run `make lock` to write the file again."
            )
        hashes = tuple(sorted(HASH.findall(line)))
        found.append(Locked(match["name"], match["version"], match["marker"], hashes))
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Put lines together that a backslash continues; comments and empty lines are left out."""
    start, parts = 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        content = re.sub(r"(^|\s)#.*$", "", line).strip()
        if not parts:
            start = number
        if content:
            parts.append(content.removesuffix("\\").strip())
        if parts and not content.endswith("\\"):
            yield start, " ".join(parts)
            parts = []


def bill_of_materials(locked: list[Locked], project: dict[str, Any]) -> dict[str, Any]:
    """Make the bill of materials of a lock file.

    Parameters
    ----------
    locked : list of Locked
        Packages of the lock file.
    project : dict
        The table `project` of pyproject.toml.

    Returns
    -------
    dict
        A CycloneDX 1.6 document.
    """
    own = {
        "type": "application",
        "bom-ref": f"pkg:generic/{project['name']}@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    references = {_normal(package.name): package.reference for package in locked}
    installed = {package: _installed(package) for package in locked}
    dependencies = [
        {"ref": own["bom-ref"], "dependsOn": _known(project["dependencies"], references)},
        *(
            {"ref": package.reference, "dependsOn": _known(found.requires or [], references)}
            for package, found in installed.items()
            if found is not None
        ),
    ]
    components = [_component(package, found) for package, found in installed.items()]
    content = {"components": components, "dependencies": dependencies, "component": own}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # made from the content instead of drawn at random: the same packages are the same bill
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}",
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": dependencies,
    }


def _component(package: Locked, found: Distribution | None) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.reference,
        "name": package.name,
        "version": package.version,
        "purl": package.reference,
    }
    licence = None if found is None else _licence(found)
    if licence is not None:
        component["licenses"] = [licence]
    properties = [{"name": "lock:sha256", "value": digest} for digest in package.hashes]
    if package.marker:
        properties.append({"name": "lock:marker", "value": package.marker})
    if found is None:
        properties.append({"name": "lock:installed", "value": "not in the environment in which this bill was made"})
    if properties:
        component["properties"] = properties
    return component


def _licence(found: Distribution) -> dict[str, Any] | None:
    """Return the licence that a package states: an SPDX expression, or the words that it uses."""
    expression = found.metadata.get("License-Expression")
    if expression:
        return {"expression": expression}
    prefix = "License :: "
    named = [
        text.split(" :: ")[-1]
        for text in found.metadata.get_all("Classifier") or []
        if text.startswith(prefix) and text != "License :: OSI Approved"
    ]
    stated = (found.metadata.get("License") or "").strip()
    text = " or ".join(named) or (stated if stated and "\n" not in stated else "")
    return {"license": {"name": text}} if text else None


def _installed(package: Locked) -> Distribution | None:
    """Return the installed package if it is the version of the lock file."""
    try:
        found = distribution(package.name)
    except PackageNotFoundError:
        return None
    return found if found.version == package.version else None


def _known(requirements: list[str], references: dict[str, str]) -> list[str]:
    """Return the packages of the lock file that requirements name; optional ones that were not locked fall out."""
    names = {_normal(match[1]) for text in requirements if (match := REQUIRED.match(text)) and "extra ==" not in text}
    return sorted(references[name] for name in names if name in references)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str] | None = None) -> str | None:
    """Write the bill of materials of a lock file; return what went wrong, if anything did."""
    parser = argparse.ArgumentParser(description="Write the software bill of materials of a lock file.")
    parser.add_argument("lock_file", nargs="?", type=Path, default=Path("requirements.txt"))
    parser.add_argument("output", nargs="?", type=Path, default=Path("sbom.json"))
    options = parser.parse_args(arguments)
    lock_file, output = options.lock_file, options.output
    try:
        locked = read_lock_file(lock_file)
        project = tomllib.loads(Path(PROJECT).read_text(encoding="utf-8"))["project"]
        bill = bill_of_materials(locked, project)
        output.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    except InputError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename}: {error.strerror}. Run this at the root of the project, where you may write."
    unknown = sum("licenses" not in component for component in bill["components"])
    sys.stdout.write(f"{output}: {len(locked)} packages of {lock_file}, {unknown} without a stated licence\n")
    return None


if __name__ == "__main__":
    sys.exit(main())
