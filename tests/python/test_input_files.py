"""What a file is, found out before it is read: each kind of odd or broken file as a real file."""

import gzip
import json
import os

import openpyxl
import pytest

from segmentation_tools.input_files import inspect_input

CSV = "id,age,income\n1,20,15\n2,30,16\n"


def write(path, content, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return str(path)


def files(location):
    return json.loads(inspect_input(location))["files"]


def problem(location):
    return json.loads(inspect_input(location))["problem"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", CSV, {"separator": ",", "encoding": "utf-8"}),
        ("a.csv", CSV.replace(",", ";"), {"separator": ";"}),
        ("a.tsv", CSV.replace(",", "\t"), {"separator": "\t"}),
        ("a.txt", CSV.replace(",", "|"), {"separator": "|"}),
        ("A.CSV", CSV, {"format": "csv"}),
        ("a.csv", "\ufeff" + CSV, {"columns": ["id", "age", "income"]}),
        ("a.csv", CSV.replace("\n", "\r\n"), {"columns": ["id", "age", "income"]}),
        ("a.csv", CSV.replace("\n", "\r"), {"columns": ["id", "age", "income"]}),
        ("a.csv", CSV.replace("age", "größe").encode("latin-1"), {"encoding": "latin-1", "columns": ["id", "größe", "income"]}),
        ("a.csv", CSV.encode("utf-16"), {"encoding": "utf-16", "columns": ["id", "age", "income"]}),
        ("a.csv.gz", gzip.compress(CSV.encode()), {"compression": "gzip", "columns": ["id", "age", "income"]}),
        ("a.csv", 'id,"age, in years",income\n1,20,15\n2,30,16\n', {"columns": ["id", "age, in years", "income"]}),
        ("a.csv", "id;note;income\n1;a, b, c;1,5\n2;d, e;2,5\n", {"separator": ";"}),
        ("a.csv", "id,,income\n1,2,3\n", {"columns": ["id", "column 2", "income"]}),
        ("a.csv", "id\n1\n2\n", {"columns": ["id"]}),
        ("a.csv", "id,age,income\n1,20,15", {"separator": ",", "has_mixed_line_ends": False}),
        ("a.csv", "id,age,income\r\n1,20,15\n2,30,16\r\n", {"has_mixed_line_ends": True}),
    ],
)  # fmt: skip
def test_how_a_text_file_has_to_be_read(tmp_path, name, content, expected):
    (file,) = files(write(tmp_path / name, content))
    assert {key: file[key] for key in expected} == expected


def test_an_encoding_is_decided_by_the_whole_file(tmp_path):
    rows = "".join(f"{i},20,15\n" for i in range(200_000))
    path = write(tmp_path / "a.csv", ("id,age,income\n" + rows + "x,20,15\n").encode() + "ä,1,1\n".encode("latin-1"))
    assert files(path)[0]["encoding"] == "latin-1"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty. Expected a header line"),
        ("a.csv", "\n\n \n", "holds nothing but blank lines"),
        ("a.csv", "id,age,income\n", "has a header line but no rows"),
        ("a.csv", "id,age,AGE\n1,2,3\n", "the column 'age' comes more than once"),
        ("a.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n", "a pointer of a large-file store; the data itself was not fetched (try `git lfs pull`)"),
        ("a.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n", "a pointer of a large-file store"),
        ("a.xlsx", "/annex/objects/SHA256E-s12--4d.xlsx\n", "a pointer of a large-file store"),
        ("a.csv", b"PK\x03\x04rest", "is not what its name claims: it is a zip archive or a spreadsheet. If it is a spreadsheet, name it .xlsx"),
        ("a.xlsx", b"PK\x03\x04rest", "cannot be opened as a spreadsheet"),
        ("a.xlsx", CSV, "is not what its name claims: it looks like a text file"),
        ("a.csv", b"PAR1....PAR1", "it is a Parquet file. Name it .parquet"),
        ("a.parquet", CSV, "is not what its name claims: it looks like a text file"),
        ("a.parquet", b"PAR1 but nothing else", "is damaged"),
        ("a.csv.gz", CSV, "is not what its name claims: it looks like a text file"),
        ("a.csv", gzip.compress(CSV.encode()), "it is a gzip archive. Name it .csv.gz"),
        ("a.csv.gz", gzip.compress(CSV.encode() * 1000)[:-30], "is damaged"),
        ("a.csv", "<!DOCTYPE html><html><body>Please log in</body></html>", "a web page or XML, perhaps the login page"),
        ("a.csv", '[{"id": 1}]', "it is JSON"),
        ("a.csv", b"id,age\n1,2\n\x00\x00\x00", "it holds binary data"),
        ("a.csv", b"%PDF-1.7 and so on", "it is a PDF document"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "ends in '.xls', expected one of .csv"),
        ("a.json", "{}", "ends in '.json', expected one of"),
        ("customers", CSV, "ends in '', expected one of"),
    ],
)  # fmt: skip
def test_why_a_file_cannot_be_read(tmp_path, name, content, message):
    path = write(tmp_path / name, content)
    assert message in problem(path)
    assert path in problem(path)


