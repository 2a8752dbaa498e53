"""The command `segmentation` as users run it: what it answers, what it says to mistakes, how it ends."""

import contextlib
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from customer_segmentation.cli import show
from customer_segmentation.cli.main import main
from helpers.small_publication import publish

MALL = ["predict", "mall", "age=33", "annual_income_k=87", "spending_score=82"]
CUSTOMERS = "Name,Yearly Income,Score\nAnna,87,82\nBen,x,80\nEva,,80\n"


@pytest.fixture(scope="session")
def published(built):
    return built.published / "marts.duckdb"


@pytest.fixture
def segmentation(published, tmp_path):
    """Run the command in a folder of its own, as a user would."""

    def run(*arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "customer_segmentation.cli.main", *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | {"SEGMENTATION_PUBLISHED": str(published)} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def assert_said_plainly(run, message, code=1):
    assert message in " ".join(run.stderr.split())
    assert run.returncode == code
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_the_command_is_installed():
    script = Path(sys.executable).parent / "segmentation"
    assert script.is_file(), "install the project: pip install --no-deps --editable ."
    run = subprocess.run([script, "--help"], capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert "segmentation predict shop" in run.stdout


@pytest.mark.parametrize(
    "command", ["predict", "show", "export", "report", "slides", "pictures", "site", "mcp", "bi-files"]
)
def test_each_command_explains_itself(segmentation, command):
    run = segmentation(command, "--help")
    assert run.returncode == 0
    assert "--published" in run.stdout


def test_one_customer_is_told_in_words(segmentation):
    run = segmentation(*MALL)
    assert run.returncode == 0
    assert run.stdout.index("Income and spending (mall_income_spending, default)") < run.stdout.index(
        "mall_seven_personas"
    )
    assert "Persona:      Affluent Enthusiasts" in run.stdout
    assert re.search(r"Certainty: +clear: .* times closer than the runner-up, Steady Middle", run.stdout)
    assert re.search(r"Why: .*spending score 82 points \(typical: here \d+, Steady Middle \d+, all", run.stdout)
    assert "Early Access (app push): Shop new collections" in run.stdout
    assert "Caution" not in run.stdout


def test_a_segmentation_that_lacks_a_figure_says_so_and_the_others_answer(segmentation):
    run = segmentation("predict", "mall", "income=87", "score=82")
    assert run.returncode == 0
    assert "Affluent Enthusiasts" in run.stdout
    assert run.stdout.count("Not scored:") == 2


def test_what_the_model_has_never_seen_and_what_is_made_up_is_said(segmentation):
    assert "Undecided:    unlike any customer" in segmentation("predict", "mall", "income=500", "score=99").stdout
    run = segmentation("predict", "retail", "income=90", "frequency=6", "monetary_value=1148")
    assert "synthetic customers" in run.stdout


def test_figures_may_stand_behind_options(segmentation):
    run = segmentation("predict", "mall", "age=33", "--segmentation", "mall_six_personas", "income=87", "score=82")
    assert run.returncode == 0
    assert "Premium Shoppers" in run.stdout
    assert_said_plainly(
        segmentation("show", "--published", "x", "y", "age=33"), "unexpected extra argument (age=33)", 2
    )


def test_a_name_that_the_terminal_cannot_write_is_no_reason_to_stop(segmentation):
    run = segmentation("predict", "mall", "\N{SNOWMAN}=3", PYTHONIOENCODING="latin-1")
    assert_said_plainly(run, "There is no feature called '?'")


def test_the_command_runs_where_output_goes_to_no_terminal_or_file():
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert main(["--help"]) == 0
    assert "segmentation predict shop" in said.getvalue()


def test_programs_get_the_whole_prediction(segmentation):
    run = segmentation(*MALL, "--json", "--segmentation", "mall_six_personas")
    (prediction,) = json.loads(run.stdout)["predictions"]
    assert prediction["persona"] == "Premium Shoppers"
    assert prediction["runner_up_persona"] == "Young Enthusiasts"
    assert 0 < prediction["margin"] < 1
    failed = segmentation("predict", "mall", "income=abc", "--json")
    assert failed.returncode == 1
    assert {row["persona"] for row in json.loads(failed.stdout)["predictions"]} == {None}


@pytest.mark.parametrize("income", ["abc", "", "-1", "1e400", "nan", "inf", "' or 1=1 --"])
def test_what_is_no_figure_is_said_once_and_plainly(segmentation, income):
    run = segmentation("predict", "mall", "age=33", f"income={income}", "score=82")
    assert_said_plainly(run, "nnual")
    assert len(run.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["predict", "mal", "age=3"], "There is no dataset called 'mal'. Did you mean mall?", 1),
        (["predict", "mall", "agee=3"], "There is no feature called 'agee' in the dataset mall. Did you mean age?", 1),
        ([*MALL, "--segmentation", "mall_six"], "There is no segmentation of mall called 'mall_six'.", 1),
        (["predict", "mall", "age=3", "age=4"], "'age' is given twice.", 1),
        (["predict", "mall", "income=1,234"], "found '1,234', which leaves open whether its comma", 1),
        (["predict", "mall", "33"], "Found '33', expected name=value, for example age=33.", 2),
        (["predict", "mall"], "For example: segmentation predict mall annual_income_k=61.5 spending_score=50 age=36", 2),
        (["predict"], "Name the dataset first: mall, retail, sales.", 2),
        (["predict", "age=33"], "Name the dataset first: mall, retail, sales.", 2),
        (["predict", "mall", "--file", "a.csv"], "Name the file to write with --output", 2),
        ([*MALL, "--output", "a.csv"], "--output and --force belong to --file", 2),
        ([*MALL, "--file", "a.csv", "--output", "b.csv"], "Give either a file or the figures of one customer.", 2),
        (["predict", "mall", "--file", "a.csv", "--output", "b.csv"], "The file a.csv does not exist", 1),
        (["export", "--folder", "f"], "Name either a segmentation with --segmentation or a dataset with --rfm, for their audiences", 2),
        (["export", "--folder", "f", "--segmentation", "mall"], "There is no segmentation called 'mall'.", 1),
        (["export", "--folder", "f", "--tables", "segment"], "There is no table called 'segment'. Did you mean segments?", 1),
        (["export", "--folder", "f", "--tables", "--excel", "--format", "parquet"], "--excel belongs to --format csv", 2),
        (["show", "mall_six"], "There is no segmentation called 'mall_six'. Did you mean mall_six_personas?", 1),
        (["forecast"], "No such command 'forecast'", 2),
        ([], "Usage: segmentation [OPTIONS] COMMAND", 2),
    ],
)  # fmt: skip
def test_mistakes_are_said_plainly(segmentation, arguments, message, code):
    assert_said_plainly(segmentation(*arguments), message, code)


