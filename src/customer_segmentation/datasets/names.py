"""Names of columns: identifiers for SQL, labels for people, and what a name says about its unit."""

import re
import unicodedata
from functools import cache

import duckdb

from customer_segmentation.language import Language, translatable

ENGLISH_WORDS = Language()

# Names that models and macros of this project have beside the columns of an input.
TAKEN = {
    "row_number", "input_row_number", "input_problem", "input_line", "emptied_values", "problem_column", "reason",
    "explanation", "value_problem", "problem_value", "as_of_date", "customer_since", "first_purchase_date",
    "last_purchase_date", "purchase_history", "favourite_category", "customer_id", "dataset", "segmentation",
    "cluster_id", "persona", "persona_id", "feature", "margin", "campaign", "channel", "offer", "message", "problem",
    "fingerprint", "first_row_number", "is_contradicted", "is_repeated", "model_version", "colour", "customers",
    "judged", "final", "is_synthetic", "customer_key", "segment_key",
}  # fmt: skip
# Words of dbt, Jinja and Spark that no column should have.
WORDS = {
    "ref", "source", "config", "var", "this", "model", "target", "macro", "true", "false", "none", "null", "execute",
    "adapter", "user", "database", "timestamp", "date", "time", "interval", "double", "float", "int", "integer",
    "string", "rowid", "count", "sum", "min", "max", "avg", "loop", "self", "set", "filter", "test", "seed",
    "snapshot", "graph",
}  # fmt: skip
LONGEST = 60
SPELLED = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "€": " eur ",
        "$": " ",
        "%": " percent ",
        "&": " and ",
    }
)

MONEY = re.compile(
    r"amount|spen[dt]|revenue|income|salary|price|turnover|sale|cost|bill|balance|value|payment|paid|umsatz|betrag|preis"
    r"|\b(fees?|mrr|arr|montant|prix|importe|importo|precio|prezzo)\b|beitrag|gebühr"
)
COUNTED = re.compile(r"^(number|num|no|nr|count|anzahl|total number)( of)? (?P<what>.+)$|^(?P<before>.+) count$")
COUNTABLE = re.compile(
    r"(visits|orders|purchases|clicks|logins|sessions|calls|tickets|complaints|returns|items|products|deals|opens|reviews"
    r"|children|kids|teens|contacts|views|days|nights|trips|bookings|logons)"
)

SINCE_WHEN = (
    r"\b(in |over |within )?(the )?(last|past|previous|letzten?) \d* ?(days|weeks|months|years|tagen?|monaten?)\b"
)

IN_MONEY = r"\bin\s*[$€£¥]\s*$"  # at the end of a name


@cache
def keywords() -> frozenset[str]:
    """Return the words that no column may have as its name, in lower case."""
    with duckdb.connect() as database:
        found = database.execute("select lower(keyword_name) from duckdb_keywords()").fetchall()
    return frozenset(row[0] for row in found) | WORDS


def identifier(name: str, taken: set[str] | frozenset[str] = frozenset(), position: int = 1) -> str:
    """Return a name for a column in SQL: lower-case letters, digits and underscores, a letter first.

    Parameters
    ----------
    name : str
        Name of a column as it came.
    taken : set of str
        Names that other columns have.
    position : int
        Place of the column, for a name without any letter that SQL takes.

    Returns
    -------
    str

    Examples
    --------
    >>> identifier("Total Spend ($)"), identifier("Paid in €"), identifier("order"), identifier("2023 visits")
    ('total_spend', 'paid', 'order_value', 'in_2023_visits')
    """
    named = re.sub(IN_MONEY, "", name) or name
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", named.translate(SPELLED))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not re.search("[a-z]", found):
        found = f"column_{found or position}"
    if found[0].isdigit():
        found = f"in_{found}"
    found = found[:LONGEST].strip("_")
    if found in keywords() or found in TAKEN:
        found = f"{found}_value"
    base, number = found, 2
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found


def label(name: str) -> str:
    """Return what people call a column, from its name as it came.

    Examples
    --------
    >>> label("Total_Spend ($)"), label("averageBill"), label("NPS score"), label("Snacks in €")
    ('total spend', 'average bill', 'NPS score', 'snacks')
    """
    without_unit = re.sub(rf"[(\[{{].*?[)\]}}]|{IN_MONEY}", " ", name)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", without_unit if re.search(r"\w", without_unit) else name)
    words = re.sub(r"[^\w%'&+-]+|_+", " ", spaced).split()
    return " ".join(word if word.isupper() and 1 < len(word) < 5 else word.lower() for word in words) or name.strip()


def unit(name: str, currency: str) -> str:
    """Return the unit that the name of a column says, or `units`.

    Parameters
    ----------
    name : str
        Name of the column as it came.
    currency : str
        The currency of the project, such as $.

    Returns
    -------
    str
        As the seed `features` has it: `{currency}` for the currency of the project.

    Examples
    --------
    >>> unit("Total Spend ($)", "$"), unit("number of visits", "$"), unit("Distance (km)", "$"), unit("Loyalty", "$")
    ('{currency}', 'visits', 'km', 'units')
    >>> unit("Logins last 30 days", "$"), unit("Days since last login", "$")
    ('logins', 'days')
    """
    inside = re.search(r"[(\[]\s*(?:in )?([^)\]{}]{1,20}?)\s*[)\]]", name)
    if inside and not re.fullmatch(r"[\W\d_]*\d[\W\d_]*", inside[1]):
        written = inside[1].strip()
        if written == currency:
            return "{currency}"
        if written.lower().replace(" ", "") == f"k{currency}".lower():
            return "k{currency}"
        return written
    words = re.sub(SINCE_WHEN, "", label(name).lower()).strip()
    if "%" in words or re.search(r"\b(percent|percentage|pct)\b", words):
        return "%"
    period = re.search(r"\b(days|years|months|weeks|hours|minutes)\b", words)
    if period:
        return period[1]
    if re.search(r"\b(recency|tenure days)\b", words):
        return "days"
    if re.search(r"\bage\b|\balter\b", words):
        return "years"
    counted = COUNTED.match(words)
    if counted:
        return (counted["what"] or counted["before"]).split(" per ")[0]
    if re.search(r"\b(score|rating|points|punkte|nps)\b", words):
        return "points"
    if MONEY.search(words):
        return "{currency}"
    countable = COUNTABLE.search(words)
    return countable[1] if countable else "units"


def phrases(name: str, unit_found: str, language: Language = ENGLISH_WORDS) -> tuple[str, str, str]:
    """Return words for a segment whose median is low, in the middle or high.

    Parameters
    ----------
    name : str
        Name of the column as it came.
    unit_found : str
        What `unit` returned for it.
    language : Language
        That of the pages that show them.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> phrases("number of visits", "visits")
    ('few visits', 'some visits', 'many visits')
    >>> phrases("Total Spend ($)", "{currency}")
    ('low total spend', 'middle total spend', 'high total spend')
    """
    words = label(name)
    counted = COUNTED.match(words.lower())
    if counted:
        words = counted["what"] or counted["before"]
    if counted or (unit_found in words.lower().split() and COUNTABLE.fullmatch(unit_found)):
        forms = translatable("few {things}"), translatable("some {things}"), translatable("many {things}")
    else:
        forms = translatable("low {things}"), translatable("middle {things}"), translatable("high {things}")
    low, middle, high = (language.said(form).format(things=words) for form in forms)
    return low, middle, high
