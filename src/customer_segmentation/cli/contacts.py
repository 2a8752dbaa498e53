"""Contact details of a file of the user's, hashed as ad platforms take them: read for one export, and kept nowhere."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import duckdb

from customer_segmentation.errors import NotPossibleError, UsageError
from customer_segmentation.formatting import counted
from customer_segmentation.publication.database import rows
from customer_segmentation.scoring.input_rows import NUMBER_TYPE, InputRows, read_input_rows
from customer_segmentation.scoring.predict import matched_names

WANTED = [
    {
        "feature": "customer_id",
        "label": "the customer",
        "accepted_names": [
            "customer_id", "Customer", "Customer No", "Customer Number", "Client ID", "Member ID", "User ID", "ID",
            "Kundennummer",
        ],
    },
    {"feature": "email", "label": "the e-mail address", "accepted_names": ["email", "Email Address", "Mail"]},
    {
        "feature": "phone",
        "label": "the phone number",
        "accepted_names": ["phone", "Phone Number", "Mobile", "Mobile Number", "Telephone"],
    },
]  # fmt: skip
KINDS = {"email": ("e-mail address", "e-mail addresses"), "phone": ("phone number", "phone numbers")}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
BETWEEN_DIGITS = re.compile(r"[\s()./\-\N{EN DASH}\N{NON-BREAKING HYPHEN}]|\(0\)")
DIGITS_OF_E164 = range(7, 16)  # with the country code; Niue has the shortest numbers
# What a national number begins with that is no part of it, by ITU-T E.164 and the metadata of libphonenumber: 0, except
TRUNK_PREFIXES = {"1": "1", "36": "06", **dict.fromkeys(("39", "225", "229", "241", "242", "378"), "")}
# where it is 8, and a number without it may begin with 8 as well
OPEN_PREFIXES = ("7", "375", "993")


class UnusableContactError(Exception):
    """Say why an address or a number cannot be used, without repeating it."""


@dataclass(frozen=True)
class Platform:
    """How an ad platform takes a list of customers.

    Attributes
    ----------
    columns : dict of str to str
        What it calls `email` and `phone`.
    has_plus : bool
        Whether the plus sign of a phone number is hashed with it.
    """

    columns: dict[str, str]
    has_plus: bool


# Google Ads Help, "Format your customer data file" (7659867); Meta Business Help Centre, "How to format a customer
# list" (2082575038703844), and PhoneNormalizer of Meta's own SDK, which keeps the digits alone.
PLATFORMS = {
    "google": Platform({"email": "Email", "phone": "Phone"}, has_plus=True),
    "meta": Platform({"email": "email", "phone": "phone"}, has_plus=False),
}


@dataclass(frozen=True)
class ContactFile:
    """A file with the contact details of customers, and for whom they are hashed.

    Attributes
    ----------
    location : str
        A file or a glob, in any of the formats that the inputs take.
    platform : str
        One of `PLATFORMS`.
    country_code : str or None
        Country code of the phone numbers that have none, in digits.
    """

    location: str
    platform: str
    country_code: str | None = None


@dataclass(frozen=True)
class Contacts:
    """Contact details in the temporary table `contacts`: `customer_id`, `email`, `phone` (hashes) and `is_given`.

    Attributes
    ----------
    columns : dict of str to str
        What the platform calls the columns that the file has.
    files : list of str
        The files that were read.
    """

    columns: dict[str, str]
    files: list[str]


def email_to_hash(text: str) -> str:
    """Return an e-mail address as it is hashed: without spaces around it, in lower case.

    Raises
    ------
    UnusableContactError
        If it is no address.

    Examples
    --------
    >>> email_to_hash(" Ann.Lee@Example.com ")
    'ann.lee@example.com'
    """
    address = text.strip().lower()
    if not ADDRESS.fullmatch(address) or not address.isprintable():
        raise UnusableContactError("no address of the form name@example.com")
    return address


def phone_to_hash(text: str, country_code: str | None = None) -> str:
    """Return a phone number in E.164: a plus sign, the country code and the number, in digits alone.

    Parameters
    ----------
    text : str
        The number, with the marks that people put between digits.
    country_code : str, optional
        Country code of a number that has none.

    Raises
    ------
    UnusableContactError
        If it is no number, or has no country code where none is given.

    Examples
    --------
    >>> phone_to_hash("+44 (0)20 7946 0018"), phone_to_hash("0044 20 7946 0018"), phone_to_hash("020 7946 0018", "44")
    ('+442079460018', '+442079460018', '+442079460018')
    """
    number = BETWEEN_DIGITS.sub("", text.strip().replace("(0)", ""))
    digits = number.removeprefix("+") if number.startswith("+") else number
    if not re.fullmatch(r"[0-9]+", digits):
        raise UnusableContactError("no phone number of digits")
    if not number.startswith("+"):
        digits = digits.removeprefix("00") if digits.startswith("00") else _with_country_code(digits, country_code)
    if digits.startswith("0") or len(digits) not in DIGITS_OF_E164 or (digits[0] == "1" and len(digits) != 11):
        raise UnusableContactError("not the digits of an international phone number")
    return f"+{digits}"


def _with_country_code(digits: str, country_code: str | None) -> str:
    if country_code is None:
        raise UnusableContactError("no country code; write numbers like +44 20 7946 0018, or add --country-code")
    prefix = TRUNK_PREFIXES.get(country_code, "0")
    if digits.startswith(country_code) and prefix != country_code:
        raise UnusableContactError(f"perhaps with the country code {country_code} already; put a plus sign in front")
    return country_code + digits.removeprefix(prefix)


def country_code_given(text: str | None) -> str | None:
    """Return the digits of a country code.

    Raises
    ------
    UsageError
        If it is none, or its national numbers cannot be told from others.

    Examples
    --------
    >>> country_code_given("+44"), country_code_given(None)
    ('44', None)
    """
    if text is None:
        return None
    found = re.fullmatch(r"(?:\+|00)?([1-9][0-9]{0,2})", text.strip())
    if not found:
        raise UsageError(f"--country-code: found '{text}', expected digits such as 44.")
    if found[1] in OPEN_PREFIXES:
        raise UsageError(
            f"--country-code: numbers of {found[1]} may begin with 8 with or without the national prefix 8. Write them "
            f"with their country code, like +{found[1]}..., in the file."
        )
    return found[1]


def read_contacts(
    database: duckdb.DuckDBPyConnection,
    file: ContactFile,
    dataset: str,
    notify: Callable[[str], None],
    *,
    reach: str = "customer_campaigns",
) -> Contacts:
    """Read the contact details of a file and hash them.

    An address that a customer shares with one who must not be contacted is not used.

    Parameters
    ----------
    database : DuckDBPyConnection
        A published database, in which the temporary table `contacts` is made.
    file : ContactFile
        The file.
    dataset : str
        Whose customers are meant.
    notify : callable
        Called with a sentence about rows and values that cannot be used. No sentence repeats a contact.
    reach : str
        The table that has all customers and says who must not be contacted.

    Returns
    -------
    Contacts

    Raises
    ------
    NotPossibleError
        If the file cannot be read, lacks a column, names no customer of the dataset, or has nothing to use.
    """
    found = read_input_rows(database, file.location)
    columns = _columns(found)
    platform, kinds = PLATFORMS[file.platform], [kind for kind in KINDS if kind in columns]
    _register(database, "email", email_to_hash)
    _register(database, "phone", lambda text: phone_to_hash(text, file.country_code))
    given = ", ".join(f"{_text(found, columns.get(name))} as {name}" for name in ("customer_id", *KINDS))
    hashed_phone = "phone_to_hash(phone)" if platform.has_plus else "ltrim(phone_to_hash(phone), '+')"
    database.execute("drop table if exists contacts")
    database.execute(
        f"""
        create temp table contacts as
        select
            row_number, customer_id, email is not null or phone is not null as is_given,
            sha256(email_to_hash(email)) as email, sha256({hashed_phone}) as phone,
            email_problem(email) as email_problem, phone_problem(phone) as phone_problem
        from (select row_number, {given} from input_rows)
        """
    )
    database.execute("drop table input_rows")  # from here on there are hashes only
    _check_customers(database, file.location, dataset, reach, notify)
    barred = f"select customer_id from {reach} where dataset = ? and no_contact_because is not null"
    for kind in kinds:
        _tell_problems(database, file.location, kind, notify)
        shared = f"select {kind} from contacts where {kind} is not null and customer_id in ({barred})"
        database.execute(f"update contacts set {kind} = null where {kind} in ({shared})", [dataset])
    if not rows(database, "select 1 from contacts where coalesce(email, phone) is not null limit 1"):
        raise NotPossibleError(f"{file.location} has no contact that can be used: nothing was written.")
    return Contacts({kind: platform.columns[kind] for kind in kinds}, found.files)


def _columns(found: InputRows) -> dict[str, str]:
    columns = matched_names(WANTED, found.columns, found.location)
    has = f"{found.location} has the columns {', '.join(found.columns)}"
    if "customer_id" not in columns:
        raise NotPossibleError(f"{has}, and none for the customer. Name the column with the ids customer_id.")
    if not set(KINDS) & set(columns):
        raise NotPossibleError(f"{has}, and none to contact customers by. Name one email or phone.")
    return columns


def _text(found: InputRows, column: str | None) -> str:
    """Write the texts of a column as SQL, without spaces around them; where a file keeps numbers, without a point."""
    if column is None:
        return "cast(null as varchar)"
    place = found.columns.index(column)
    value = f"column_{place + 1}"
    if NUMBER_TYPE.fullmatch(found.types[place]):
        value = f"try_cast({value} as hugeint)"
    return f"nullif(trim(cast({value} as varchar)), '')"


def _register(database, kind, to_hash) -> None:
    """Make two functions of SQL: `<kind>_to_hash`, and `<kind>_problem`, which says why there is nothing to hash."""

    def judged(text: str | None) -> tuple[str | None, str | None]:
        try:
            return (None if text is None else to_hash(text)), None
        except UnusableContactError as error:
            return None, str(error)

    def value(text: str | None) -> str | None:
        return judged(text)[0]

    def problem(text: str | None) -> str | None:
        return judged(text)[1]

    for name, function in {f"{kind}_to_hash": value, f"{kind}_problem": problem}.items():
        with suppress(duckdb.Error):  # there is none before the first export of a process
            database.remove_function(name)
        database.create_function(name, function, ["varchar"], "varchar", null_handling="special")


def _check_customers(database, location, dataset, reach, notify) -> None:
    """Say how many rows belong to no customer, and stop if that is all of them."""
    (found,) = rows(
        database,
        f"""
        with known as (select distinct customer_id from {reach} where dataset = ?)
        select
            count(*) filter (contacts.customer_id is null) as without_id,
            count(distinct contacts.customer_id) filter (known.customer_id is null) as unknown,
            count(distinct known.customer_id) as known,
            min(contacts.customer_id) as example,
            (select min(customer_id) from known) as expected
        from contacts
        left join known on contacts.customer_id = known.customer_id
        """,
        [dataset],
    )
    if not found["known"]:
        raise NotPossibleError(
            f"{location} names no customer of {dataset}: found ids such as '{found['example']}', expected ids such as "
            f"'{found['expected']}'. Give the file the ids of the customers' input."
        )
    if found["without_id"]:
        notify(f"{location}: {counted(found['without_id'], 'row')} without a customer id.")
    if found["unknown"]:
        notify(f"{location}: {counted(found['unknown'], 'id')} of no customer of {dataset}.")


def _tell_problems(database, location, kind, notify) -> None:
    """Say how many values cannot be used, and why; the row, never the value."""
    problems = rows(
        database,
        f"select {kind}_problem as reason, count(*) as found, min(row_number) as first_row from contacts "
        f"where {kind}_problem is not null group by reason order by found desc, reason",
    )
    for problem in problems:
        notify(
            f"{location}: {counted(problem['found'], *KINDS[kind])} left out, the first in row "
            f"{problem['first_row']:,} after the header: {problem['reason']}."
        )
