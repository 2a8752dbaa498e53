"""Files of customers for the campaigns of the RFM groups of a dataset."""

import csv

import duckdb
import pytest

from customer_segmentation.cli.main import main
from helpers.small_movement import SHOP
from helpers.small_publication import MALL, publish
from helpers.small_value import add_value

BARRED = "update rfm_scores set no_contact_because = 'suppressed' where customer_id = 'C0001'"
CONTROL = [
    "insert into campaign_assignments by name select 'spring' as experiment, 'shop' as dataset, 'C0002' as customer_id, "
    "'control' as arm, 'early_access' as campaign_id",
    "insert into experiment_audiences by name select 'spring' as experiment, 'shop' as dataset, 'running' as status, "
    "'early_access' as campaign_id",
]


@pytest.fixture
def export(tmp_path, capsys):
    """Export the RFM groups of a dataset of an invented publication; return the exit code, what was told, and the error."""
    published = add_value(publish(tmp_path / "marts.duckdb", SHOP, MALL))

    def run(*options, dataset="shop", changes=()):
        with duckdb.connect(str(published)) as database:
            for change in changes:
                database.execute(change)
        folder = ["--folder", str(tmp_path / "out")]
        code = main(["--published", str(published), "export", "--rfm", dataset, *folder, *options])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def lines(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_each_campaign_of_a_group_has_its_file(export, tmp_path):
    code, out, err = export()
    assert (code, err) == (0, "")
    assert lines(tmp_path / "out/early_access.csv") == [
        ["dataset", "customer_id", "rfm_group", "campaign_id", "campaign", "channel", "offer"],
        *(
            ["shop", customer, "Champions", "early_access", "Early Access", "app_push", "New things first"]
            for customer in ("C0000", "C0001", "C0002", "C0003")
        ),
    ]
    assert "        4  early_access.csv: Early Access (app push) for Champions\n" in out
    assert "        4  without a campaign: Need Attention; No Purchase Yet\n" in out
    assert "10 customers of shop = 6 in two audiences + 4 without a campaign. Written to" in out
    header, *account = lines(tmp_path / "out/audiences.csv")
    assert header[:3] == ["campaign_id", "campaign", "rfm_groups"]
    assert sorted(row[2] for row in account) == ["Champions", "Lost", "Need Attention; No Purchase Yet"]


def test_the_control_and_who_must_not_be_contacted_are_left_out_and_counted(export, tmp_path):
    code, out, _ = export(changes=[BARRED, *CONTROL])
    assert code == 0
    assert [row[1] for row in lines(tmp_path / "out/early_access.csv")[1:]] == ["C0000", "C0003"]
    assert (
        "10 customers of shop = 4 in two audiences + 4 without a campaign + 1 in a control + 1 not to be contacted."
        in out
    )


def test_contacts_of_a_group_are_hashed_without_those_of_who_must_not_be_contacted(export, tmp_path):
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("customer_id,email\nC0000,a@example.com\nC0001,b@example.com\nC0003,b@example.com\n")
    code, out, err = export("--contacts", str(contacts), "--platform", "google", changes=[BARRED])
    assert (code, err) == (0, "")
    assert len(lines(tmp_path / "out/early_access.csv")) == 1 + 1
    assert "        1  hashed contacts in the file\n" in out


@pytest.mark.parametrize(
    ("dataset", "changes", "message"),
    [
        ("shops", [], "There is no dataset called 'shops'. Did you mean shop?"),
        ("mall", [], "The customers of mall have no RFM groups: these need the day, the number and the amount"),
        ("shop", ["update datasets set is_synthetic = true"], "The customers of shop are synthetic"),
        (
            "shop",
            ["alter table rfm_scores drop column no_contact_because"],
            "An earlier version published these tables",
        ),
    ],
)
def test_what_has_no_audience_is_said_plainly_and_nothing_is_written(export, tmp_path, dataset, changes, message):
    code, _, err = export(dataset=dataset, changes=changes)
    assert code != 0
    assert message in err
    assert not (tmp_path / "out").exists()
