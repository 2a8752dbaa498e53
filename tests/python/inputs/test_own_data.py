"""Your own customers instead of the data of this project: files as they are found in the wild, read or refused in plain words."""

import csv
import gzip
import json
from pathlib import Path

import duckdb
import openpyxl
import pytest

from helpers.macro_files import macro_file
from helpers.projects import ROOT, Project, copy_built

with (ROOT / "seeds/raw/mall_customers.csv").open(encoding="utf-8") as seed:
    HEADER, *ROWS = list(csv.reader(seed))

READ = ["input_mall_customers", "stg_mall__customer_rows", "stg_mall__customers"]


@pytest.fixture(scope="module")
def project(built_before, tmp_path_factory) -> Project:
    """A copy of the built project whose inputs the tests of this file exchange."""
    return copy_built(built_before, tmp_path_factory.mktemp("own") / "project")


def read(project, location, *further, **variables):
    """Read a file or table as the mall's customers, and no further than staging but for `further` models."""
    name = project.given(location) if isinstance(location, Path) else location
    settings = json.dumps({"mall_customers": name, **variables})
    run = project.dbt("run", "--select", *READ, *further, "--vars", settings)
    assert run.returncode == 0, run.stdout
    return project.query(
        """
        select customer_id, gender, age, annual_income_k, spending_score from staging.stg_mall__customers
        order by try_cast(customer_id as int), customer_id
        """
    )


def columns(project, name="mall_customers"):
    return {
        (found, read_as): (note, used, rejected)
        for found, read_as, note, used, rejected in project.query(
            f"""
            select column_found, read_as, note, values_used, values_rejected from marts.input_columns
            where input = '{name}'
            """
        )
    }


def delimited(separator=",", end="\n", header=HEADER, rows=ROWS):
    quoted = [[f'"{value}"' if separator in value else value for value in row] for row in [header, *rows]]
    return end.join(separator.join(row) for row in quoted) + end


CUSTOMERS = [(i, g.lower(), float(a), float(n), float(s)) for i, g, a, n, s in ROWS]


def test_semicolons_decimal_commas_windows_lines_and_a_byte_order_mark(project, tmp_path):
    rows = [[i, g, a, f"{n},5", s] for i, g, a, n, s in ROWS]
    path = tmp_path / "customers.csv"
    path.write_bytes(("\ufeff" + delimited(";", "\r\n", rows=rows)).encode().replace(b"\r\n150;", b"\n150;"))
    assert read(project, path, "input_columns") == [(i, g, a, n + 0.5, s) for i, g, a, n, s in CUSTOMERS]
    assert columns(project)["Annual Income (k$)", "annual_income_k"] == (
        "read as number; commas mark decimals", 200, 0,
    )  # fmt: skip


def test_other_names_another_order_and_columns_nobody_needs(project, tmp_path):
    header = ["Cluster", "SPENDING_SCORE", "Genre", "annual income", "Age (years)", "customer id"]
    rows = [["4", s, g, n, a, i] for i, g, a, n, s in ROWS]
    path = tmp_path / "customers.tsv"
    path.write_text(delimited("\t", header=header, rows=rows))
    assert read(project, path, "input_columns") == CUSTOMERS
    assert columns(project) == {
        ("Cluster", None): ("not used", 0, 0),
        ("SPENDING_SCORE", "spending_score"): ("read as number", 200, 0),
        ("Genre", "gender"): ("read as choice", 200, 0),
        ("annual income", "annual_income_k"): ("read as number", 200, 0),
        ("Age (years)", "age"): ("read as number", 200, 0),
        ("customer id", "customer_id"): ("read as id", 200, 0),
    }


def test_german_in_latin_1_and_compressed(project, tmp_path):
    words = {"Male": "männlich", "Female": "weiblich"}
    header = ["Kundennummer", "Geschlecht", "Alter", "Jahreseinkommen", "Score"]
    rows = [[i, words[g], a, n, s] for i, g, a, n, s in ROWS]
    path = tmp_path / "kunden.csv.gz"
    path.write_bytes(gzip.compress(delimited(";", header=header, rows=rows).encode("latin-1")))
    assert read(project, path) == CUSTOMERS


