"""Start the dashboard, or say plainly why it cannot be started: `python dashboard/start.py [port]`."""

import socket
import sys
from pathlib import Path

from streamlit.web import cli

from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import published_path
from customer_segmentation.publication.tables import Publication

PORT = 8501
HOST = "localhost"


def main(arguments: list[str]) -> None:
    """Start the dashboard on a port of this machine and serve it until it is stopped.

    Parameters
    ----------
    arguments : list of str
        The port, or nothing.
    """
    problem = _problem(arguments)
    if problem:
        sys.exit(problem)
    port = arguments[0] if arguments else str(PORT)
    # In this process, which has read the publication already: the first reader does not wait for the libraries.
    cli.main(
        ["run", str(Path(__file__).with_name("app.py")), "--server.port", port, "--server.address", HOST],
        prog_name="streamlit",
    )


def _problem(arguments) -> str | None:
    given = arguments[0] if arguments else str(PORT)
    if len(arguments) > 1 or not given.isdecimal() or not 1024 <= int(given) <= 65535:
        return f"Expected one port between 1024 and 65535, found {' '.join(arguments)!r}. Example: {PORT}"
    if not _is_free(int(given)):
        return (
            f"Port {given} is in use, perhaps by a running dashboard: open http://{HOST}:{given}. "
            "Otherwise stop what uses it, or name another port."
        )
    try:
        with Publication(published_path()):
            return None
    except NotPossibleError as error:
        return str(error)


def _is_free(port) -> bool:
    for family, _, _, _, address in socket.getaddrinfo(HOST, port, type=socket.SOCK_STREAM):
        with socket.socket(family, socket.SOCK_STREAM) as test:
            test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                test.bind(address)
            except OSError:
                return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
