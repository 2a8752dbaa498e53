"""Old days go, and what later builds read of them stays."""

import random
import re
from datetime import date

import duckdb
import jinja2
import pytest

from customer_segmentation.history.retention import CONDENSED, WHOLE, months_before
from customer_segmentation.history.store import forget, record, recorded_files
from helpers.macro_files import macro_source
from helpers.projects import ROOT

DAYS = [date(2023, month, 28) for month in range(1, 13)] + [date(2024, 1, 28), date(2024, 2, 28)]
MONTHS = 3
FIRST_DAY = date(2023, 11, 28)  # of the last of DAYS
KEYS = {
    "segment_events": ["segmentation", "customer_id"],
    "segment_states": ["segmentation", "segment_id"],
    "segment_successions": ["segmentation"],
    "model_clusters": ["segmentation", "model_version"],
}
EVENTS = (
    "dataset varchar, day date, segmentation varchar, customer_id varchar, event varchar, segment_id integer, persona "
    "varchar, segment_since date, previous_persona varchar, changed_on date, rfm_group varchar, monetary_value double, "
    "from_segment_id integer, from_monetary_value double"
)
STATES = (
    "dataset varchar, day date, segmentation varchar, segment_id integer, cluster_id integer, persona_id varchar, persona "
    "varchar, claims varchar, colour varchar, model_version varchar, customers bigint, money double"
)


