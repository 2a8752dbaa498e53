"""Hashed contacts for ad platforms: what is hashed, who is left out, and that nothing of a contact remains or is told."""

import csv
import re

import duckdb
import pytest

from customer_segmentation.cli.contacts import UnusableContactError, email_to_hash, phone_to_hash
from customer_segmentation.cli.main import main
from helpers.small_publication import MALL, publish

# of Snap's and Google's documentation of hashed identifiers
PERSON = "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345"  # person@example.com
DIGITS = "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383"  # 448444124653
WITH_PLUS = "11f9231a47ccfd680a60606f73702bc2c0fb065a7f55c482269e51d9f9e868ae"  # +448444124653


@pytest.mark.parametrize(
    "text", ["person@example.com", " Person@Example.COM\t", "\N{NO-BREAK SPACE}PERSON@example.com"]
)
def test_an_address_is_hashed_without_spaces_around_it_and_in_lower_case(text):
    assert email_to_hash(text) == "person@example.com"


@pytest.mark.parametrize(
    "text", ["", "person", "person@", "@example.com", "per son@example.com", "a@b", "a@b@c.de", "a@b.de;c@d.de", "a@b.d\u200be"]
)  # fmt: skip
def test_what_is_no_address_is_not_hashed(text):
    with pytest.raises(UnusableContactError, match=re.escape("no address of the form name@example.com")):
        email_to_hash(text)


@pytest.mark.parametrize(
    ("text", "country_code", "expected"),
    [
        ("+44 844 412 4653", None, "+448444124653"),
        ("+44 (0)844 412-4653", "49", "+448444124653"),
        ("0044/844.412.4653", "49", "+448444124653"),
        ("0844 412 4653", "44", "+448444124653"),
        ("844 412 4653", "44", "+448444124653"),
        ("(212) 555-0100", "1", "+12125550100"),
        ("1-212-555-0100", "1", "+12125550100"),
        ("06 1234 5678", "39", "+390612345678"),
        ("06 30 123 4567", "36", "+36301234567"),
    ],
)
def test_a_phone_number_is_hashed_as_its_digits_with_the_country_code(text, country_code, expected):
    assert phone_to_hash(text, country_code) == expected


@pytest.mark.parametrize(
    ("text", "country_code", "problem"),
    [
        ("0844 412 4653", None, "no country code; write numbers like +44 20 7946 0018, or add --country-code"),
        ("448444124653", None, "no country code"),
        ("448444124653", "44", "perhaps with the country code 44 already; put a plus sign in front"),
        ("+44 844 CALL NOW", None, "no phone number of digits"),
        ("4.48444E+11", "44", "no phone number of digits"),
        ("+44++8444124653", None, "no phone number of digits"),
        ("+12345", None, "not the digits of an international phone number"),
        ("+4484441246531234", None, "not the digits of an international phone number"),
        ("+0844 412 4653", None, "not the digits of an international phone number"),
        ("555-0100", "1", "not the digits of an international phone number"),
    ],
)
def test_a_phone_number_is_never_completed_by_a_guess(text, country_code, problem):
    with pytest.raises(UnusableContactError, match=re.escape(problem)):
        phone_to_hash(text, country_code)


