"""Scoring customers and taking audiences away, on what the project publishes."""

import csv
import gzip
import re
import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest

from customer_segmentation.cli.audiences import Destination, export_audiences, export_experiment, export_tables
from customer_segmentation.cli.customer import find_customer
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.publication.database import open_published
from customer_segmentation.scoring.predict import features, predictions
from customer_segmentation.scoring.score_file import score_file

ROOT = Path(__file__).resolve().parents[3]
RICH = {"age": 33, "annual_income_k": 87, "spending_score": 82}
CUSTOMERS = "Name,Yearly Income,Age,Score\nAnna,87,33,82\nBen,20,25,80\n"


@pytest.fixture(scope="session")
def published(built):
    return built.published / "marts.duckdb"


@pytest.fixture
def database(published):
    with open_published(published) as opened:
        yield opened


@pytest.fixture
def changed(published, tmp_path):
    """A copy of the publication that a test may change."""

    def change(*statements):
        path = tmp_path / "changed.duckdb"
        shutil.copy(published, path)
        with duckdb.connect(str(path)) as opened:
            for statement in statements:
                opened.execute(statement)
        return path

    return change


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def scored(database, path):
    return database.execute("select * from read_csv(?, all_varchar = true, header = true)", [str(path)]).df()


# one customer


def test_every_published_customer_is_predicted_as_published(database):
    """The command answers what the marts say, in every segmentation."""
    for dataset, order in [("mall", "customer_id"), ("sales", "md5(customer_id)"), ("retail", "md5(customer_id)")]:
        names = [feature["feature"] for feature in features(database, dataset)]
        customers = database.execute(
            f"select customer_id, {', '.join(names)} from {dataset}_customer_features order by {order} limit 8"
        ).fetchall()
        for customer_id, *values in customers:
            expected = database.execute(
                "select segmentation, cluster_id, round(margin, 9) from customer_segments where dataset = ? "
                "and customer_id = ?",
                [dataset, customer_id],
            ).fetchall()
            found = predictions(database, dataset, dict(zip(names, values, strict=True)))
            assert {
                (row["segmentation"], row["cluster_id"], round(row["margin"], 9)) for row in found if not row["problem"]
            } == set(expected)


def test_the_segmentation_to_use_comes_first_and_one_can_be_chosen(database):
    assert [row["segmentation"] for row in predictions(database, "mall", RICH)] == [
        "mall_income_spending", "mall_seven_personas", "mall_six_personas",
    ]  # fmt: skip
    (only,) = predictions(database, "mall", RICH, "mall_six_personas")
    assert only["persona"] == "Premium Shoppers"


def test_a_prediction_says_what_decided_beside_what_is_typical(database):
    first = predictions(database, "mall", RICH)[0]
    assert first["persona"] == "Affluent Enthusiasts"
    assert first["campaign"] == "Early Access"
    assert {reason["feature"]: reason["value"] for reason in first["reasons"]} == {
        "spending_score": 82, "annual_income_k": 87,
    }  # fmt: skip
    for reason in first["reasons"]:
        typical = database.execute(
            "select persona, median from segment_profiles where segmentation = 'mall_income_spending' and feature = ?",
            [reason["feature"]],
        ).fetchall()
        assert reason["typical_of_segment"] == dict(typical)["Affluent Enthusiasts"]
        assert reason["typical_of_runner_up"] == dict(typical)[first["runner_up_persona"]]


@pytest.mark.parametrize("name", ["annual_income_k", "Annual Income (k$)", "yearly income", "INCOME", "annual income"])
def test_a_feature_has_the_names_that_the_inputs_accept(database, name):
    assert predictions(database, "mall", {name: 87, "spending_score": 82})[0]["persona"] == "Affluent Enthusiasts"


@pytest.mark.parametrize(("income", "value"), [("87,5", 87.5), ("1.087,5", 1087.5), ("1,087.5", 1087.5), (" 87 ", 87)])
def test_a_decimal_comma_is_understood(database, income, value):
    understood = predictions(database, "mall", {"annual_income_k": income, "spending_score": 82})
    assert understood == predictions(database, "mall", {"annual_income_k": value, "spending_score": 82})
    assert understood[0]["problem"] is None


