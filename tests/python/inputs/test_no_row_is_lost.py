"""Invented files go through the reader and through `segmentation predict --file`: every record comes out again.

By hand with more of them: HYPOTHESIS_EXAMPLES=3000 pytest tests/python/inputs/test_no_row_is_lost.py
"""

import csv
import itertools
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings

from customer_segmentation.inputs.files import inspect_input
from customer_segmentation.publication.database import open_published
from customer_segmentation.scoring.score_file import score_file
from helpers.invented_files import InventedFile, invented_files

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "300"))
CHECKS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,  # the same files in every run: so a new failure comes from a change
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.slow
@CHECKS
@given(file=invented_files())
def test_every_record_is_read_or_said_to_be_broken(file: InventedFile):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        path.write_bytes(file.content)
        answer = json.loads(inspect_input(str(path), f"{folder}/prepared"))
        assert "files" in answer, answer
        (found,) = answer["files"]
        with duckdb.connect() as database:
            rows = database.execute(f"select * from {found['reader']}").fetchall()
    assert found["columns"] == file.columns
    broken = [row for row in rows if found["has_broken_lines"] and row[-2] is not None]
    good = [tuple(value or "" for value in row[: len(file.columns)]) for row in rows if row not in broken]
    assert found["record_count"] == len(rows) == len(file.records)
    for number, record in enumerate(file.records):
        if number not in file.spoilt:
            assert tuple(record) in good
    assert len(broken) <= len(file.spoilt)


@pytest.fixture(scope="module")
def database(built):
    with open_published(built.published / "marts.duckdb") as opened:
        yield opened


def in_groups(files: list[InventedFile]) -> Iterator[list[InventedFile]]:
    """Give the files to score at once, alone or up to twenty: each call asks for much that does not depend on its rows."""
    following, sizes = iter(files), itertools.cycle((1, 3, 6, 10, 20))
    while group := list(itertools.islice(following, next(sizes))):
        yield group


def test_every_record_is_scored_or_said_to_be_broken(database, tmp_path):
    files: list[InventedFile] = []
    CHECKS(given(file=invented_files())(lambda file: files.append(file)))()
    assert len(files) >= EXAMPLES
    for number, group in enumerate(in_groups(files)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for place, file in enumerate(group):
            (folder / f"customers_{place:02}.csv").write_bytes(file.content)
        scored = score_file(database, "mall", f"{folder}/customers_*.csv", f"{folder}/scored.csv")
        with open(scored.output, encoding="utf-8", newline="") as output:
            rows = list(csv.DictReader(output))
        (account,) = scored.accounts
        assert account.read == len(rows) == sum(len(file.records) for file in group)
        assert account.scored + sum(account.reasons.values()) == len(rows)
        following = iter(rows)
        for file in group:
            own = itertools.islice(following, len(file.records))
            segments = {row["id"]: row["cluster_id"] for row in own if not row["problem"]}
            for place, record in enumerate(file.records):
                if place not in file.spoilt:
                    assert segments[record[file.columns.index("id")]], folder
