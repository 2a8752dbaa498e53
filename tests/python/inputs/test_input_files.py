"""What a file is, found out before it is read: each kind of odd or broken file as a real file."""

import csv
import gzip
import io
import json
import os

import duckdb
import pytest

from customer_segmentation.inputs.files import inspect_input

CSV = "id,age,income\n1,20,15\n2,30,16\n"
ROWS = [("1", "20", "15"), ("2", "30", "16")]


def write(path, content, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return str(path)


def inspected(location):
    folder = f"{location}.prepared" if os.path.isfile(location) else f"{os.path.dirname(location)}/prepared"
    return json.loads(inspect_input(location, folder))


def files(location):
    return inspected(location)["files"]


def problem(location):
    return inspected(location)["problem"]


def rows(file):
    """Read a file as the build does: its rows, and what is wrong with each line that is no record."""
    with duckdb.connect() as database:
        found = database.execute(f"select * from {file['reader']}").fetchall()
    assert len(found) == file["record_count"]
    if not file["has_broken_lines"]:
        return [row[: len(file["columns"])] for row in found], []
    good = [row[:-2] for row in found if row[-2] is None]
    return good, [row[-2] for row in found if row[-2] is not None]


@pytest.mark.parametrize(
    "above",
    ["Customers of May\n", "Customers of May,,\n", '\n"Customers\nof May",,\n\n', "\ufeffCustomers of May;\n,,\n"],
)
def test_a_title_above_the_names_is_said(tmp_path, above):
    (file,) = files(write(tmp_path / "a.csv", above + CSV))
    assert file["columns"][:3] == ["id", "age", "income"]
    assert rows(file)[0] == ROWS
    line = above.count("\n") + 1
    assert f"a.csv: the table starts in line {line}, below 'Customers" in file["note"]


@pytest.mark.parametrize("first", ["Customers of May,,\n", "id,,\n"])
def test_a_title_instead_of_names_is_refused(tmp_path, first):
    found = problem(write(tmp_path / "a.csv", first + CSV.split("\n", 1)[1]))
    assert "names 1 of 3 columns, and no other line has names. Write the names of all columns into one line" in found


def test_a_comma_in_a_sentence_makes_no_table(tmp_path):
    (file,) = files(write(tmp_path / "a.csv", 'note\n"called, was out"\nwrote, no answer\n'))
    assert (file["columns"][0], rows(file)[0]) == ("note", [("called, was out",)])


TEXT_FILES = {
    "commas": ("a.csv", CSV),
    "semicolons": ("a.csv", CSV.replace(",", ";")),
    "tabs": ("a.tsv", CSV.replace(",", "\t")),
    "bars": ("a.txt", CSV.replace(",", "|")),
    "ending in capitals": ("A.CSV", CSV),
    "byte order mark": ("a.csv", "\ufeff" + CSV),
    "lines of Windows": ("a.csv", CSV.replace("\n", "\r\n")),
    "lines of old Macs": ("a.csv", CSV.replace("\n", "\r")),
    "lines of all kinds": ("a.csv", "id,age,income\r\n1,20,15\r2,30,16\n"),
    "lines of two kinds": ("a.csv", "id,age,income\r\n1,20,15\n2,30,16\r\n"),
    "UTF-16": ("a.csv", CSV.encode("utf-16")),
    "UTF-16 big endian": ("a.csv", b"\xfe\xff" + CSV.encode("utf-16-be")),
    "UTF-16 without a mark": ("a.csv", CSV.encode("utf-16-le")),
    "UTF-16 big endian without a mark": ("a.csv", CSV.encode("utf-16-be")),
    "UTF-32": ("a.csv", CSV.encode("utf-32")),
    "compressed": ("a.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
    "no line end at the end": ("a.csv", CSV.rstrip("\n")),
    "blank lines": ("a.csv", "\n\nid,age,income\n\n1,20,15\n  \n2,30,16\n\n\n"),
    "separator named as Excel does": ("a.csv", "sep=;\r\n" + CSV.replace(",", ";").replace("\n", "\r\n")),
    "unusual separator named": ("a.csv", "sep=~\n" + CSV.replace(",", "~")),
    "quotes": ("a.csv", 'id,age,income\n"1","20",15\n2,"30","16"\n'),
    "blanks around quotes": ("a.csv", 'id,age,income\n1, "20" ,15\n2,30, "16"\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXT_FILES)
def test_text_files_that_hold_the_same(tmp_path, name):
    (file,) = files(write(tmp_path / TEXT_FILES[name][0], TEXT_FILES[name][1]))
    assert file["columns"] == ["id", "age", "income"]
    assert rows(file) == (ROWS, [])


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ('id,"age, in years",income\n1,20,15\n2,30,16\n', ["id", "age, in years", "income"]),
        ("id;note;income\n1;a, b, c;1,5\n2;d, e;2,5\n", ["id", "note", "income"]),
        ("id,,income\n1,2,3\n", ["id", "column 2", "income"]),
        ('id,"in two\nlines",income\n1,2,3\n', ["id", "in two\nlines", "income"]),
        ("id\n1\n2\n", ["id"]),
        ("id,größe,{a}'s\n1,2,3\n", ["id", "größe", "{a}'s"]),
    ],
)
def test_names_of_columns(tmp_path, content, columns):
    (file,) = files(write(tmp_path / "a.csv", content))
    assert file["columns"] == columns
    assert len(rows(file)[0]) == file["record_count"] == content.count("\n") - 1 - columns.count("in two\nlines")


WESTERN = {
    "Latin-1": "id,name,note\n1,Zoë,é\n2,Jürgen,x\n".encode("latin-1"),
    "Windows-1252": "id,name,note\n1,Zoë,5 €\n2,Jürgen,“so” …\n".encode("cp1252"),
}


@pytest.mark.parametrize("name", WESTERN)
def test_western_encodings_are_read_as_windows_1252_and_said_to_be(tmp_path, name):
    (file,) = files(write(tmp_path / "a.csv", WESTERN[name]))
    good, broken = rows(file)
    assert [row[1] for row in good] == ["Zoë", "Jürgen"]
    assert not broken
    assert file["note"] == "a.csv is not UTF-8 (line 2) and is read as Windows-1252"
    assert good[0][2] in ("é", "5 €")


def test_utf_16_with_an_emoji(tmp_path):
    (file,) = files(write(tmp_path / "a.csv", "id,name\n1,😀\n2,b\n".encode("utf-16")))
    assert rows(file) == ([("1", "😀"), ("2", "b")], [])


def test_one_line_of_another_encoding_is_reported(tmp_path):
    content = "id,name\n1,Zoë\n2,Jürgen\n".encode() + "3,René\n".encode("latin-1") + b"4,Ana\n"
    (file,) = files(write(tmp_path / "a.csv", content))
    assert rows(file) == (
        [("1", "Zoë"), ("2", "Jürgen"), ("4", "Ana")],
        ["a.csv, line 4 is not UTF-8: found '3,Ren?'"],
    )


def test_an_even_mixture_of_encodings_is_not_guessed(tmp_path):
    content = "id,name\n1,Zoë\n".encode() + "2,René\n".encode("latin-1")
    assert "mixes encodings: 1 line is UTF-8, such as line 2, and 1 line is not, such as line 3" in problem(
        write(tmp_path / "a.csv", content)
    )


def test_a_byte_that_windows_1252_does_not_have_breaks_its_line(tmp_path):
    (file,) = files(write(tmp_path / "a.csv", b"id,name\n1,Zo\xeb\n2,a\x81b\n"))
    assert rows(file) == ([("1", "Zoë")], ["a.csv, line 3 is not Windows-1252: found '2,a?b'"])


def test_an_encoding_is_decided_by_the_whole_file(tmp_path):
    lines = "".join(f"{i},20,15\n" for i in range(200_000))
    path = write(tmp_path / "a.csv", ("id,age,income\n" + lines).encode() + "ä,1,1\n".encode("latin-1"))
    (file,) = files(path)
    assert rows(file)[0][-1] == ("ä", "1", "1")
    assert file["record_count"] == 200_001


HEADER = "id,age,note,income\r\n"
LINES = [f"{i},{20 + i},text,{10 + i}\r\n" for i in range(1, 41)]


def replaced(place, line):
    return HEADER + "".join([*LINES[: place - 1], line, *LINES[place:]])


BROKEN = {
    "short": ("5,25,text\r\n", "line 6 has 3 values, expected 4"),
    "long": ("5,25,text,15,16\r\n", "line 6 has 5 values, expected 4"),
    "a single value": ("Report of May\r\n", "line 6 has 1 value, expected 4"),
    "quote never closed": ('5,25,"text,15\r\n', "line 6 opens a quote that is not closed where a value ends"),
    "quote never closed in the last value": ('5,25,text,"15\r\n', "line 6 opens a quote that is not closed"),
    "quote in the middle": ('5,25,"te"xt,15\r\n', "line 6 has a quote in the middle of a value"),
    "binary": ("5,25,t\0t,15\r\n", None),
}


@pytest.mark.parametrize("name", [name for name in BROKEN if BROKEN[name][1]])
@pytest.mark.parametrize("with_lines_in_a_cell", [False, True])
def test_a_broken_line_is_one_rejected_row(tmp_path, name, with_lines_in_a_cell):
    line, message = BROKEN[name]
    content = replaced(5, line)
    if with_lines_in_a_cell:
        content = content.replace("20,40,text,30", '20,40,"two\nlines",30')
    (file,) = files(write(tmp_path / "a.csv", content))
    good, broken = rows(file)
    assert len(good) == 39
    assert len(broken) == 1
    assert broken[0].startswith(f"a.csv, {message}")
    assert ([row[2] for row in good if row[0] == "20"] == ["two\nlines"]) == with_lines_in_a_cell


def test_a_line_is_counted_as_a_line_where_cells_have_several(tmp_path):
    content = 'id,note,age\n1,"a\nb\nc",20\n2,x\n3,y,30\n'
    (file,) = files(write(tmp_path / "a.csv", content))
    assert rows(file) == (
        [("1", "a\nb\nc", "20"), ("3", "y", "30")],
        ["a.csv, line 5 has 2 values, expected 3: found '2,x'"],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_two_stray_quotes_do_not_swallow_the_rows_between_them(tmp_path, end):
    content = replaced(5, '5,25,text,"15\r\n').replace("15,35,text,25", '15,35,text,25"').replace("\r\n", end)
    (file,) = files(write(tmp_path / "a.csv", content))
    good, broken = rows(file)
    assert len(good) + len(broken) == 40
    assert broken == ["a.csv, line 6 opens a quote that is not closed where a value ends: found '5,25,text,\"15'"]


def test_texts_of_several_lines_stay_texts(tmp_path):
    text = 'Street 5, 2nd floor\n12345 Town, Land\n"quoted", she said, and 1,2,3\n'
    table = [["id", "address", "age"], *[[str(i), text, str(20 + i)] for i in range(30)]]
    target = io.StringIO()
    csv.writer(target).writerows(table)
    (file,) = files(write(tmp_path / "a.csv", target.getvalue()))
    assert rows(file) == ([tuple(row) for row in table[1:]], [])


@pytest.mark.parametrize(
    "name", ["data[1].csv", "data?.csv", "data*.csv", "data{1,2}.csv", "da'ta.csv", "year=2024/a.csv"]
)
def test_the_name_of_a_file_is_no_pattern(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    for other in ("data1.csv", "data2.csv", "dataX.csv"):
        write(tmp_path / other, "id,age,income\n9,9,9\n")
    path = write(tmp_path / name, CSV)
    (file,) = files(path)
    assert rows(file) == (ROWS, [])
    with duckdb.connect() as database:
        database.execute(f"copy (select 1 as id) to '{(tmp_path / 'x.parquet')}' (format parquet)")
    os.rename(tmp_path / "x.parquet", path.replace(".csv", ".parquet"))
    (file,) = files(path.replace(".csv", ".parquet"))
    assert rows(file) == ([(1,)], [])


def test_a_file_that_duckdb_reads_as_it_is_is_not_written_again(tmp_path):
    content = "id,note,age\n" + '1,"a, ""b""\nc",20\n2,,30\n' * 1000
    (file,) = files(write(tmp_path / "a.csv", content))
    assert str(tmp_path / "a.csv'") in file["reader"]
    assert file["record_count"] == 2000
    assert not list(tmp_path.glob("*.prepared/*"))


REFUSED = {
    "empty": ("a.csv", b"", "is empty. Expected a header line"),
    "blank lines": ("a.csv", "\n\n \n", "holds nothing but blank lines"),
    "header": ("a.csv", "id,age,income\n", "has a header line but no rows"),
    "column twice": ("a.csv", "id,age,AGE\n1,2,3\n", "the column 'age' comes more than once"),
    "reserved name": ("a.csv", "id,input_line\n1,2\n", "the column 'input_line' has a name that the reader needs"),
    "git-lfs": ("a.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n", "a pointer of a large-file store; the data itself was not fetched (try `git lfs pull`)"),
    "git-lfs as Parquet": ("a.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n", "a pointer of a large-file store"),
    "git-annex": ("a.xlsx", "/annex/objects/SHA256E-s12--4d.xlsx\n", "a pointer of a large-file store"),
    "workbook as text": ("a.csv", b"PK\x03\x04rest", "is not what its name claims: it is a zip archive or a spreadsheet. If it is a spreadsheet, name it .xlsx"),
    "damaged workbook": ("a.xlsx", b"PK\x03\x04rest", "cannot be opened as a spreadsheet"),
    "text as workbook": ("a.xlsx", CSV, "is not what its name claims: it looks like a text file"),
    "Parquet as text": ("a.csv", b"PAR1....PAR1", "it is a Parquet file. Name it .parquet"),
    "text as Parquet": ("a.parquet", CSV, "is not what its name claims: it looks like a text file"),
    "damaged Parquet": ("a.parquet", b"PAR1 but nothing else", "is damaged"),
    "text as gzip": ("a.csv.gz", CSV, "is not what its name claims: it looks like a text file"),
    "gzip as text": ("a.csv", gzip.compress(CSV.encode(), mtime=0), "it is a gzip archive. Name it .csv.gz"),
    "gzip damaged inside": ("a.csv.gz", gzip.compress(CSV.encode(), mtime=0)[:10] + b"\x07" * 30, "is damaged"),
    "gzip cut off": ("a.csv.gz", gzip.compress(CSV.encode() * 1000, mtime=0)[:-30], "is damaged"),
    "UTF-16 cut off": ("a.csv", CSV.encode("utf-16") + b"x", "is damaged"),
    "web page": ("a.csv", "<!DOCTYPE html><html><body>Please log in</body></html>", "a web page or XML, perhaps the login page"),
    "JSON": ("a.csv", '[{"id": 1}]', "it is JSON"),
    "binary": ("a.csv", b"id,age\n1,2\n\x00\x00\x00", "it holds binary data"),
    "PDF": ("a.csv", b"%PDF-1.7 and so on", "it is a PDF document"),
    "old workbook": ("a.xls", b"\xd0\xcf\x11\xe0rest", "ends in '.xls', expected one of .csv"),
    "unknown ending": ("a.json", "{}", "ends in '.json', expected one of"),
    "no ending": ("customers", CSV, "ends in '', expected one of"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_why_a_file_cannot_be_read(tmp_path, name):
    file, content, message = REFUSED[name]
    path = write(tmp_path / file, content)
    assert message in problem(path)
    assert path in problem(path)


def test_a_missing_file_and_the_one_that_was_meant(tmp_path):
    write(tmp_path / "customers.csv", CSV)
    assert f"did you mean {tmp_path}/customers.csv?" in problem(str(tmp_path / "customer.csv"))
    assert "does not exist (looked from" in problem(str(tmp_path / "zzz.csv"))
    assert f"there is no folder {tmp_path}/nowhere" in problem(str(tmp_path / "nowhere" / "a.csv"))
    assert "no file matches" in problem(str(tmp_path / "*.parquet"))
    assert "is a folder, expected a file" in problem(str(tmp_path))


@pytest.mark.parametrize(
    ("log", "kind"),
    [("_delta_log/0.json", "Delta"), ("metadata/v1.metadata.json", "Iceberg")],
    ids=["delta", "iceberg"],
)
def test_files_of_a_table_with_a_log_are_no_input(tmp_path, log, kind):
    table = tmp_path / "orders"
    for file in (table / log, table / "data/region=north/a.parquet", tmp_path / "alone.parquet"):
        file.parent.mkdir(parents=True, exist_ok=True)
        duckdb.execute(f"copy (select 1 as id) to '{file}' (format parquet)")
    expected = f"holds files of the {kind} table {table}, some of which may have rows that were deleted or replaced"
    for location in (table, table / "**/*.parquet", table / "data/region=north/a.parquet"):
        assert expected in problem(str(location))
    assert f"Name the table, spark:{kind.lower()}.{table}, and build with the target spark" in problem(str(table))
    assert len(files(str(tmp_path / "alone.parquet"))) == 1


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
    assert [rows(file) for file in found] == [([("1", "2", "3")], []), (ROWS, [])]


def test_files_of_a_glob_need_the_same_columns(tmp_path):
    write(tmp_path / "a.csv", CSV)
    write(tmp_path / "b.csv", "id,age,salary\n1,2,3\n")
    assert "does not have the columns of" in problem(str(tmp_path / "*.csv"))
    assert "income, salary is in one of them only" in problem(str(tmp_path / "*.csv"))


def test_a_number_of_several_lines_is_a_stray_quote(tmp_path):
    content = HEADER + "".join(LINES).replace("5,25,text,15", '5,"25,text,15').replace("6,26,text,16", '6,26,",",16')
    (file,) = files(write(tmp_path / "a.csv", content))
    good, broken = rows(file)
    assert (len(good), len(broken)) == (39, 1)
    assert ("6", "26", ",", "16") in good