@pytest.mark.parametrize("income", ["abc", "", None, "-1", "1e300", "1e400", "nan", "inf", "-inf", "' or 1=1 --"])
def test_what_is_no_possible_figure_is_said_in_words(database, income):
    found = predictions(database, "mall", RICH | {"annual_income_k": income})
    assert [row["persona"] for row in found] == [None, None, None]
    for row in found:
        assert "annual income" in row["problem"] or "annual_income_k" in row["problem"]
        assert row["reasons"] == []


def test_a_comma_that_can_be_read_in_two_ways_is_asked_about(database):
    with pytest.raises(NotPossibleError, match=r"annual income: found '1,087', which leaves open whether its comma"):
        predictions(database, "mall", {"annual_income_k": "1,087"})


@pytest.mark.parametrize(
    ("dataset", "values", "segmentation", "message"),
    [
        ("mal", RICH, None, "There is no dataset called 'mal'. Did you mean mall? There are: mall, retail, sales."),
        ("mall; drop table segments", RICH, None, "There is no dataset called 'mall; drop table segments'."),
        ("mall", {"agee": 33}, None, "There is no feature called 'agee' in the dataset mall. Did you mean age?"),
        ("mall", {"frequency": 3}, None, "There are: annual_income_k, spending_score, age."),
        ("mall", RICH, "mall_six_persona", "There is no segmentation of mall called 'mall_six_persona'. Did you mean mall_six_personas?"),
        ("mall", RICH, "retail_personas", "There is no segmentation of mall called 'retail_personas'."),
        ("mall", {"age": 3, "Alter": 4}, None, "'age' and 'Alter' both stand for age. Leave one of them out."),
    ],
)  # fmt: skip
def test_what_there_is_not_is_said_with_what_there_is(database, dataset, values, segmentation, message):
    with pytest.raises(NotPossibleError, match=re.escape(message)):
        predictions(database, dataset, values, segmentation)


# the publication


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist. Run `make build` first"),
        (b"", "cannot be read"),
        (b"age,income\n1,2\n", "cannot be read"),
        ("half", "cannot be read"),
    ],
)
def test_a_publication_that_cannot_be_read_is_said_plainly(published, tmp_path, content, message):
    path = tmp_path / "marts.duckdb"
    if content is not None:
        whole = published.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] if content == "half" else content)
    with pytest.raises(NotPossibleError, match=re.escape(message)), open_published(path) as database:
        predictions(database, "mall", RICH)


@pytest.mark.parametrize(
    "statement", ["drop macro table predict_mall", "drop table prediction_features", "drop table datasets"]
)
def test_a_publication_of_another_version_is_said_plainly(changed, statement):
    message = "was published by another version of this project"
    with pytest.raises(NotPossibleError, match=message), open_published(changed(statement)) as database:
        predictions(database, "mall", RICH)


# files of customers


def test_every_row_of_a_file_comes_back_in_its_order_with_all_its_columns(database, tmp_path):
    customers = tmp_path / "customers.csv"
    write(customers, 'Name;Score;Note;Yearly Income\nAnna;82;=1+1;87,5\nBen;;"a;b";20\nEva;x;;30\nJo;-5;;1.000,5\n')
    account = score_file(database, "mall", str(customers), tmp_path / "scored.csv").accounts[0]
    found = scored(database, tmp_path / "scored.csv")
    assert list(found.columns[:5]) == ["Name", "Score", "Note", "Yearly Income", "segmentation"]
    assert found["Name"].to_list() == ["Anna", "Ben", "Eva", "Jo"]
    assert found["Note"].to_list()[:2] == ["'=1+1", "a;b"]  # a spreadsheet shows it and does not run it
    assert found["Yearly Income"].to_list()[0] == "87,5"
    assert found["persona"].to_list()[0] == "Affluent Enthusiasts"
    assert found["persona"].isna().to_list() == [False, True, True, True]
    assert found["problem"].isna().to_list() == [True, False, False, False]
    assert (account.read, account.scored, sum(account.reasons.values())) == (4, 1, 3)


