import hashlib
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import openpyxl
import pytest

from customer_segmentation.clustering.kmeans import fit_best
from customer_segmentation.clustering.scaling import fit_scaler
from customer_segmentation.clustering.silhouette import mean_silhouette
from customer_segmentation.errors import InputError
from customer_segmentation.examples.sales_spreadsheet import HEADER, write_sales_spreadsheet
from helpers.projects import ROOT

# sha256 over the repr of all cell values: changes with any cell, not with the versions of Python and openpyxl
FINGERPRINT = "cf48eb2b600a79472ae1931d215261a40bc77d5291d7deb4a038bd14da1d9962"
BLANK = 1  # the blank row lacks a value in every column


def cells(path) -> list[tuple]:
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["customers"]
    return list(workbook["customers"].iter_rows(values_only=True))


@pytest.fixture(scope="module")
def spreadsheet(tmp_path_factory):
    path = tmp_path_factory.mktemp("sales") / "new folder" / "sales_customers.xlsx"
    write_sales_spreadsheet(path)
    return path


@pytest.fixture(scope="module")
def columns(spreadsheet) -> dict[str, list]:
    header, *rows = cells(spreadsheet)
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def is_usable(row) -> bool:
    """Say whether a row can be used as it stands: no dirt, not even harmless dirt."""
    _, _, age, income, score, _, frequency, day = row
    numbers = [age, income, score, frequency]
    return (
        all(isinstance(number, int | float) for number in numbers)
        and 18 <= age <= 110
        and income >= 0
        and 1 <= score <= 100
        and frequency >= 0
        and isinstance(day, datetime)
        and 1990 <= day.year <= 2030
    )