def test_utf_16_and_folders_of_the_machine_are_not_told(project, tmp_path):
    path = tmp_path / "customers.txt"
    path.write_bytes(delimited("\t").encode("utf-16"))
    assert read(project, str(path), "input_columns") == CUSTOMERS
    assert project.query("select distinct origin from marts.input_columns where input = 'mall_customers'") == [
        ("customers.txt",)
    ]


def test_words_for_gender_and_padded_ids(project, tmp_path):
    path = tmp_path / "customers.csv"
    codes = {"Male": "M", "Female": " f "}
    path.write_text(delimited(rows=[[i.zfill(4), codes[g], a, n, s] for i, g, a, n, s in ROWS]))
    assert read(project, path) == [(i.zfill(4), *rest) for i, *rest in CUSTOMERS]


def test_codes_for_gender_say_nothing_unless_the_seed_does(project, tmp_path):
    """Some files have 0 for women, others for men."""
    path = tmp_path / "customers.csv"
    path.write_text(delimited(rows=[[i, {"Male": "0", "Female": "1"}[g], a, n, s] for i, g, a, n, s in ROWS]))
    assert read(project, path, "input_columns") == [(i, "unknown", *rest) for i, _, *rest in CUSTOMERS]
    assert columns(project)["Gender", "gender"] == (
        "read as choice; 200 values, such as 0 and 1, are not listed in seeds/judgement/input_values.csv: unknown", 0, 0,
    )  # fmt: skip
    seed = project.folder / "seeds/judgement/input_values.csv"
    before = seed.read_text()
    try:
        seed.write_text(before + "mall_customers,gender,0,male,Codebook\nmall_customers,gender,1,female,Codebook\n")
        assert project.dbt("seed", "--select", "input_values").returncode == 0
        assert read(project, path, "input_columns") == CUSTOMERS
        seed.write_text(before + "sales_customers,gender,0,male,Codebook\nsales_customers,gender,1,female,Codebook\n")
        assert project.dbt("seed", "--select", "input_values").returncode == 0
        assert {row[1] for row in read(project, path, "input_columns")} == {"unknown"}
    finally:
        seed.write_text(before)
        project.dbt("seed", "--select", "input_values")


def test_signs_another_unit_and_rows_that_sum_up_others(project, tmp_path):
    path = tmp_path / "customers.csv"
    header = [*HEADER[:3], "Annual Income ($)", "Spending Score"]
    rows = [[i, g, f"{a} years", f"${n},000.00", f"{s}\u00a0%"] for i, g, a, n, s in ROWS]
    sums = [["Average", "", "39 years", "$60,560.00", "50%"], ["", "TOTAL:", "", "$12,112,000.00", "10040%"]]
    path.write_text(delimited(header=header, rows=rows + sums), encoding="utf-8")
    assert read(project, path, "input_columns") == CUSTOMERS
    found = columns(project)
    assert found["Annual Income ($)", "annual_income_k"] == (
        "read as number; commas mark thousands; its name says $: divided by 1,000; every value carries $", 200, 0,
    )  # fmt: skip
    assert found["Spending Score", "spending_score"] == ("read as number; every value carries %", 200, 0)
    rejected = "select row_number, reason, problem_column, explanation from staging.stg_mall__customer_rows"
    assert project.query(f"{rejected} where reason is not null order by 1") == [
        (201, "summary row", "customer_id", "customer_id: found 'Average'"),
        (202, "summary row", "gender", "gender: found 'TOTAL:'"),
    ]


def test_a_customer_whose_name_holds_such_a_word_is_none_the_less_a_customer(project, tmp_path):
    path = tmp_path / "customers.csv"
    ids = {"1": "Total Wine", "2": "Mean Bean", "3": "Sum-41", "200": "averages"}
    rows = [["Average" if i == "7" else f"name {i}", ids.get(i, i), *rest] for i, *rest in ROWS]
    path.write_text(delimited(header=["Name", *HEADER], rows=rows))
    assert {row[0] for row in read(project, path)} == {ids.get(i, i) for i, *_ in ROWS}


