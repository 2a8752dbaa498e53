"""Record in the durable history what this build found: history.store.record. The last node of the build."""

import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from customer_segmentation.history.store import RecordedFile, record
from customer_segmentation.progress import note
from customer_segmentation.warehouse.frames import typed_relation

RECORDED_DAYS = {"dataset": "varchar", "day": "date", "table_name": "varchar", "rows": "bigint", "bytes": "bigint"}


def model(dbt, session):
    tables = dbt.ref("tables_to_record").fetchall()
    days = dbt.ref("build_days").df()
    dbt.ref("published_tables")  # nothing is recorded that could not be published
    settings = dbt.config.get("meta")
    written = []
    if dbt.is_empty:
        note("an empty build records nothing; the history is unchanged")
    elif settings["folder"]:
        written = record(
            Path(settings["folder"]),
            {name: session.table(relation) for name, relation, _ in tables},
            {row.dataset: row.day.date() for row in days.itertuples()},
            {row.dataset: None if pd.isna(row.previous_day) else row.previous_day.date() for row in days.itertuples()},
            {name: json.loads(columns) for name, _, columns in tables},
            int(settings["months"] or 0) or None,
        )
    frame = pd.DataFrame([asdict(one) for one in written], columns=list(RecordedFile.__dataclass_fields__))
    return typed_relation(session, frame[list(RECORDED_DAYS)], RECORDED_DAYS)
