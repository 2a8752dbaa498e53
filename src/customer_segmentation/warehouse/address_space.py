"""The limit on the address space of a process (`ulimit -v`), which libraries meet without a word that explains it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Address space that dbt, DuckDB, numpy and their threads reserve before the first model is built.
LEAST_ADDRESS_SPACE = 2_500_000_000


def address_space() -> int | None:
    """Return how many bytes of address space this process may have, or None where that is not limited."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


@contextmanager
def limited_address_space(more: int) -> Iterator[None]:
    """Keep this process from taking much more memory for as long as the block lasts; what asks for more gets an error.

    Only Linux counts what a process has; elsewhere nothing is limited.

    Parameters
    ----------
    more : int
        How many bytes beyond those that it has already.
    """
    pages = Path("/proc/self/statm")
    if not pages.is_file():
        yield
        return
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = int(pages.read_text().split()[0]) * resource.getpagesize() + more
    if before != resource.RLIM_INFINITY:
        most = min(most, before)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def address_space_problem() -> str | None:
    """Say that a limit on the address space is too low for any build; libraries end without a word when they meet it.

    Returns
    -------
    str or None
        What was found, what was expected and the way out; None if a build can start.
    """
    limit = address_space()
    if limit is None or limit >= LEAST_ADDRESS_SPACE:
        return None
    return (
        f"This process may have {limit / 1e9:.1f} GB of address space (`ulimit -v`), and a build reserves at least "
        f"{LEAST_ADDRESS_SPACE / 1e9:.1f} GB, most of which it never uses. Run `ulimit -v unlimited`, and limit what "
        "it uses by the vars memory_limit and database_threads."
    )
