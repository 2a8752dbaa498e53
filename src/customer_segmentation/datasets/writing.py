"""Changes of a project that are shown first and then made together: all of them, or none."""

import contextlib
import difflib
import os
from collections.abc import Iterable
from pathlib import Path

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.formatting import counted
from customer_segmentation.temporary_files import temporary_name


class Changes:
    """What is to become of files of a project. The files themselves stay as they are until `make`.

    Parameters
    ----------
    root : Path
        Root of the project.
    package : Path or None
        Where this project lies as a package of that one; None if that one is this one.
    """

    def __init__(self, root: Path, package: Path | None = None):
        self.root = root
        self.package = package
        self._before: dict[str, bytes | None] = {}
        self._after: dict[str, bytes | None] = {}

    def content(self, path: str) -> bytes | None:
        """Return what a file will hold.

        Parameters
        ----------
        path : str
            Its path from the root of the project.

        Returns
        -------
        bytes or None
            None if there will be no such file.
        """
        if path not in self._before:
            file = self.root / path
            self._before[path] = self._after[path] = file.read_bytes() if file.is_file() else None
        return self._after[path]

    def text(self, path: str) -> str:
        """Return what a text file will hold, with its own line ends.

        Parameters
        ----------
        path : str
            Its path from the root of the project.

        Returns
        -------
        str

        Raises
        ------
        NotPossibleError
            If there is no such file, or it is not in UTF-8.
        """
        content = self.content(path)
        if content is None:
            raise NotPossibleError(f"{path} does not exist in {self.root}. Restore it, for example with git.")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise NotPossibleError(f"{path} is not in UTF-8. Save it in UTF-8, and run the command again.") from None

    def write(self, path: str, text: str) -> None:
        """Plan what a file is to hold.

        Parameters
        ----------
        path : str
            Its path from the root of the project.
        text : str
            All of it.
        """
        self.content(path)
        self._after[path] = text.encode("utf-8")

    def add(self, path: str, text: str) -> None:
        """Plan a file that must not exist.

        Parameters
        ----------
        path : str
            Its path from the root of the project.
        text : str
            All of it.

        Raises
        ------
        NotPossibleError
            If there is something at this place.
        """
        if self.content(path) is not None or (self.root / path).exists():
            raise NotPossibleError(
                f"{path} exists, and this command overwrites nothing. Move it, or choose another name."
            )
        self.write(path, text)

    def remove(self, path: str) -> None:
        """Plan that a file goes.

        Parameters
        ----------
        path : str
            Its path from the root of the project.
        """
        self.content(path)
        self._after[path] = None

    def changed(self) -> list[str]:
        """Return the paths of all files that will differ, in order."""
        return sorted(path for path, after in self._after.items() if after != self._before[path])

    def diff(self) -> str:
        """Return all changes as a unified diff; of a file that is removed, how many lines it had.

        Returns
        -------
        str
        """
        return "".join(line for path in self.changed() for line in self._file_diff(path))

    def _file_diff(self, path) -> Iterable[str]:
        before, after = self._before[path], self._after[path]
        try:
            old, new = ((content or b"").decode("utf-8").splitlines(keepends=True) for content in (before, after))
        except UnicodeDecodeError:
            return [f"--- a/{path}\n+++ /dev/null\n(not a text)\n"]
        if after is None:
            return [f"--- a/{path}\n+++ /dev/null\n({counted(len(old), 'line')} removed)\n"]
        lines = difflib.unified_diff(old, new, "/dev/null" if before is None else f"a/{path}", f"b/{path}")
        return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]

    def make(self) -> None:
        """Make all changes, or none of them.

        Every new content, and a copy of every old one, is written beside its place first. Only then the files take
        their places, and if one cannot, the old ones go back: that takes no room on the disk.

        Raises
        ------
        NotPossibleError
            If a file cannot be written, or changed since it was read. The project is as it was then.
        """
        paths = self.changed()
        written: dict[str, Path] = {}
        kept: dict[str, Path] = {}
        folders: list[Path] = []
        try:
            for path in paths:
                file, before, after = self.root / path, self._before[path], self._after[path]
                if after is not None:
                    _make_folder(file.parent, folders)
                    written[path] = _write_beside(file, after, "new")
                if before is not None:
                    kept[path] = _write_beside(file, before, "old")
            for path in paths:
                self._stop_if_changed(path)
                if path in written:
                    os.replace(written[path], self.root / path)
                else:
                    (self.root / path).unlink()
        except BaseException as error:
            self._undo(paths, kept, folders)
            if isinstance(error, OSError):
                raise NotPossibleError(
                    f"{error.filename or 'A file'} cannot be written: {error.strerror}. Nothing was changed. Check the "
                    "permissions and the space on the disk, and run the command again."
                ) from None
            raise
        finally:
            for beside in (*written.values(), *kept.values()):
                beside.unlink(missing_ok=True)
        for path in paths:
            if self._after[path] is None:
                _drop_empty_folders(self.root / path, self.root)

    def _stop_if_changed(self, path) -> None:
        if self._found(path) != self._before[path]:
            raise NotPossibleError(
                f"{path} changed while this command ran. Nothing was changed. Run the command again."
            )

    def _found(self, path) -> bytes | None:
        file = self.root / path
        return file.read_bytes() if file.is_file() else None

    def _undo(self, paths, kept, folders) -> None:
        for path in paths:
            # what another program wrote in the meantime is not touched
            if self._found(path) == self._after[path] != self._before[path]:
                if path in kept:
                    os.replace(kept[path], self.root / path)
                else:
                    (self.root / path).unlink()
        for folder in reversed(folders):
            for beside in folder.glob(".*.tmp"):
                beside.unlink()
            with contextlib.suppress(OSError):
                folder.rmdir()


def _make_folder(folder, made) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _write_beside(file: Path, content: bytes, what: str) -> Path:
    beside = temporary_name(file.with_name(f"{file.name}.{what}"))
    try:
        beside.write_bytes(content)
        if file.exists():
            beside.chmod(file.stat().st_mode)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _drop_empty_folders(file: Path, root: Path) -> None:
    for folder in file.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:
            return