def test_every_run_writes_the_same_bytes(spreadsheet, tmp_path):
    command = [sys.executable, "-m", "customer_segmentation.examples.sales_spreadsheet", tmp_path / "again.xlsx"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert (tmp_path / "again.xlsx").read_bytes() == spreadsheet.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["again.xlsx"]


def test_the_cells_are_the_ones_the_documents_describe(spreadsheet):
    assert hashlib.sha256(repr(cells(spreadsheet)).encode()).hexdigest() == FINGERPRINT


def test_it_says_that_it_is_synthetic(spreadsheet):
    properties = openpyxl.load_workbook(spreadsheet).properties
    assert properties.title == "Synthetic sales customers"
    assert "none of these customers exists" in properties.description
    assert properties.created == properties.modified == datetime(2025, 1, 2)


def test_a_thousand_customers_a_blank_row_and_what_came_twice(spreadsheet):
    header, *rows = cells(spreadsheet)
    assert list(header) == HEADER
    assert rows[503] == (None,) * 8
    ids = Counter(row[0].strip() for row in rows if row[0] is not None)
    assert (len(rows), len(ids), sorted(ids.values())[-17:]) == (1018, 1000, [2] * 17)
    assert Counter(Counter(rows).values()) == {1: 1006, 2: 6}
    twice = [[row for row in rows if row[0] == customer] for customer, count in ids.items() if count == 2]
    both_usable = [pair for pair in twice if is_usable(pair[0]) and is_usable(pair[1])]
    assert len(both_usable) == 9
    assert sum(first != second for first, second in both_usable) == 3
    assert all(is_usable(first) or is_usable(second) for first, second in twice)


@pytest.mark.parametrize(
    ("column", "dirt", "count"),
    [
        ("Customer ID", lambda value: isinstance(value, str) and value != value.strip(), 5),
        ("Gender", lambda value: value is None, 3 + BLANK),
        ("Gender", lambda value: value == "FEMALE", 2),
        ("Gender", lambda value: value in ("female ", "male "), 2),
        ("Gender", lambda value: value == "M", 2),
        ("Gender", lambda value: value == "m", 2),
        ("Product Category", lambda value: value is None, 3 + BLANK),
        ("Product Category", lambda value: isinstance(value, str) and (value.isupper() or value.islower()), 4),
        ("Product Category", lambda value: isinstance(value, str) and value != value.strip(), 2),
        ("Age", lambda value: value is None, 2 + BLANK),
        ("Age", lambda value: value in (0, 203), 2),
        ("Age", lambda value: isinstance(value, str) and value.strip().isdigit(), 3),
        ("Age", lambda value: value == "unknown", 1),
        ("Annual Income (k$)", lambda value: value is None, 2 + BLANK),
        ("Annual Income (k$)", lambda value: value == -5, 1),
        ("Annual Income (k$)", lambda value: isinstance(value, str) and "," in value, 3),
        ("Annual Income (k$)", lambda value: value == "n/a", 1),
        ("Spending Score (1-100)", lambda value: value is None, 1 + BLANK),
        ("Spending Score (1-100)", lambda value: value == 140, 1),
        ("Spending Score (1-100)", lambda value: isinstance(value, str) and value.strip().isdigit(), 3),
        ("Spending Score (1-100)", lambda value: value == "n/a", 1),
        ("Purchase Frequency", lambda value: value is None, 2 + BLANK),
        ("Purchase Frequency", lambda value: value == -1, 1),
        ("Purchase Frequency", lambda value: isinstance(value, str), 1),
        ("Last Purchase Date", lambda value: value is None, 2 + BLANK),
        ("Last Purchase Date", lambda value: isinstance(value, str) and value[4:5] == "-", 4),
        ("Last Purchase Date", lambda value: isinstance(value, str) and value[2:3] == ".", 4),
        ("Last Purchase Date", lambda value: isinstance(value, int), 4),
        ("Last Purchase Date", lambda value: value == "soon", 1),
        ("Last Purchase Date", lambda value: value in (datetime(1900, 1, 1), datetime(2099, 12, 31)), 2),
    ],
)
def test_each_kind_of_dirt_is_there(columns, column, dirt, count):
    assert sum(bool(dirt(value)) for value in columns[column]) == count


def test_what_is_clean_is_consistent(spreadsheet):
    usable = [row for row in cells(spreadsheet)[1:] if is_usable(row)]
    last_day = datetime(2024, 12, 31)
    assert max(row[-1] for row in usable) == last_day
    # who has not bought for a year has not bought within the last twelve months, and the reverse
    assert all((row[-2] == 0) == (row[-1] < last_day - timedelta(days=365)) for row in usable)


def test_the_planted_groups_are_found(spreadsheet):
    usable = {row[0]: row for row in cells(spreadsheet)[1:] if is_usable(row)}.values()
    recency = [(datetime(2024, 12, 31) - row[-1]).days for row in usable]
    points = np.array([[*row[2:5], row[6]] for row in usable], dtype=float)
    points = np.column_stack([points[:, :3], np.log1p(points[:, 3]), np.log1p(recency)])
    center, scale = fit_scaler(points, "standard", np.ones(5))
    scaled = (points - center) / scale
    fits = {k: fit_best(scaled, k, starts=5, seed=0) for k in range(2, 8)}
    silhouettes = {k: mean_silhouette(scaled, fit.labels) for k, fit in fits.items()}
    assert max(silhouettes, key=silhouettes.get) == 5
    assert 0.3 < silhouettes[5] < 0.45  # there, but not handed over on a plate
    age, income, score, frequency, recency = (fits[5].centers * scale + center).T
    assert age == pytest.approx([25, 38, 47, 48, 62], abs=2)
    assert income == pytest.approx([53, 93, 31, 61, 55], abs=3)
    assert score == pytest.approx([23, 77, 49, 70, 39], abs=2)
    assert np.expm1(frequency) == pytest.approx([4.6, 9, 9.4, 28, 1.6], abs=1)
    assert np.expm1(recency) == pytest.approx([20, 30, 37, 5, 243], rel=0.1)


def test_importing_it_does_not_import_openpyxl(tmp_path):
    # every dbt command loads the plugin that imports it
    code = "import sys, customer_segmentation.examples.sales_spreadsheet; sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "folder").write_text("in the way")
    with pytest.raises(InputError, match=r"folder/sales\.xlsx' cannot be written: .*PATH\."):
        write_sales_spreadsheet(tmp_path / "folder" / "sales.xlsx")
    command = [
        sys.executable,
        "-m",
        "customer_segmentation.examples.sales_spreadsheet",
        tmp_path / "folder" / "sales.xlsx",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "cannot be written" in run.stderr
