"""The engine that computes heavy models: Spark, or one that speaks its language, as SEGMENTATION_SPARK says."""

import os
import re
import socket
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from customer_segmentation.errors import InputError
from customer_segmentation.spark import INSTALL

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

VARIABLE = "SEGMENTATION_SPARK"
SECONDS_TO_ANSWER = 10
OLDEST = 4  # earlier releases lack functions that queries are translated to
FORMS = (
    "Set it to sc://host:port (Spark Connect), local[2] (Spark in this process, which needs Java 17), or sail "
    "(an engine in this process, for trials)"
)
INSTALL_LOCAL = INSTALL.replace("[spark]", "[spark-local]")
SETTINGS = {
    # the day of a time with zone must not depend on the machine
    "spark.sql.session.timeZone": "UTC",
    # what cannot be read as a number or a date is missing, as in DuckDB, and not the end of the build
    "spark.sql.ansi.enabled": "false",
    # the default is a type that other readers of Parquet do not know
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
LOCAL_SETTINGS = {
    # plans of wide models fill the gigabyte that is the default
    "spark.driver.memory": "4g",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}

LONGEST_REASON = 500  # characters of what Spark says
# The client would try for ten minutes: after 0.05, 0.2, 0.8 and 3.2 seconds, then twice after 4.
RETRIES: dict[str, Any] = {"max_retries": 6, "initial_backoff": 50, "backoff_multiplier": 4, "max_backoff": 4000}

_server: Any = None  # an engine in this process ends when nothing refers to it


@cache
def session() -> "SparkSession":
    """Return the session of this process, opened when it is first asked for.

    Returns
    -------
    SparkSession

    Raises
    ------
    InputError
        If `SEGMENTATION_SPARK` names no engine, what it needs is not installed, or the server does not answer or is too
        old.
    """
    # no table goes through pandas
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    engine = os.environ.get(VARIABLE, "")
    if not engine:
        raise InputError(f"The target spark does not know which engine to use: {VARIABLE} is not set. {FORMS}.")
    if engine == "sail":
        found = _sail()
    elif engine.startswith("sc://"):
        found = _remote(engine)
    elif re.fullmatch(r"local(\[(\d+|\*)\])?", engine):
        found = _local(engine)
    else:
        raise InputError(f"{VARIABLE} is '{engine}', which is no engine. {FORMS}.")
    if int(found.version.partition(".")[0]) < OLDEST:
        raise InputError(
            f"{VARIABLE} is {_shown(engine)}, which is Spark {found.version}. Expected {OLDEST}.0 or later: name "
            "such a server."
        )
    for name, value in SETTINGS.items():
        found.conf.set(name, value)
    return found


@cache
def counts_while_writing() -> bool:
    """Return whether the engine says how many rows it wrote; Sail does not."""
    from pyspark.sql import Observation
    from pyspark.sql.functions import count, lit

    observed = Observation()
    try:
        session().range(1).observe(observed, count(lit(1)).alias("rows")).collect()
        return observed.get == {"rows": 1}
    except Exception as error:
        if not plain_reason(error):
            raise
        return False


def plain_reason(error: Exception) -> str:
    """Return why Spark refuses a query, in one line; nothing for errors of another kind.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If the server has stopped.
    """
    if not type(error).__module__.startswith(("pyspark", "py4j")):
        return ""
    if "StatusCode.UNAVAILABLE" in str(error):
        raise InputError(
            f"The Spark Connect server at {_shown(os.environ[VARIABLE])} no longer answers. Tables that were "
            "finished stay, as does what was published. Start the server, and repeat the build."
        ) from None
    lines = [line.strip() for line in str(error).splitlines() if not line.lstrip().startswith(("at ", "..."))]
    # of what Java says, the last cause is the one to act on
    *_, cause = ["", *(line for line in lines if line.startswith("Caused by:"))]
    said = " ".join(line for line in lines if not line.startswith("Caused by:"))
    return f"{said[:LONGEST_REASON]} {cause[:LONGEST_REASON]}".strip()


def _shown(address: str) -> str:
    return address.partition(";")[0]  # what follows may be a token


def _sail() -> "SparkSession":
    global _server
    os.environ.setdefault("RUST_LOG", "error")
    if os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"):
        os.environ.setdefault("AWS_ALLOW_HTTP", "true")  # s3fs, which reads the same address, does not ask
    try:
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(f"{VARIABLE} is sail, which is not installed. {INSTALL}") from None
    if _server is None:
        _server = SparkConnectServer("127.0.0.1", 0)
        _server.start(background=True)
    _, port = _server.listening_address
    return SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()


def _remote(address: str) -> "SparkSession":
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(
            f"{VARIABLE} is {_shown(address)}, and the client of Spark is not installed. {INSTALL}"
        ) from None
    place = urlsplit(address)
    try:
        # the client itself would wait without end
        with socket.create_connection((place.hostname or "", place.port or 15002), SECONDS_TO_ANSWER):
            pass
    except (OSError, ValueError) as error:
        raise InputError(
            f"No Spark Connect server answers at {_shown(address)} within {SECONDS_TO_ANSWER} seconds ({error}). Start "
            f"it, or correct {VARIABLE}."
        ) from None
    found = SparkSession.builder.remote(address).getOrCreate()
    from pyspark.sql.connect.client.retries import DefaultPolicy

    found.client.set_retry_policies([DefaultPolicy(**RETRIES)])
    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # the error says so too
    return found


def _local(master: str) -> "SparkSession":
    try:
        from pyspark.core.context import SparkContext  # noqa: F401 the client alone does not have it
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(f"{VARIABLE} is {master}, and Spark is not installed. {INSTALL_LOCAL}") from None
    builder = SparkSession.builder.master(master)
    for name, value in LOCAL_SETTINGS.items():
        builder = builder.config(name, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found