def test_a_file_is_scored_as_the_mart_has_its_customers(database, tmp_path):
    database.execute("copy mall_customer_features to ?", [str(tmp_path / "customers.parquet")])
    score_file(
        database, "mall", str(tmp_path / "customers.parquet"), tmp_path / "scored.parquet",
        chosen=["mall_income_spending", "mall_seven_personas", "mall_six_personas"],
    )  # fmt: skip
    differences = database.execute(
        """
        select count(*), count(*) filter (scored.persona is distinct from customer_segments.persona)
        from read_parquet(?) as scored
        full join customer_segments using (segmentation, customer_id)
        where customer_segments.dataset = 'mall'
        """,
        [str(tmp_path / "scored.parquet")],
    ).fetchall()
    assert differences == [(600, 0)]


def spreadsheet(path):
    workbook = openpyxl.Workbook()
    for row in [("Name", "Income", "Score"), ("Anna", 87.5, 82), (None, None, None), ("Ben", "20,5", "80")]:
        workbook.active.append(row)
    workbook.save(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "Name,Income,Score\nAnna,87.5,82\nBen,20.5,80\n"),
        ("a.tsv", "Name\tIncome\tScore\nAnna\t87.5\t82\nBen\t20.5\t80\n"),
        ("a.txt", "Name|Income|Score\nAnna|87.5|82\nBen|20.5|80\n"),
        ("a.csv.gz", gzip.compress(b"Name,Income,Score\nAnna,87.5,82\nBen,20.5,80\n", mtime=0)),
        ("a.csv", "\ufeffName;Income;Score\r\nAnna;87,5;82\r\nBen;20,5;80\r\n"),
        ("a.csv", "Name;Income;Score\nAnna;87,5;82\nBen;20,5;80\n".encode("utf-16")),
        ("a [1].csv", "Name,Income,Score\nAnna,87.5,82\nBen,20.5,80\n"),
        ("a.xlsx", spreadsheet),
    ],
)  # fmt: skip
def test_every_format_of_the_inputs_is_read(database, tmp_path, name, content):
    path = tmp_path / name
    content(path) if callable(content) else write(path, content)
    score_file(database, "mall", str(path), tmp_path / "scored.csv")
    found = scored(database, tmp_path / "scored.csv").dropna(subset="Name")  # a blank row of a sheet is a row
    assert found[["Name", "persona"]].values.tolist() == [["Anna", "Affluent Enthusiasts"], ["Ben", "Treat Seekers"]]


def test_what_a_file_keeps_neither_as_number_nor_as_text_is_no_figure(database, tmp_path):
    path = str(tmp_path / "customers.parquet")
    database.execute("copy (select 87::decimal(5, 1) as income, true as score) to ?", [path])
    account = score_file(database, "mall", path, tmp_path / "scored.parquet").accounts[0]
    assert account.reasons == {"spending score is not a number": 1}


def test_a_line_that_is_no_record_is_a_row_that_is_not_scored(database, tmp_path):
    lines = ["Income,Score", "87,82", "1,2,3,4", "x" * 500, '1,"2', "20,80"]
    customers = write(tmp_path / "customers.csv", "\n".join(lines))
    account = score_file(database, "mall", customers, tmp_path / "scored.csv").accounts[0]
    assert (account.read, account.scored, account.reasons) == (5, 2, {"broken line": 3})
    assert scored(database, tmp_path / "scored.csv")["problem"].dropna().to_list() == [
        "customers.csv, line 3 has 4 values, expected 2: found '1,2,3,4'",
        f"customers.csv, line 4 has 1 value, expected 2: found '{'x' * 80} ...'",
        "customers.csv, line 5 opens a quote that is not closed where a value ends: found '1,\"2'",
    ]