def test_numbers_of_a_table_are_converted_where_the_name_says_another_unit(project):
    with duckdb.connect(str(project.database)) as warehouse:
        warehouse.execute("create schema if not exists crm")
        warehouse.execute(
            """
            create or replace table crm.dollars as
            select
                CustomerID, Gender, cast(Age as int) * 12 as "Age (months)",
                cast("Annual Income (k$)" as int) * 1000 as "Income USD", "Spending Score (1-100)"
            from seeds.mall_customers
            """
        )
    assert read(project, "crm.dollars", "input_columns") == CUSTOMERS
    assert columns(project)["Age (months)", "age"][0] == "read as number; its name says months: divided by 12"


def test_ids_may_be_text(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(rows=[["C-" + i, *rest] for i, *rest in ROWS]))
    assert sorted(read(project, path)) == sorted(("C-" + i, *rest) for i, *rest in CUSTOMERS)


def test_row_numbers_stand_in_for_missing_ids_and_gender_may_be_missing(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(header=HEADER[2:], rows=[row[2:] for row in ROWS]))
    assert read(project, path, "input_columns") == [(i, "unknown", *rest) for i, _, *rest in CUSTOMERS]
    assert columns(project)[None, "customer_id"] == ("no such column; the row number is used", 0, 0)
    assert columns(project)[None, "gender"] == ("no such column; left empty", 0, 0)


def test_parquet_keeps_its_types(project, tmp_path):
    path = tmp_path / "customers.parquet"
    duckdb.execute(f"copy (select * from read_csv('{ROOT}/seeds/raw/mall_customers.csv')) to '{path}'")
    assert read(project, path) == CUSTOMERS


def test_a_typed_value_that_is_no_number_is_rejected_with_its_reason(project, tmp_path):
    path = tmp_path / "customers.parquet"
    duckdb.execute(
        f"""
        copy (
            select CustomerID, Gender, cast(Age as double) as Age, "Annual Income (k$)", "Spending Score (1-100)"
            from read_csv('{ROOT}/seeds/raw/mall_customers.csv')
            union all
            select 200 + number, 'Male', odd_age, 50, 50
            from (values (1, 'nan'::double), (2, 'inf'::double), (3, '-inf'::double), (4, null)) as odd(number, odd_age)
        ) to '{path}'
        """
    )
    assert read(project, path) == CUSTOMERS
    rejected = "select row_number, reason, problem_column from staging.stg_mall__customer_rows where reason is not null"
    assert project.query(f"{rejected} order by 1") == [
        (201, "not a number", "age"),
        (202, "not a number", "age"),
        (203, "not a number", "age"),
        (204, "missing", "age"),
    ]