@pytest.mark.parametrize("command", [MALL, ["show"], ["export", "--tables", "--folder", "f"]])
def test_nothing_published_is_said_plainly(segmentation, tmp_path, command):
    missing = tmp_path / "nowhere.duckdb"
    assert_said_plainly(segmentation(*command, "--published", missing), "does not exist. Run `make build` first")
    assert_said_plainly(segmentation("--published", missing, *command), "does not exist. Run `make build` first")
    assert_said_plainly(segmentation(*command, SEGMENTATION_PUBLISHED=str(missing)), "does not exist.")
    assert_said_plainly(segmentation(*command, "--published", tmp_path), "is a folder, expected a published database")
    missing.touch()
    assert_said_plainly(segmentation(*command, "--published", missing), "cannot be read")
    missing.unlink()
    with duckdb.connect(str(missing)) as database:
        database.execute("create table published_tables as select 'segments' as table_name")
    assert_said_plainly(segmentation(*command, "--published", missing), "was published by another version")


@pytest.mark.parametrize(
    "command",
    [
        MALL,
        ["predict"],
        ["predict", "mall"],
        ["predict", "mall", "--file", "a.csv", "--output", "b.csv"],
        ["show"],
        ["show", "mall_personas"],
        ["export", "--segmentation", "mall_personas", "--folder", "f"],
        ["export", "--tables", "--folder", "f"],
    ],
)
def test_a_publication_without_a_segmentation_is_said_plainly(segmentation, tmp_path, command):
    empty = publish(tmp_path / "marts.duckdb")
    with duckdb.connect(str(empty)) as database:
        for (table,) in database.execute("select table_name from duckdb_tables()").fetchall():
            database.execute(f"delete from {table}")
    run = segmentation(*command, "--published", empty)
    assert_said_plainly(run, f"{empty} holds no segmentation. Run `make build` to publish it again.")


