"""Heavy models on Spark: the engine, its language, and the tables it writes. Needs what the extra `spark` installs."""

from importlib.util import find_spec

from customer_segmentation.errors import InputError

INSTALL = (
    "Run pip install 'warehouse-segmentation[spark]', in a clone of the project pip install --editable '.[spark]'."
)

if not (find_spec("pyspark") and find_spec("sqlglot")):
    raise InputError(f"What the target spark needs is not installed. {INSTALL}")