def test_the_reasons_are_counted_without_the_values(database, tmp_path):
    customers = write(tmp_path / "customers.csv", "Income,Score\nx,5\ny z,5\n,5\n,5\n5,-3\n5,500\n5,1e400\n")
    account = score_file(database, "mall", customers, tmp_path / "scored.csv").accounts[0]
    assert account.reasons["annual income is missing"] == 2
    assert account.reasons["annual income is not a number"] == 2
    assert account.reasons["spending score is not possible, expected 1 to 100"] == 2
    assert sum(account.reasons.values()) == account.read == 7


@pytest.mark.parametrize("value", ["a;b", "x; annual income is missing", "5 of 6; age of 3 is not possible", "-1; -2"])
def test_what_a_value_holds_is_never_taken_for_a_reason(database, tmp_path, value):
    customers = write(tmp_path / "customers.csv", f"Income,Score\n{value},5\n{value},\n87,82\n")
    account = score_file(database, "mall", customers, tmp_path / "scored.csv").accounts[0]
    assert account.reasons == {
        "annual income is not a number": 1, "annual income is not a number; spending score is missing": 1,
    }  # fmt: skip
    assert value in scored(database, tmp_path / "scored.csv")["problem"][0]


def test_the_reasons_are_those_of_the_problems(database, tmp_path):
    """Every kind of value in every feature: without its values, a problem is the reason that is counted."""
    values = ["", "x", "nan", "-inf", "1e400", "-3", "1e300", "50"]
    lines = [f"{income},{score},{age}" for income in values for score in values for age in values]
    customers = write(tmp_path / "customers.csv", "\n".join(["Income,Score,Age", *lines]))
    result = score_file(database, "mall", customers, tmp_path / "scored.csv", chosen=["mall_six_personas"])
    problems = scored(database, tmp_path / "scored.csv")["problem"].dropna()
    # none of these values holds a mark that a sentence has
    without_values = problems.str.replace(r" of \S+( is not possible)|( is not a number): [^;]+", r"\1\2", regex=True)
    assert result.accounts[0].reasons == without_values.value_counts().to_dict()
    assert len(result.accounts[0].reasons) == 63


def test_several_files_are_scored_together(database, tmp_path):
    write(tmp_path / "in1.csv", CUSTOMERS)
    write(tmp_path / "in2.csv", "Score,Name,Age,Yearly Income\n80,Eva,30,20\n")
    account = score_file(database, "mall", str(tmp_path / "in*.csv"), tmp_path / "scored.csv").accounts[0]
    assert account.read == 3
    assert scored(database, tmp_path / "scored.csv")["persona"].to_list()[2] == "Treat Seekers"