def test_a_file_is_scored_with_an_account_of_its_rows(segmentation, tmp_path):
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    run = segmentation("predict", "mall", "--file", "customers.csv", "--output", "out/scored.csv")
    assert run.returncode == 0
    assert "Read annual_income_k from 'Yearly Income', spending_score from 'Score'." in run.stdout
    assert "Income and spending (mall_income_spending): 3 rows read = 1 scored + 2 not scored:" in run.stdout
    assert "Written to out/scored.csv." in run.stdout
    lines = (tmp_path / "out/scored.csv").read_text().splitlines()
    assert lines[1].startswith("Anna,87,82,mall_income_spending,")
    assert [line.split(",")[0] for line in lines[1:]] == ["Anna", "Ben", "Eva"]
    again = segmentation("predict", "mall", "--file", "customers.csv", "--output", "out/scored.csv")
    assert_said_plainly(again, "exists already. Name another place, or replace it with --force.")


def test_a_file_with_many_kinds_of_mistakes_is_accounted_for_in_a_few_lines(segmentation, tmp_path):
    values = ["", "x", "-3", "50"]
    lines = [f"{income},{score},{age}" for income in values for score in values for age in values]
    (tmp_path / "customers.csv").write_text("\n".join(["Income,Score,Age", *lines]))
    options = ["--file", "customers.csv", "--output", "scored.csv"]
    run = segmentation("predict", "mall", *options, "--segmentation", "mall_six_personas")
    _, account, *reasons, _ = run.stdout.splitlines()
    assert account == "Six personas (mall_six_personas): 64 rows read = 1 scored + 63 not scored:"
    assert len(reasons) == 11
    assert reasons[-1].split(maxsplit=1) == ["53", "for 53 other reasons, in the column `problem`"]


def test_a_file_gets_a_row_for_each_segmentation_if_all_are_wanted(segmentation, tmp_path):
    (tmp_path / "customers.csv").write_text("Age,Income,Score\n33,87,82\n20,20,80\n")
    options = ["--file", "customers.csv", "--output", "scored.csv", "--json"]
    run = segmentation("predict", "mall", *options, "--segmentation", "all")
    assert [(one["read"], one["scored"]) for one in json.loads(run.stdout)["accounts"]] == [(2, 2)] * 3
    assert len((tmp_path / "scored.csv").read_text().splitlines()) == 7


def test_audiences_are_written_with_an_account_of_the_customers(segmentation, tmp_path):
    run = segmentation("export", "--segmentation", "mall_income_spending", "--folder", "audiences")
    assert run.returncode == 0
    assert "81  points_booster.csv: Points Booster (email) for Steady Middle" in run.stdout
    assert "200 customers of mall_income_spending = 200 in five audiences." in run.stdout
    assert len((tmp_path / "audiences/points_booster.csv").read_text().splitlines()) == 82


