"""The engine that computes heavy models: Spark, or one that speaks its language, as SEGMENTATION_SPARK says."""

import os
import re
import socket
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from customer_segmentation.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

VARIABLE = "SEGMENTATION_SPARK"
SECONDS_TO_ANSWER = 10
FORMS = (
    "Set it to sc://host:port (Spark Connect), local[2] (Spark in this process, which needs Java 17), or sail "
    "(an engine in this process, for trials)"
)
INSTALL = (
    "Run pip install 'warehouse-segmentation[spark]', in a clone of the project pip install --editable '.[spark]'."
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
        If `SEGMENTATION_SPARK` names no engine, what it needs is not installed, or the server does not answer.
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
    for name, value in SETTINGS.items():
        found.conf.set(name, value)
    return found


def _sail() -> "SparkSession":
    global _server
    os.environ.setdefault("RUST_LOG", "error")
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
    shown = address.partition(";")[0]  # what follows may be a token
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError(f"{VARIABLE} is {shown}, and the client of Spark is not installed. {INSTALL}") from None
    place = urlsplit(address)
    try:
        # the client itself would wait without end
        with socket.create_connection((place.hostname or "", place.port or 15002), SECONDS_TO_ANSWER):
            pass
    except (OSError, ValueError) as error:
        raise InputError(
            f"No Spark Connect server answers at {shown} within {SECONDS_TO_ANSWER} seconds ({error}). Start it, or "
            f"correct {VARIABLE}."
        ) from None
    return SparkSession.builder.remote(address).getOrCreate()


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
