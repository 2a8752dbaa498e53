"""Errors that a user can act on."""


class InputError(Exception):
    """Report a mistake in the input or in the judgement seeds in plain words.

    dbt-duckdb prints the traceback of whatever a Python model raises. It is of no use to a user who made a mistake in a
    seed, so this error shows none: only its message is printed.
    """

    __module__ = "builtins"  # printed as "InputError: ...", without the path of this module
    # context managers set it to what it was
    __traceback__ = property(lambda self: None, lambda self, traceback: None)


class NotPossibleError(Exception):
    """Say in plain words why something cannot be done, and the way out."""


class UsageError(NotPossibleError):
    """Say what a command lacks to know what is wanted."""


class UnreadableError(Exception):
    """Carry the sentence that says why an input file cannot be read."""