def test_a_missing_file_and_the_one_that_was_meant(tmp_path):
    write(tmp_path / "customers.csv", CSV)
    assert f"did you mean {tmp_path}/customers.csv?" in problem(str(tmp_path / "customer.csv"))
    assert "does not exist (looked from" in problem(str(tmp_path / "zzz.csv"))
    assert f"there is no folder {tmp_path}/nowhere" in problem(str(tmp_path / "nowhere" / "a.csv"))
    assert "no file matches" in problem(str(tmp_path / "*.parquet"))
    assert "is a folder, expected a file" in problem(str(tmp_path))


def test_a_pipe_is_no_file_to_read(tmp_path):
    os.mkfifo(tmp_path / "customers.csv")
    assert "customers.csv is not a regular file" in problem(str(tmp_path / "customers.csv"))


def test_a_name_is_never_suggested_instead_of_itself(tmp_path):
    (tmp_path / "customers.csv").symlink_to(tmp_path / "gone.csv")
    assert "customers.csv does not exist (looked from" in problem(str(tmp_path / "customers.csv"))


def test_files_of_a_glob_come_in_the_order_of_their_names(tmp_path):
    write(tmp_path / "b.csv", CSV.replace(",", ";"))
    write(tmp_path / "a.csv", "income,age,id\n1,2,3\n")
    found = files(str(tmp_path / "*.csv"))
    assert [file["path"] for file in found] == [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    assert [file["separator"] for file in found] == [",", ";"]


def test_files_of_a_glob_need_the_same_columns(tmp_path):
    write(tmp_path / "a.csv", CSV)
    write(tmp_path / "b.csv", "id,age,salary\n1,2,3\n")
    assert "does not have the columns of" in problem(str(tmp_path / "*.csv"))
    assert "income, salary is in one of them only" in problem(str(tmp_path / "*.csv"))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "the first sheet is empty"),
        ([["id", "age"]], "has a header line but no rows"),
        ([["id", "Id"], [1, 2]], "the column 'id' comes more than once"),
    ],
)
def test_spreadsheets_without_customers(tmp_path, rows, message):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "a.xlsx")
    assert message in problem(str(tmp_path / "a.xlsx"))


def test_several_spreadsheets_are_read_one_at_a_time(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        workbook = openpyxl.Workbook()
        workbook.active.append(["id"])
        workbook.active.append([1])
        workbook.save(tmp_path / name)
    assert "stands for spreadsheets, which are read one at a time" in problem(str(tmp_path / "*.xlsx"))
    assert "which are read one at a time and under their own name" in problem(str(tmp_path / "a*.xlsx"))
