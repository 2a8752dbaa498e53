"""Publish the public tables: publication.publishing.publish. The last node of the build."""

import json
from datetime import UTC, datetime

import pandas as pd

from customer_segmentation.language import language_of
from customer_segmentation.progress import note, set_step
from customer_segmentation.publication.large_tables import large_tables
from customer_segmentation.publication.movement import movement_of_defaults
from customer_segmentation.publication.publishing import ACCOUNT, PUBLISHED_TABLES, publish
from customer_segmentation.quality.suites import stop_on_critical_failures
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    tables = dbt.ref("tables_to_publish").order("position").fetchall()
    relations = {name: session.table(relation) for _, name, relation, *_ in tables}
    keys = {name: json.loads(columns) for _, name, _, _, columns, *_ in tables}
    # Not published, but nothing is published unless they could be made.
    dbt.ref("days")
    dbt.ref("segmented_customers")
    dbt.ref("checked_expectations")
    settings = dbt.config.get("meta")
    language_of(settings["locale"])  # one that is not known stops before anything is replaced
    if dbt.is_empty:
        note("an empty build publishes nothing; what was published before is unchanged")
        return typed_relation(session, pd.DataFrame(columns=list(PUBLISHED_TABLES)), PUBLISHED_TABLES)
    stop_on_critical_failures(
        relations["data_quality_results"].df()
    )  # `dbt run` skips the tests that would have stopped
    if not settings["folder"]:  # inside another dbt project that does not want it
        return typed_relation(session, pd.DataFrame(columns=list(PUBLISHED_TABLES)), PUBLISHED_TABLES)
    macros = relations["scoring_macros"].project("macro_name, definition").order("macro_name").fetchall()
    # of other engines no table is too large to be copied: their rows are in the warehouse of this machine already
    places = {name: (schema, name) for _, name, _, schema, *_ in tables} if settings["on_spark"] else {}
    published = publish(
        session,
        relations,
        settings["folder"],
        schemas={name: schema for _, name, _, schema, *_ in tables},
        keys=keys,
        groups={name: group for _, name, *_, group, _ in tables} | {ACCOUNT: settings["table_group"]},
        start_here={name for _, name, *_, is_start_here in tables if is_start_here} | {ACCOUNT},
        macros=macros,
        large=large_tables(session, places, settings["most_rows"]),
        locale=settings["locale"],
        published_at=datetime.now(UTC).replace(tzinfo=None),
        now=set_step,
    )
    for sentence in movement_of_defaults(session, relations):
        note(sentence)
    return typed_relation(session, published, PUBLISHED_TABLES)