def test_a_file_that_was_scored_can_be_scored_again(database, tmp_path):
    customers = write(tmp_path / "customers.csv", CUSTOMERS)
    score_file(database, "mall", customers, tmp_path / "once.csv")
    again = score_file(database, "mall", str(tmp_path / "once.csv"), tmp_path / "twice.csv")
    thrice = score_file(database, "mall", str(tmp_path / "twice.csv"), tmp_path / "thrice.csv")
    assert again.renamed["persona"] == "predicted_persona"
    assert thrice.renamed["persona"] == "predicted_predicted_persona"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty. Expected a header line and at least one row."),
        ("Income,Score\n", "has a header line but no rows."),
        ("Name,Score\nAnna,82\n", "has no column for annual income (a column named 'annual_income_k' or"),
        ("Income,Yearly Income,Score\n1,2,3\n", "'Income' and 'Yearly Income' both stand for annual income."),
        ("Income (%),Score\n1,5\n", "column Income (%): its name says '%', and no such unit of annual income (k$) is known."),
        ("Income,Score\n$1,5\n€2,6\n", "1 value carries € (such as €2) and 1 value carries $ (such as $1). Write all values"),
        ("Income,Score\n\"1,234\",5\n", "column Income: found '1,234', which leaves open whether its comma"),
        ("Income;Score\n1,5;5\n1,234.5;6\n", "column Income: found '1,234.5', which leaves open"),
        (b"PK\x03\x04zip", "is not what its name claims: it is a zip archive or a spreadsheet."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_scored_is_said_plainly(database, tmp_path, content, message):
    customers = write(tmp_path / "customers.csv", content)
    with pytest.raises(NotPossibleError, match=re.escape(message)):
        score_file(database, "mall", customers, tmp_path / "scored.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["customers.csv"]


@pytest.mark.parametrize(
    ("output", "force", "message"),
    [
        ("customers.csv", False, "exists already. Name another place, or replace it with --force."),
        ("customers.csv", True, "is the file to score. Name another file as the output: it is never replaced."),
        ("scored.xlsx", False, "ends in '.xlsx', expected .csv or .parquet."),
        ("scored", False, "ends in '', expected .csv or .parquet."),
        ("customers.csv/scored.csv", False, "cannot be written"),
    ],
)
def test_an_output_that_cannot_be_written_is_said_plainly(database, tmp_path, output, force, message):
    customers = write(tmp_path / "customers.csv", CUSTOMERS)
    with pytest.raises(NotPossibleError, match=re.escape(message)):
        score_file(database, "mall", customers, tmp_path / output, force=force)
    assert (tmp_path / "customers.csv").read_text() == CUSTOMERS
    assert len(list(tmp_path.iterdir())) == 1


def test_an_output_that_exists_is_replaced_only_if_that_is_wanted(database, tmp_path):
    customers = write(tmp_path / "customers.csv", CUSTOMERS)
    write(tmp_path / "scored.csv", "old")
    score_file(database, "mall", customers, tmp_path / "scored.csv", force=True)
    assert len(scored(database, tmp_path / "scored.csv")) == 2


def test_a_file_to_score_is_read_as_the_inputs_are(database, tmp_path):
    content = (
        'Name,Annual Income ($),Age (months),Score\nAnna,"$87,000.00",396,82%\nBen,"$20,000.00",300,80%\n'
        'Total Wine,"($20,000.00)",300,80%\nAverage,"$53,500.00",348,81%\n'
    )
    customers = write(tmp_path / "customers.csv", content)
    found = score_file(database, "mall", customers, tmp_path / "scored.csv", chosen=["mall_six_personas"])
    account = found.accounts[0]
    assert (account.read, account.scored) == (4, 2)
    assert account.reasons == {
        "a summary row, no customer": 1, "annual income is not possible, expected 0 to 10000": 1,
    }  # fmt: skip
    assert found.notes == {
        "annual_income_k": ["its name says $: divided by 1,000", "every value carries $", "values such as ($20,000.00) are negative"],
        "age": ["its name says months: divided by 12"],
        "spending_score": ["every value carries %"],
    }  # fmt: skip
    plain = write(tmp_path / "plain.csv", CUSTOMERS)
    score_file(database, "mall", plain, tmp_path / "expected.csv", chosen=["mall_six_personas"])
    rows = scored(database, tmp_path / "scored.csv")
    assert rows["persona"][:2].tolist() == scored(database, tmp_path / "expected.csv")["persona"].tolist()
    assert rows["problem"][2:].tolist() == [
        "annual income of -20 is not possible, expected 0 to 10000", "a summary row, no customer (Average)",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["Annual Income ($)", "income in USD"])
def test_a_feature_may_be_given_in_another_unit(database, name):
    assert (
        predictions(database, "mall", {name: "$87,000.00", "spending_score": 82})[0]["persona"]
        == "Affluent Enthusiasts"
    )


# audiences and tables


def test_the_audiences_are_the_rows_of_the_mart_and_account_for_everybody(database, tmp_path):
    audiences = export_audiences(database, "mall_six_personas", Destination(tmp_path, suffix=".parquet"))
    assert sum(audience.customers for audience in audiences) == 200
    files = [str(tmp_path / audience.file) for audience in audiences]
    read = "select * from read_parquet(?)"
    mart = "select * exclude (no_contact_because) from customer_campaigns where segmentation = 'mall_six_personas'"
    assert database.execute(f"({read}) except all ({mart})", [files]).fetchall() == []
    assert database.execute(f"({mart}) except all ({read})", [files]).fetchall() == []
    for audience, path in zip(audiences, files, strict=True):
        assert database.execute("select distinct campaign from read_parquet(?)", [path]).fetchall() == [
            (audience.campaign,)
        ]
    account = database.execute(
        "select campaign, personas, channel, customers, in_control, experiments, not_to_be_contacted, file from read_parquet(?)",
        [str(tmp_path / "audiences.parquet")],
    )
    assert [tuple(vars(audience).values()) for audience in audiences] == account.fetchall()


def test_all_campaigns_are_those_that_are_recommended_and_each_leaves_its_control_out(database, tmp_path):
    audiences = export_audiences(database, "retail_personas", Destination(tmp_path), synthetic=True, all_campaigns=True)
    found = {one.campaign: one.customers + one.in_control + one.not_to_be_contacted for one in audiences}
    recommended = "select campaign, sum(customers) from campaign_recommendations where segmentation = 'retail_personas'"
    assert found == dict(database.execute(f"{recommended} group by campaign").fetchall())
    assert len(found) > len({one.groups for one in audiences})
    controls = database.execute("select customer_id from campaign_assignments where arm = 'control'").fetchall()
    assert controls
    assert {customer for (customer,) in controls}.isdisjoint(ids_in(tmp_path / "coupon_book.csv"))


def test_customers_without_a_campaign_are_named(changed, tmp_path):
    path = changed(
        "update customer_campaigns set campaign_id = null, campaign = null, channel = null, offer = null "
        "where segmentation = 'mall_six_personas' and persona = 'Premium Shoppers'"
    )
    with open_published(path) as database:
        *_, last = export_audiences(database, "mall_six_personas", Destination(tmp_path / "audiences"))
    assert (last.campaign, last.groups, last.customers, last.file) == (None, "Premium Shoppers", 39, None)
    assert "Premium Shoppers,,39," in (tmp_path / "audiences/audiences.csv").read_text()


def ids_in(path) -> set[str]:
    return {row["customer_id"] for row in csv.DictReader(path.open(encoding="utf-8"))}


def test_an_experiment_is_exported_without_its_control(database, tmp_path):
    said = []
    (audience,) = export_experiment(
        database, "retail_new_year", Destination(tmp_path, notify=said.append), synthetic=True
    )
    arms = database.execute("select arm, list(customer_id) from campaign_assignments group by arm").fetchall()
    treated, control = (set(dict(arms)[arm]) for arm in ("treated", "control"))
    assert ids_in(tmp_path / audience.file) == treated
    assert (audience.customers, audience.in_control) == (len(treated), len(control))
    assert (audience.campaign, audience.experiments) == ("Coupon Book", "retail_new_year")
    assert said == [
        "retail_new_year starts on 2025-01-01. Each build before that day assigns the customers again, so export after the "
        "last one."
    ]
    with pytest.raises(NotPossibleError, match="The customers of retail_new_year are synthetic"):
        export_experiment(database, "retail_new_year", Destination(tmp_path / "elsewhere"))
    with pytest.raises(NotPossibleError, match="Did you mean retail_new_year"):
        export_experiment(database, "retail_new_years", Destination(tmp_path / "elsewhere"), synthetic=True)


def test_the_control_of_an_open_experiment_and_who_objects_are_in_no_audience(changed, tmp_path):
    """The campaign of the experiment becomes the first one of the occasional shoppers."""
    of_campaign = "segmentation = 'retail_personas' and campaign_id = 'value_bundles'"
    path = changed(
        f"update customer_campaigns set campaign_id = 'coupon_book', campaign = 'Coupon Book' where {of_campaign}",
        "update customer_campaigns set no_contact_because = 'suppressed' where customer_id in "
        "(select customer_id from campaign_assignments where arm = 'treated' and persona_id = 'occasional_shoppers' limit 3)",
    )
    everybody = "select arm, count(*) from campaign_assignments where persona_id = 'occasional_shoppers' group by arm"
    for status, folder in (("running", "open"), ("finished", "over")):
        with duckdb.connect(str(path)) as opened:
            opened.execute("update experiment_audiences set status = ?", [status])
        with open_published(path) as database:
            arms = dict(database.execute(everybody).fetchall())
            found = export_audiences(database, "retail_personas", Destination(tmp_path / folder), synthetic=True)
            (audience,) = (one for one in found if one.campaign == "Coupon Book")
            control = arms["control"] if status == "running" else 0
            written = sum(arms.values()) - control - 3
            assert (audience.customers, audience.in_control, audience.not_to_be_contacted) == (written, control, 3)
            assert len(ids_in(tmp_path / folder / "coupon_book.csv")) == written
    with open_published(path) as database:
        (audience,) = export_experiment(database, "retail_new_year", Destination(tmp_path / "treated"), synthetic=True)
    assert audience.not_to_be_contacted == 3
    assert len(ids_in(tmp_path / "treated/coupon_book.csv")) == audience.customers


def test_a_campaign_never_writes_outside_the_folder(changed, tmp_path):
    path = changed("update customer_campaigns set campaign_id = '../outside' where campaign_id = 'flash_sale'")
    message = re.escape("The campaign '../outside' cannot be a file name.")
    with open_published(path) as database, pytest.raises(NotPossibleError, match=message):
        export_audiences(database, "mall_six_personas", Destination(tmp_path / "audiences"))
    assert not (tmp_path / "audiences").exists()


def test_no_audience_is_written_where_one_is_in_the_way(database, tmp_path):
    write(tmp_path / "flash_sale.csv", "mine")
    with pytest.raises(NotPossibleError, match=r"flash_sale.csv exists already"):
        export_audiences(database, "mall_six_personas", Destination(tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["flash_sale.csv"]


def test_a_table_for_excel_begins_with_its_mark(database, tmp_path):
    assert export_tables(database, ["personas"], Destination(tmp_path, for_excel=True)) == {
        tmp_path / "personas.csv": 26
    }
    content = (tmp_path / "personas.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfsegmentation,")
    assert content.count(b"\xef\xbb\xbf") == 1


def test_every_published_table_can_be_taken_away(database, tmp_path):
    counts = dict(database.execute("select table_name, row_count from published_tables").fetchall())
    exported = export_tables(database, [], Destination(tmp_path, suffix=".parquet"))
    # the list of the published tables is one more, and does not count itself
    assert {path.stem: number for path, number in exported.items()} == counts | {"published_tables": len(counts)}
    for path, number in exported.items():
        assert database.execute("select count(*) from read_parquet(?)", [str(path)]).fetchall() == [(number,)]


def test_the_rows_that_were_written_are_counted(changed, tmp_path):
    path = changed("update published_tables set row_count = 7", "delete from personas where cluster_id > 1")
    with open_published(path) as database:
        ((left,),) = database.execute("select count(*) from personas").fetchall()
        for suffix in [".csv", ".parquet"]:
            exported = export_tables(database, ["personas"], Destination(tmp_path, suffix=suffix))
            assert exported == {tmp_path / f"personas{suffix}": left}


# one published customer


def test_a_customer_is_found_with_segments_reasons_and_history(database):
    (customer_id,) = database.execute(
        "select customer_id from customer_segments where dataset = 'retail' order by md5(customer_id) limit 1"
    ).fetchall()[0]
    found = find_customer(database, "retail", f" {customer_id} ")
    assert [row["customer_id"] for row in found.segments] == [customer_id]
    assert found.segments[0]["reasons"][0]["feature"] == found.segments[0]["deciding_feature"]
    assert found.rfm["customer_id"] == customer_id
    assert found.history[0]["month_end"] < found.history[-1]["month_end"]


@pytest.mark.parametrize("customer_id", ["'; drop table segments; --", '"', "nobody", "", "%"])
def test_an_unknown_id_finds_nothing_and_does_nothing(database, customer_id):
    found = find_customer(database, "mall", customer_id)
    assert (found.segments, found.is_known, found.rejected, found.other_datasets) == ([], False, [], [])


def test_a_rejected_customer_is_found_with_the_reason(database):
    ((customer_id, reason),) = database.execute(
        "select customer_id, reason from rejected_rows where dataset = 'sales' order by row_number limit 1"
    ).fetchall()
    found = find_customer(database, "sales", customer_id)
    assert found.segments == []
    assert found.rejected[0]["reason"] == reason