@pytest.fixture
def export(tmp_path, capsys):
    """Export hashed contacts of an invented publication; return the exit code, what was told, and the error."""
    published = publish(tmp_path / "marts.duckdb", MALL)

    def run(contacts, *options, segmentation=MALL.segmentation, changes=()):
        with duckdb.connect(str(published)) as database:
            for change in changes:
                database.execute(change)
        if contacts is not None:
            (tmp_path / "contacts.csv").write_text(contacts)
        whom = ["--experiment", "spring"] if segmentation is None else ["--segmentation", segmentation]
        code = main(
            ["--published", str(published), "export", *whom, "--folder", str(tmp_path / "out"), *options,
             "--contacts", str(tmp_path / "contacts.csv")]
        )  # fmt: skip
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def lines(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def counts(tmp_path, campaign="campaign_1_1"):
    """Return customers = those without contact + without a usable one + with one, and the contacts in the file."""
    header, *rows = lines(tmp_path / "out/audiences.csv")
    (row,) = [dict(zip(header, row, strict=True)) for row in rows if row[0] == campaign]
    names = ("customers", "without_contact", "unusable_contact", "repeated_contacts", "contacts")
    return tuple(int(row[name]) for name in names)


@pytest.mark.parametrize(
    ("platform", "header", "phone"), [("google", ["Email", "Phone"], WITH_PLUS), ("meta", ["email", "phone"], DIGITS)]
)
def test_each_platform_gets_its_columns_and_its_hashes(export, tmp_path, platform, header, phone):
    contacts = "Customer ID,Phone Number,E-Mail,Note\nC0000,0844 412 4653,Person@Example.com ,a note\n"
    code, out, err = export(contacts, "--platform", platform, "--country-code", "+44")
    assert (code, err) == (0, "")
    assert lines(tmp_path / "out/campaign_1_1.csv") == [header, [PERSON, phone]]
    assert lines(tmp_path / "out/campaign_2_1.csv") == [header]
    assert "        1  hashed contacts in the file\n       49  left out, without a contact\n" in out


def test_the_account_says_what_became_of_every_customer(export, tmp_path):
    contacts = (
        "customer_id,email\nC0000,person@example.com\nC0001,PERSON@example.com\nC0002,other@example.com\nC0003,none\n"
        "C0004,\nC0050,person@example.com\nX,x@example.com\nY,y@example.com\n,z@example.com\n"
    )
    code, out, _ = export(contacts, "--platform", "google")
    assert code == 0
    assert counts(tmp_path) == (50, 46, 1, 1, 2)
    assert len(lines(tmp_path / "out/campaign_1_1.csv")) == 1 + 2
    assert lines(tmp_path / "out/campaign_2_1.csv") == [["Email"], [PERSON]]
    assert "contacts.csv: two ids of no customer of mall." in out
    assert "contacts.csv: one row without a customer id." in out
    assert "contacts.csv: one e-mail address left out, the first in row 4 after the header: no address of" in out


def test_several_contacts_of_a_customer_are_all_sent(export, tmp_path):
    contacts = "customer_id,email\nC0000,person@example.com\nC0000,other@example.com\nC0000,none\n"
    assert export(contacts, "--platform", "google")[0] == 0
    assert counts(tmp_path) == (50, 49, 0, 0, 2)


def test_a_contact_that_another_row_completes_is_sent_once(export, tmp_path):
    contacts = (
        "customer_id,email,phone\nC0000,person@example.com,+448444124653\nC0000,person@example.com,\n"
        "C0001,,+448444124653\nC0002,other@example.com,\nC0003,,+448444124654\n"
    )
    assert export(contacts, "--platform", "google")[0] == 0
    assert counts(tmp_path) == (50, 46, 0, 2, 3)
    _, *written = lines(tmp_path / "out/campaign_1_1.csv")
    assert [PERSON, WITH_PLUS] in written
    assert len(written) == 3


def test_an_address_of_somebody_who_must_not_be_contacted_is_not_sent_for_another(export, tmp_path):
    contacts = "customer_id,email\nC0000,person@example.com\nC0001,person@example.com\nC0002,other@example.com\n"
    bar = "update customer_campaigns set no_contact_because = 'objected' where customer_id = 'C0001'"
    assert export(contacts, "--platform", "google", changes=[bar])[0] == 0
    assert counts(tmp_path) == (49, 47, 1, 0, 1)
    assert [PERSON] not in lines(tmp_path / "out/campaign_1_1.csv")


SPRING = [
    "insert into experiment_audiences by name select 'spring' as experiment, 'mall' as dataset, 'running' as status, "
    "'campaign_1_1' as campaign_id, 'Campaign 1.1' as campaign, 'email' as channel, date '2024-03-01' as starts_on, "
    "date '2024-03-02' as day, false as is_synthetic",
    "insert into campaign_assignments by name select 'spring' as experiment, dataset, customer_id, campaign_id, persona, "
    "case when customer_id < 'C0020' then 'treated' else 'control' end as arm from customer_campaigns "
    "where campaign_id = 'campaign_1_1'",
]
HOUSEHOLD = "customer_id,email\nC0000,person@example.com\nC0001,other@example.com\nC0030,person@example.com\n"


@pytest.mark.parametrize("segmentation", [None, MALL.segmentation])
def test_an_address_of_the_control_is_not_sent_for_a_treated_customer(export, tmp_path, segmentation):
    contacts = f"{HOUSEHOLD}C0050,person@example.com\n"
    code, _, err = export(contacts, "--platform", "google", segmentation=segmentation, changes=SPRING)
    assert (code, err) == (0, "")
    assert counts(tmp_path) == (20, 18, 1, 0, 1)
    assert [PERSON] not in lines(tmp_path / "out/campaign_1_1.csv")
    # the control of one campaign may get another
    if segmentation:
        assert [PERSON] in lines(tmp_path / "out/campaign_2_1.csv")


@pytest.mark.parametrize(
    ("contacts", "message"),
    [
        (None, "contacts.csv does not exist"),
        ("id_of_shop,email\n1,a@b.de\n", "contacts.csv has the columns id_of_shop, email, and none for the customer. Name the column"),
        ("customer_id,town\nC0000,Rome\n", "contacts.csv has the columns customer_id, town, and none to contact customers by. Name one email or phone."),
        ("customer_id,phone,Mobile\nC0000,1,2\n", "'phone' and 'Mobile' both stand for the phone number. Leave one of them out."),
        ("customer_id,email\n0000,a@b.de\n", "names no customer of mall: found ids such as '0000', expected ids such as 'C0000'."),
        ("customer_id,email\nC0000,ab.de\n", "contacts.csv has no contact that can be used: nothing was written."),
        ("customer_id,email\n", "contacts.csv has a header line but no rows."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_said_plainly_and_nothing_is_written(export, tmp_path, contacts, message):
    code, out, err = export(contacts, "--platform", "google")
    assert code == 1
    assert message in " ".join(err.split())
    assert not (tmp_path / "out").exists()
    assert "ab.de" not in out + err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Name the ad platform with --platform: they hash phone numbers differently."),
        (["--platform", "google", "--excel"], "--contacts writes plain CSV of audiences"),
        (["--platform", "google", "--format", "parquet"], "--contacts writes plain CSV of audiences"),
        (["--platform", "google", "--country-code", "DE"], "--country-code: found 'DE', expected digits such as 44."),
        (["--platform", "google", "--country-code", "7"], "numbers of 7 may begin with 8 with or without"),
    ],
)
def test_options_that_do_not_fit_are_said_plainly(export, tmp_path, options, message):
    code, _, err = export("customer_id,email\nC0000,a@b.de\n", *options)
    assert code == 2
    assert message in " ".join(err.split())
    assert not (tmp_path / "out").exists()


def test_options_of_contacts_need_contacts(tmp_path, capsys):
    command = ["export", "--segmentation", "s", "--folder", str(tmp_path / "out"), "--platform", "meta"]
    assert main(["--published", str(tmp_path), *command]) == 2
    assert "--platform and --country-code belong to --contacts" in " ".join(capsys.readouterr().err.split())


def test_the_file_of_contacts_is_never_replaced(export, tmp_path):
    (tmp_path / "out").mkdir()
    contacts = "customer_id,email\nC0000,person@example.com\n"
    (tmp_path / "out/campaign_1_1.csv").write_text(contacts)
    (tmp_path / "contacts.csv").symlink_to(tmp_path / "out/campaign_1_1.csv")
    code, _, err = export(None, "--platform", "google", "--force")
    assert code == 1
    assert "is the file of contacts, which is never replaced. Name another folder." in " ".join(err.split())
    assert (tmp_path / "out/campaign_1_1.csv").read_text() == contacts


def test_nothing_of_a_contact_is_kept_or_told(export, tmp_path):
    contacts = "customer_id,email,phone\nC0000,zanzibar@example.com,+448444124653\nC0001,zanzibar@,0844 412 4654\n"
    code, out, err = export(contacts, "--platform", "google")
    assert code == 0
    assert "left out, the first in row 2 after the header" in out
    holding = {file.name for file in tmp_path.rglob("*") if file.is_file() and b"zanzibar" in file.read_bytes()}
    assert holding == {"contacts.csv"}  # of the user
    assert not any(secret in out + err for secret in ("zanzibar", "448444124653", "0844 412 4654"))