def invented_days():
    """Yield the rows that each day adds: customers come, move and go; a segmentation pauses; a number is given up."""
    draw = random.Random(7)
    states: dict[tuple, tuple] = {}
    for place, day in enumerate(DAYS):
        events, segments = [], []
        for segmentation in ("a", "b"):
            if segmentation == "b" and 4 <= place < 13:
                continue
            numbers = [1, 2, 3] if place % 5 else [1, 2, 9]
            for number in range(40):
                key = (segmentation, f"c{number}")
                before = states.get(key)
                kind = draw.choice(["new", "moved", "gone", "rfm group", "", ""])
                if not kind or (before is None) != (kind == "new"):
                    continue
                segment = None if kind == "gone" else draw.choice(numbers)
                since = before[1] if before and kind == "rfm group" else day
                previous, changed = (before[2], before[3]) if before and kind == "rfm group" else (None, None)
                if kind == "moved":
                    previous, changed = f"p{before[0]}", day
                if kind == "rfm group":
                    segment = before[0]
                states[key] = (segment, since, previous, changed)
                if kind == "gone":
                    del states[key]
                events.append((
                    "shop", day, *key, kind, segment, None if segment is None else f"p{segment}", since, previous, changed,
                    "A", draw.random(), before[0] if before else None, 1.0,
                ))  # fmt: skip
            segments += [
                ("shop", day, segmentation, number, number, f"p{number}", f"p{number}", "", "", "v1", 5, 1.0)
                for number in numbers
            ]
        yield day, events, segments


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same days, recorded for good and for three months."""
    everything, recent = (tmp_path_factory.mktemp(name) for name in ("everything", "recent"))
    before = None
    for day, events, segments in invented_days():
        with duckdb.connect() as session:
            session.execute(f"create table events ({EVENTS}); create table states ({STATES})")
            session.executemany(f"insert into events values ({', '.join('?' * 14)})", events)
            session.executemany(f"insert into states values ({', '.join('?' * 12)})", segments)
            one = f"select 'shop' as dataset, date '{day}' as day, 'a' as segmentation"
            tables = {
                "segment_events": session.table("events"),
                "segment_states": session.table("states"),
                "segment_successions": session.sql(one),
                "model_clusters": session.sql(f"{one}, 'v' || '{day}' as model_version"),
            }
            for folder, months in ((everything, None), (recent, MONTHS)):
                for _ in range(2):  # a day that is built again changes nothing
                    record(folder, tables, {"shop": day}, {"shop": before}, KEYS, months)
        before = day
    return everything, recent


def read(folder, table, where="true"):
    files = [str(folder / one.file) for one in recorded_files(folder) if one.table_name == table]
    return duckdb.sql(f"from read_parquet({files}, union_by_name = true) where {where} order by all").fetchall()


def as_a_build_reads(folder, model, day):
    """Run a model of the layer `recorded` on the files of the days before one."""
    source = (ROOT / f"models/recorded/{model}.sql").read_text(encoding="utf-8")
    files = {
        table: [
            str(folder / one.file) for one in recorded_files(folder) if one.table_name == table and one.day < str(day)
        ]
        for table in KEYS
    }
    rendered = (
        jinja2.Environment()
        .from_string(source)
        .render(recorded_rows=lambda table: f"select * from read_parquet({files[table]}, union_by_name = true)")
    )
    return duckdb.sql(f"from ({rendered}) order by all").fetchall()


@pytest.mark.parametrize("day", [DAYS[-1], date(2024, 3, 28)])
@pytest.mark.parametrize("model", ["recorded_segments", "recorded_clusters"])
def test_the_next_build_reads_the_same(folders, model, day):
    everything, recent = (as_a_build_reads(folder, model, day) for folder in folders)
    assert recent == everything
    assert len(recent) > 5


def test_the_days_that_are_kept_are_whole(folders):
    for table in KEYS:
        everything, recent = (read(folder, table, f"day >= date '{FIRST_DAY}'") for folder in folders)
        assert recent == everything


def test_old_days_are_gone_but_for_states_and_models(folders):
    _, recent = folders
    old = [one for one in recorded_files(recent) if one.day < str(FIRST_DAY)]
    assert [one.table_name for one in old if one.table_name not in WHOLE] == ["segment_events", "segment_states"]
    assert {path.relative_to(recent).as_posix() for path in recent.rglob("*.parquet")} == {
        one.file for one in recorded_files(recent)
    }
    events = read(recent, "segment_events", f"day < date '{FIRST_DAY}'")
    assert {(event[4], event[12], event[13]) for event in events} == {("kept", None, None)}
    assert len(events) == len({event[2:4] for event in events}) < 80
    assert len(read(recent, "model_clusters")) == len(DAYS)


def test_a_number_that_was_given_up_is_not_given_again(folders):
    """The highest number is that of an old day; its row counts no customers, so that no day seems to have it alone."""
    _, recent = folders
    marks = read(recent, "segment_states", "customers is null")
    assert [(mark[2], mark[3], mark[-1]) for mark in marks] == [("b", 9, None)]
    assert "states.customers is not null" in (ROOT / "models/marts/movement/segment_sizes.sql").read_text()


def test_every_recorded_table_has_its_rule():
    names = re.findall(r"'(\w+)'", macro_source("recorded_tables"))
    assert sorted([*CONDENSED, *WHOLE]) == sorted(names)


def test_the_last_assignment_of_an_experiment_is_kept(tmp_path):
    """The enrolments of an experiment are recorded until it starts; those of the last day say who got the campaign."""
    days, before = [date(2023, 1, 31), date(2023, 2, 28), date(2024, 1, 31)], None
    for place, day in enumerate(days):
        with duckdb.connect() as session:
            # planned in January and February, started before the last day
            enrolments = session.sql(
                f"select 'shop' as dataset, date '{day}' as day, 'spring' as experiment, unnest(['1', '2']) as customer_id, "
                f"{place} as draw where {place} < 2"
            )
            keys = {"experiment_enrolments": ["experiment", "customer_id"]}
            record(tmp_path, {"experiment_enrolments": enrolments}, {"shop": day}, {"shop": before}, keys, MONTHS)
        before = day if place < 2 else before
    assert [row[1:] for row in read(tmp_path, "experiment_enrolments")] == [
        (days[1], "spring", "1", 1),
        (days[1], "spring", "2", 1),
    ]
    assert list(forget(tmp_path, ["2"]).values()) == [1]
    assert [row[3] for row in read(tmp_path, "experiment_enrolments")] == ["1"]


def test_without_the_var_nothing_is_dropped(folders):
    everything, _ = folders
    assert {one.day for one in recorded_files(everything)} == {str(day) for day in DAYS}


def test_months_end_with_the_shorter_month():
    assert months_before(date(2024, 5, 31), 3) == date(2024, 2, 29)
    assert months_before(date(2024, 5, 31), 60) == date(2019, 5, 31)
