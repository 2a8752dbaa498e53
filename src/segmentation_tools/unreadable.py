"""The one error of everything that reads input files."""


class UnreadableError(Exception):
    """Carry the sentence that says why a file cannot be read."""