def test_a_spreadsheet_with_numbers_and_texts_in_one_column(project, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    for i, g, a, n, s in ROWS:
        workbook.active.append([int(i), g, int(a), n if int(i) % 2 else int(n), float(s)])
    workbook.save(tmp_path / "customers.xlsx")
    assert read(project, tmp_path / "customers.xlsx") == CUSTOMERS


def test_a_spreadsheet_keeps_the_zeros_of_its_ids(project, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    for i, *values in ROWS:
        workbook.active.append([i.zfill(4), *values])
    workbook.save(tmp_path / "customers.XLSX")
    assert read(project, tmp_path / "customers.XLSX") == [(i.zfill(4), *rest) for i, *rest in CUSTOMERS]


def test_names_of_files_and_columns_may_hold_any_character(project, tmp_path):
    path = tmp_path / "o'brien & {sons} 100%.csv"
    header = ["row_number", 'it\'s ""x""', "{{ y }}", "customer_id_text", *HEADER]
    path.write_text(
        delimited(header=[f'"{name}"' for name in header], rows=[["9", "a", "b", "c", *row] for row in ROWS])
    )
    assert read(project, path) == CUSTOMERS


def test_a_name_in_a_spreadsheet_may_have_two_lines(project, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append([name.replace(" ", "\n ") for name in HEADER])
    for row in ROWS:
        workbook.active.append(row)
    workbook.save(tmp_path / "customers.xlsx")
    assert read(project, tmp_path / "customers.xlsx") == CUSTOMERS


def test_numbers_with_a_tail_are_ids_all_the_same(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(rows=[[i + ".0", *rest] for i, *rest in ROWS]))
    assert read(project, path) == CUSTOMERS


def test_a_glob_of_files_with_columns_in_different_order(project, tmp_path):
    (tmp_path / "part 1.csv").write_text(delimited(rows=ROWS[:100]))
    (tmp_path / "part 2.csv").write_text(delimited(";", header=HEADER[::-1], rows=[row[::-1] for row in ROWS[100:]]))
    assert read(project, tmp_path / "part *.csv") == CUSTOMERS


def test_a_table_of_the_warehouse(project):
    with duckdb.connect(str(project.database)) as warehouse:
        warehouse.execute("create schema if not exists crm")
        warehouse.execute("create or replace table crm.members as select * from seeds.mall_customers")
    assert read(project, "crm.members") == CUSTOMERS


def test_thousands_separators(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(";", rows=[[i, g, a, "1,0" + n.zfill(2)[-2:] + ".5", s] for i, g, a, n, s in ROWS]))
    assert {row[3] for row in read(project, path, "input_columns")} == {
        1000.5 + int(n.zfill(2)[-2:]) for *_, n, _ in ROWS
    }
    assert "mark thousands" in columns(project)["Annual Income (k$)", "annual_income_k"][0]


def test_values_are_counted_as_used_or_rejected(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(rows=[*ROWS, ["201", "", "30", "50", "500"], ["202", "Male", "x", "50", "50"]]))
    read(project, path, "input_columns")
    found = columns(project)
    assert found["Gender", "gender"] == ("read as choice", 200, 0)
    assert found["Age", "age"] == ("read as number", 200, 1)
    assert found["Spending Score (1-100)", "spending_score"] == ("read as number", 200, 1)


def refused(project, location, name="mall_customers"):
    """What the build says when it refuses an input, with its spaces evened out."""
    before = project.published_files()
    run = project.dbt(
        "build",
        "--select",
        *READ,
        "mall_customer_features",
        "--vars",
        json.dumps({name: str(location)}),
    )
    output = " ".join(run.stdout.split())
    assert run.returncode != 0
    assert "Traceback" not in output
    assert project.published_files() == before
    return output


def test_a_missing_file(project, tmp_path):
    output = refused(project, tmp_path / "customers.csv")
    assert f"The input mall_customers cannot be used: the file {tmp_path}/customers.csv does not exist" in output


def test_a_pointer_file(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3981\n")
    assert "it is a pointer of a large-file store; the data itself was not fetched" in refused(project, path)


def test_orders_where_customers_are_expected(project, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("order_id,customer_id,order_date,amount,status\n1,1,2024-01-01,9.5,shipped\n")
    output = refused(project, path)
    assert (
        f"The input mall_customers ({path}) has no column for age, annual_income_k, spending_score. Found order_id, "
        "customer_id, order_date, amount, status. These columns look like retail_transactions: name the file in that var."
    ) in output


def test_another_input_is_named_only_where_it_could_be_read_as_that(project, tmp_path):
    """These are half of a table of orders, which has no amount."""
    path = tmp_path / "orders.csv"
    path.write_text("order_id,customer_id,order_date,status\n1,1,2024-01-01,shipped\n")
    output = refused(project, path)
    assert "look like" not in output
    assert "Add the name it has here to seeds/judgement/input_synonyms.csv, or rename the column" in output


def test_a_unit_that_nobody_has_listed(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(header=[*HEADER[:2], "Age (weeks)", *HEADER[3:]]))
    assert (
        "column Age (weeks): its name says 'weeks', and seeds/judgement/input_notations.csv lists no such unit of age (years). Add "
        "the row unit,age,weeks with its factor, or rename the column if this is not a unit."
    ) in refused(project, path)


def test_a_header_line_that_is_missing(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited().split("\n", 1)[1])
    assert "has no column for age" in refused(project, path)


def test_two_columns_for_one_meaning(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(header=[*HEADER, "Income"], rows=[[*row, "1"] for row in ROWS]))
    assert (
        "is ambiguous: its columns Annual Income (k$) and Income can both be annual_income_k. Rename the right one to "
        "annual_income_k, or remove the other."
    ) in refused(project, path)


def test_the_very_name_of_a_column_settles_what_is_meant(project, tmp_path):
    path = tmp_path / "customers.csv"
    header = [name.replace("Annual Income (k$)", "annual_income_k") for name in HEADER]
    path.write_text(delimited(header=[*header, "Income"], rows=[[*row, "1"] for row in ROWS]))
    assert read(project, path, "input_columns") == CUSTOMERS
    assert columns(project)["Income", None] == (
        "could also be annual_income_k, but the column annual_income_k has exactly this name", 0, 0,
    )  # fmt: skip


def test_commas_that_leave_their_meaning_open(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(";", rows=[[i, g, a, "1,0" + n.zfill(2)[-2:], s] for i, g, a, n, s in ROWS]))
    assert "the column leaves open whether its comma marks decimals or thousands" in refused(project, path)


def test_no_usable_row(project, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(delimited(rows=[[i, g, a, n + "000000", s] for i, g, a, n, s in ROWS]))
    assert (
        f"No row of the input mall_customers ({path}) can be used. Most often (200 rows): out of range, annual_income_k: found"
    ) in refused(project, path)


def rejected(project, name="mall_customers"):
    return project.query(
        f"select row_number, reason, explanation, raw_row from marts.rejected_rows where input = '{name}' order by 1"
    )


def test_broken_lines_are_rejected_rows_and_the_others_are_read(project, tmp_path):
    """Two multi-line cells and lines of two systems: the kind of file of which most rows were once lost."""
    rows = [[*row, '"two\nlines"' if row[0] in ("3", "150") else "x"] for row in ROWS]
    text = "".join(",".join(row) + "\r\n" for row in [[*HEADER, "note"], *rows])
    text = text.replace("11,Male,67,19,14,x\r\n", '11,Male,67,19,14,"x\n')
    text = text.replace("17,Female,35,21,35,x", "17,Female,35")
    path = tmp_path / "customers.csv"
    path.write_bytes(text.encode())
    assert read(project, path) == [row for row in CUSTOMERS if row[0] not in ("11", "17")]
    assert (
        project.dbt("run", "--select", "rejected_rows", "--vars", json.dumps({"mall_customers": str(path)})).returncode
        == 0
    )
    assert rejected(project) == [
        (
            11, "broken line", "customers.csv, line 13 opens a quote that is not closed where a value ends: found "
            "'11,Male,67,19,14,\"x'", '11,Male,67,19,14,"x',
        ),
        (
            17, "broken line", "customers.csv, line 19 has 3 values, expected 6: found '17,Female,35'", "17,Female,35",
        ),
    ]  # fmt: skip


def test_rows_that_the_reader_loses_stop_the_build(project, tmp_path):
    """The gate that compares the rows with a count of records of its own, with a reader that drops one."""
    path = tmp_path / "customers.csv"
    path.write_text(delimited())
    macro = macro_file("rows_as_they_came", project.folder)
    original = macro.read_text()
    macro.write_text(original.replace("' from ' ~ file.reader\n", "' from ' ~ file.reader ~ ' limit 199'\n"))
    try:
        assert macro.read_text() != original
        assert f"The input mall_customers ({path}) has 200 records, and 199 were read" in refused(project, path)
    finally:
        macro.write_text(original)


def test_a_sheet_is_chosen_by_its_name(project, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Notes"
    workbook.active.append(["Customers of May"])
    for note in (["checked by", "Ana"], ["on", "2 May"]):
        workbook.active.append(note)
    for row in [[], HEADER, *ROWS]:
        (workbook["Customers"] if "Customers" in workbook.sheetnames else workbook.create_sheet("Customers")).append(
            row
        )
    workbook.save(tmp_path / "customers.xlsx")
    assert read(project, f"{tmp_path / 'customers.xlsx'}#Customers") == CUSTOMERS
    output = refused(project, tmp_path / "customers.xlsx")
    assert "has no column for age" in output
    assert "'Customers' (200 rows below CustomerID, Gender, Age, Annual Income (k$), Spending Score (1-100))" in output


def test_a_name_with_brackets_is_one_file(project, tmp_path):
    (tmp_path / "data1.csv").write_text(delimited(rows=ROWS[:100]))
    (tmp_path / "data[1].csv").write_text(delimited())
    assert read(project, tmp_path / "data[1].csv") == CUSTOMERS


def test_a_column_that_holds_no_single_values(project, tmp_path):
    path = tmp_path / "customers.parquet"
    source = f"read_csv('{ROOT}/seeds/raw/mall_customers.csv')"
    duckdb.execute(f"copy (select * replace ([Age, Age] as Age), {{'a': 1}} as more from {source}) to '{path}'")
    assert (
        f"The input mall_customers ({path}), column Age: found the type BIGINT[], expected one number, date or text in each "
        "row, to be read as age."
    ) in refused(project, path)
    duckdb.execute(f"copy (select *, {{'a': 1}} as more from {source}) to '{path}'")
    assert read(project, path) == CUSTOMERS


def test_a_table_that_does_not_exist(project):
    assert "The var mall_customers is 'crm.nobody', but there is no such table or view" in refused(
        project, "crm.nobody"
    )


def test_an_address_on_a_network(project):
    assert "an address on a network. Expected a file, a glob or a table" in refused(
        project, "https://example.com/a.csv"
    )
    # Spark may read it from there
    assert "SEGMENTATION_SPARK is not set" in refused(project, "spark:delta.s3://bucket/customers")


def test_half_of_the_retail_data(project, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("order_id,customer_id,order_date,amount\n1,1,2024-01-01,9.5\n")
    run = project.dbt(
        "run", "--select", "input_retail_customers", "--vars", json.dumps({"retail_transactions": str(path)})
    )
    assert "The var retail_transactions is given, but retail_customers is not" in run.stdout
    assert "Traceback" not in run.stdout


PURCHASES = [
    "input_retail_customers", "stg_retail__customer_rows", "stg_retail__customers", "input_retail_transactions",
    "stg_retail__parsed_transactions", "stg_retail__order_lines", "stg_retail__transaction_rows", "stg_retail__transactions",
]  # fmt: skip


def read_purchases(project, path, **variables):
    settings = {"retail_transactions": str(path), "retail_customers": "from_transactions", **variables}
    return project.dbt("run", "--select", *PURCHASES, "as_of_dates", "--vars", json.dumps(settings))


def test_purchases_with_signs_a_lone_date_and_a_total(project, tmp_path):
    path = tmp_path / "orders.csv"
    days = [f"{1 + 7 * number % 28}-{1 + number % 12}-2024" for number in range(30)]
    rows = [[str(number % 5), str(100 + number), day, "$10.50"] for number, day in enumerate(days)]
    rows += [["1", "200", "1-3-2024", "($2.50)"], ["2", "201", "01-01-2029", "$10.50"], ["Total", "", "", "$323.00"]]
    path.write_text(delimited(header=["customer_id", "order_id", "date", "amount"], rows=rows))
    run = read_purchases(project, path)
    assert run.returncode == 0, run.stdout
    assert (
        f"The input retail_transactions ({path}), row 32, transaction_date: found '01-01-2029': in the future: after 2024-12-22, the last "
        "of the other dates. It is rejected, so that recency is not counted from it."
    ) in " ".join(run.stdout.split())
    assert project.query("select count(*), sum(amount) from staging.stg_retail__transactions") == [(31, 312.5)]
    rejected = (
        "select row_number, reason, problem_column from staging.stg_retail__transaction_rows where reason is not null"
    )
    assert project.query(f"{rejected} order by 1") == [
        (32, "in the future: after 2024-12-22", "transaction_date"),
        (33, "summary row", "customer_id"),
    ]
    ((day,),) = project.query("select cast(as_of_date as varchar) from staging.as_of_dates where dataset = 'retail'")
    assert day == "2024-12-22"
    # who names a later day believes the dates up to it
    assert read_purchases(project, path, as_of_date="2029-06-30").returncode == 0
    assert project.query("select count(*) from staging.stg_retail__transactions") == [(32,)]


def test_dates_that_cannot_be_read_are_shown_with_those_that_can(project, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,order_id,date,amount\n1,1,week 9,5\n1,2,week 10,5\n")
    run = read_purchases(project, path)
    assert run.returncode != 0
    assert "not a date, transaction_date: found 'week 9'. Dates are read as 2024-12-31, 2024/12/31," in " ".join(
        run.stdout.split()
    )