def test_the_account_names_the_control(segmentation, tmp_path):
    run = segmentation("export", "--experiment", "retail_new_year", "--synthetic", "--folder", "treated")
    assert run.returncode == 0, run.stderr
    treated = len((tmp_path / "treated/coupon_book.csv").read_text().splitlines()) - 1
    assert f"{treated:,}  coupon_book.csv: Coupon Book (direct mail) for Frequent Shoppers" in run.stdout
    assert "left out, in the control of retail_new_year" in run.stdout
    assert f"customers of retail_new_year = {treated:,} in one audience + " in run.stdout
    assert "in a control. Written to treated." in run.stdout


def test_what_an_older_export_left_is_named(segmentation, published, tmp_path):
    export = ["export", "--segmentation", "mall_income_spending", "--folder", "audiences"]
    segmentation(*export)
    (tmp_path / "audiences/of_another_format.parquet").touch()
    assert "Caution" not in segmentation(*export, "--folder", "elsewhere").stdout
    changed = tmp_path / "changed.duckdb"
    shutil.copy(published, changed)
    with duckdb.connect(str(changed)) as database:
        database.execute("update customer_campaigns set campaign_id = 'new' where campaign_id = 'flash_sale'")
    run = segmentation(*export, "--force", "--published", changed)
    assert "new.csv" in run.stdout
    assert "Caution, not from this export: flash_sale.csv, of_another_format.parquet." in run.stdout


def test_tables_are_written_on_request(segmentation, tmp_path):
    run = segmentation("export", "--tables", "segments", "--excel", "--folder", "tables")
    assert "26 rows  tables/segments.csv" in run.stdout
    assert (tmp_path / "tables/segments.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_summary_fits_a_screen_and_says_what_does_not_hold(segmentation):
    run = segmentation("show")
    assert run.returncode == 0
    lines = run.stdout.splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 100
    seven = "Seven personas (mall_seven_personas): 7 segments, silhouette 0.41, inertia 3.7 % above the best known"
    assert seven in " ".join(run.stdout.split())
    assert "  Steady Middle                81   40.5 %  Middle income ($54k), middle spending (50 points)" in lines
    assert "Six personas (mall_six_personas): 6 segments, silhouette 0.43, one persona contradicted" in lines
    assert "Spreadsheet personas (sales_personas): 985 synthetic customers in 5 segments, silhouette 0.38" in lines
    assert "  Without a segment: 89 of 6,000 customers." in lines
    assert "  Who will bring most money: the model of lifetime value knows better than every simple rule." in lines
    assert "  mall_customers: this project, 200 rows, 0 rejected" in lines
    assert "  sales_customers: seeds/raw/sales_customers.xlsx (synthetic), 1,018 rows, 33 rejected" in lines


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ({"money": "holds more", "rfm": "holds less"}, "money tells as well as the model of lifetime value."),
        ({"money": "holds more", "rfm": "as good"}, "money and RFM tell as well as the model of lifetime value."),
    ],
)
def test_the_rules_that_are_as_good_as_the_model_are_named(verdicts, said):
    with duckdb.connect() as database:
        database.execute(
            "create table segmentation_fits as select 'shop' as segmentation, 'shop' as dataset, true as is_default"
        )
        database.execute(
            "create table prediction_checks (dataset text, ranking text, outcome text, kind text, verdict text)"
        )
        rows = [["shop", rule, "money", "rule", verdict] for rule, verdict in verdicts.items()]
        database.executemany("insert into prediction_checks values (?, ?, ?, ?, ?)", rows)
        assert show._prediction(database, "shop") == f"Who will bring most money: {said}"


def test_one_segmentation_says_what_the_summary_shortens(segmentation):
    seven, six, sales = (
        segmentation("show", name).stdout for name in ("mall_seven_personas", "mall_six_personas", "sales_personas")
    )
    assert "6 segments separate customers best (silhouette 0.43)" in seven
    assert "Showing 7 because segmentations.csv sets k = 7." in seven
    assert "contradicted: spending score: claimed high (at least 55 points), found 50" in six
    assert "buys now and then (9 purchases a year), bought some time ago (36 days)" in sales
    retail = " ".join(segmentation("show", "retail_personas").stdout.split())
    assert "A segment needs annual_income_k, frequency and monetary_value." in retail


