"""Run the Great Expectations suites of the folder quality/: quality.suites.run_suites."""

from customer_segmentation.progress import set_step
from customer_segmentation.quality.suites import DATA_QUALITY_RESULTS, asked_suites, load_suites, run_suites
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    tables = dbt.ref("tables_to_check").fetchall()
    relations = {name: session.table(relation) for name, relation, _ in tables}
    folders = sorted({folder for *_, folder in tables})
    columns = dbt.ref("input_columns").filter("column_found is not null and read_as is not null")
    found = {f"{row[0]}.{row[1]}" for row in columns.project("input, read_as").fetchall()}
    results = run_suites(asked_suites(load_suites(*folders), found), relations, settings["rows"], set_step)
    return typed_relation(session, results, DATA_QUALITY_RESULTS)
