"""What leaves as a file: no spreadsheet runs what is in it, and only its owner can read it."""

import csv
import os
import stat

import duckdb
import pytest

from customer_segmentation.cli.main import main
from customer_segmentation.publication import output_files
from customer_segmentation.publication.formulas import is_formula
from customer_segmentation.publication.output_files import write_rows
from helpers.small_publication import MALL, publish

FORMULAS = (
    "=1+1", "=HYPERLINK(\"http://example.invalid\",\"x\")", "+1+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1+9)", "\t=1+1",
    "\rtext", "  =1+1", "\uff1d1+1", "--5", "+", "-", "=5", "-5 apples", "+49 170 123",
)  # fmt: skip
HARMLESS = ("-5", "+4.2", "-1,234.50", "+3,5 %", "1e-5", "-1E5", "a=b", "x@example.invalid", "12-14", "", "'quoted")


def cells(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.fixture
def database():
    with duckdb.connect() as opened:
        rows = [[number, text] for number, text in enumerate((*FORMULAS, *HARMLESS))]
        opened.execute('create table notes (number integer, "=1+cmd" varchar)')
        opened.executemany("insert into notes values (?, ?)", rows)
        yield opened


def test_what_a_spreadsheet_would_run_is_shown_instead(database, tmp_path):
    told = []
    write_rows(database, "select * from notes order by number", tmp_path / "notes.csv", notify=told.append)
    header, *found = cells(tmp_path / "notes.csv")
    assert header == ["number", "'=1+cmd"]
    assert [text for _, text in found] == [*(f"'{text}" for text in FORMULAS), *HARMLESS]
    assert len(told) == 1
    assert f"{len(FORMULAS)} texts as a formula" in told[0]
    assert "--raw" in told[0]
    assert all(map(is_formula, FORMULAS))
    assert not any(map(is_formula, HARMLESS))


def test_raw_texts_stay_as_they_are(database, tmp_path):
    told = []
    write_rows(database, "from notes order by number", tmp_path / "notes.csv", raw=True, notify=told.append)
    header, *found = cells(tmp_path / "notes.csv")
    assert header == ["number", "=1+cmd"]
    assert [text for _, text in found] == [*FORMULAS, *HARMLESS]
    assert told == []


def test_parquet_is_no_spreadsheet(database, tmp_path):
    write_rows(database, "from notes order by number", tmp_path / "notes.parquet")
    found = database.execute(f"select \"=1+cmd\" from '{tmp_path / 'notes.parquet'}' order by number").fetchall()
    assert [text for (text,) in found] == [*FORMULAS, *HARMLESS]


def test_the_order_of_many_rows_is_kept(database, tmp_path):
    database.execute(
        "create table many as select hash(range) % 1000003 as place, '=' || range as text from range(300000)"
    )
    write_rows(database, "select * from many order by place, text", tmp_path / "many.csv")
    places = [int(place) for place, _ in cells(tmp_path / "many.csv")[1:]]
    assert places == sorted(places)
    assert len(places) == 300_000


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("for_excel", [False, True])
def test_only_the_owner_can_read_a_file_and_what_it_is_written_to_first(
    database, tmp_path, suffix, for_excel, monkeypatch
):
    seen = []
    replace = os.replace

    def looked_at(source, target):
        seen.extend(stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir())
        replace(source, target)

    monkeypatch.setattr(output_files.os, "replace", looked_at)
    old = os.umask(0)
    try:
        write_rows(database, "from notes", tmp_path / f"notes{suffix}", for_excel=for_excel)
    finally:
        os.umask(old)
    assert set(seen) == {0o600}
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in tmp_path.iterdir()] == [
        (f"notes{suffix}", 0o600)
    ]


def test_commands_write_safe_files_unless_raw_is_asked_for(tmp_path, capsys):
    path = publish(tmp_path / "marts.duckdb", MALL)
    with duckdb.connect(str(path)) as database:
        database.execute("update customer_campaigns set customer_id = '=' || customer_id where customer_id < 'C0003'")
    newcomers = tmp_path / "newcomers.csv"
    newcomers.write_text("note,age,annual_income_k,spending_score\n@SUM(A1),50,50,50\n")
    common = ["--published", str(path)]
    export = ["export", "--segmentation", MALL.segmentation, "--folder"]
    predict = ["predict", "mall", "--file", str(newcomers), "--output"]
    assert main([*common, *export, str(tmp_path / "safe")]) == 0
    assert "campaign_1_1.csv: a spreadsheet would run three texts as a formula" in capsys.readouterr().out
    assert main([*common, *export, str(tmp_path / "raw"), "--raw"]) == 0
    assert main([*common, *predict, str(tmp_path / "safe.csv")]) == 0
    assert "safe.csv: a spreadsheet would run one text as a formula" in capsys.readouterr().out
    assert main([*common, *predict, str(tmp_path / "raw.csv"), "--raw"]) == 0
    assert "formula" not in capsys.readouterr().out
    customer = cells(tmp_path / "safe/campaign_1_1.csv")[0].index("customer_id")
    assert {row[customer] for row in cells(tmp_path / "safe/campaign_1_1.csv")[1:]} > {"'=C0000", "'=C0001", "C0003"}
    assert {row[customer] for row in cells(tmp_path / "raw/campaign_1_1.csv")[1:]} > {"=C0000", "=C0001", "C0003"}
    assert cells(tmp_path / "safe.csv")[1][0] == "'@SUM(A1)"
    assert cells(tmp_path / "raw.csv")[1][0] == "@SUM(A1)"
    files = [*(tmp_path / "safe").iterdir(), *(tmp_path / "raw").iterdir(), tmp_path / "safe.csv", tmp_path / "raw.csv"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