def test_the_size_of_a_segment_with_a_long_name_is_shown(built, tmp_path):
    changed = tmp_path / "marts.duckdb"
    shutil.copy(built.published / "marts.duckdb", changed)
    name = "Bought some time ago, buys now and then, spends moderately"
    with duckdb.connect(str(changed)) as database:
        database.execute("create table own as from segments")
        database.execute(f"update own set persona = '{name}', headline = '{name}' where persona = 'Steady Middle'")
        database.execute("create or replace temp view segments as from own")
        lines = show._segment_lines(database, "mall_income_spending", is_short=True)
    (line,) = [line for line in lines if line.startswith("  Bought")]
    assert line == "  Bought some time ago, buys now and then, spends …         81   40.5 %  Bought some time ago, …"


def test_one_segmentation_is_shown_with_its_personas_and_offers(segmentation):
    run = segmentation("show", "mall_income_spending")
    assert "Earn well but buy little here." in run.stdout
    assert "Offer: Personal Advice (phone call): A free consultation with a product specialist" in run.stdout
    assert "mall_seven_personas" not in run.stdout


def on_a_terminal(published, typed, *arguments):
    """Run the command with a terminal as its input."""
    keyboard, terminal = pty.openpty()
    os.write(keyboard, typed.encode())
    try:
        return subprocess.run(
            [sys.executable, "-m", "customer_segmentation.cli.main", "--published", str(published), *arguments],
            stdin=terminal,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(terminal)
        os.close(keyboard)


def test_without_figures_the_command_asks_for_each(published):
    run = on_a_terminal(published, "87,5\n82\n\n", "predict", "mall")
    assert "Annual income in thousand $, from 0 to 10,000, typically 61.5: " in run.stderr
    assert "Age in years, from 10 to 110, typically 36: " in run.stderr
    assert "Affluent Enthusiasts" in run.stdout
    assert run.returncode == 0


def test_who_stops_answering_gets_no_traceback(published):
    run = on_a_terminal(published, "87\n\x04", "predict", "mall")
    assert run.returncode == 1
    assert "Stopped" in run.stderr
    assert "Traceback" not in run.stderr


EVERY_ANSWER = [
    ["--help"],
    ["predict", "--help"],
    MALL,
    [*MALL, "--json"],
    ["show"],
    ["show", "mall_income_spending"],
    ["export", "--tables", "segments", "--folder", "f", "--force"],
]


def into(output, published, folder, command):
    """Run the command with its output sent to an open file, through a buffer as users have it."""
    return subprocess.run(
        [sys.executable, "-m", "customer_segmentation.cli.main", "--published", str(published), *command],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("command", EVERY_ANSWER)
def test_an_answer_that_cannot_be_written_is_said_in_one_line(published, tmp_path, command):
    with Path("/dev/full").open("w") as full:
        run = into(full, published, tmp_path, command)
    assert run.stderr == "The output cannot be written: No space left on device. Write it elsewhere.\n"
    assert run.returncode == 1


@pytest.mark.parametrize("command", EVERY_ANSWER)
def test_who_stops_reading_gets_no_complaint(published, tmp_path, command):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        run = into(writer, published, tmp_path, command)
    finally:
        os.close(writer)
    assert run.stderr == ""
    assert run.returncode == 0


def test_one_prediction_imports_neither_pandas_nor_scikit_learn(published):
    """This is what keeps the command quick: pandas alone takes longer than the prediction."""
    program = (
        "import sys; from customer_segmentation.cli.main import main; main(sys.argv[1:]); "
        "sys.exit(bool({'pandas', 'sklearn', 'numpy'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, "--published", str(published), *MALL], capture_output=True, check=False
    )
    assert run.returncode == 0
