"""List the files of the durable history: history.store.recorded_files."""

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from customer_segmentation.history.store import recorded_files
from customer_segmentation.warehouse.frames import typed_relation

RECORDED_FILES = {
    "dataset": "varchar",
    "day": "date",
    "table_name": "varchar",
    "path": "varchar",
    "rows": "bigint",
    "content": "varchar",
}


def model(dbt, session):
    folder = dbt.config.get("meta")["folder"]
    found = recorded_files(Path(folder)) if folder else []
    files = [asdict(one) | {"path": str(Path(folder) / one.file)} for one in found]
    return typed_relation(session, pd.DataFrame(files, columns=list(RECORDED_FILES)), RECORDED_FILES)
