"""What the columns of a table of customers are: its id, features, categories, dates, and what is left out and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from customer_segmentation.clustering.transforms import transformed
from customer_segmentation.datasets import names
from customer_segmentation.datasets.known import Known
from customer_segmentation.datasets.names import ENGLISH_WORDS
from customer_segmentation.datasets.profile import MOST_MATCH, Column, Numbers, currency_of, numbers_of
from customer_segmentation.datasets.proposal import Chosen, Input, ProposedColumn
from customer_segmentation.datasets.sources import ROWS, Source, listed, text_of
from customer_segmentation.errors import NotPossibleError
from customer_segmentation.inputs.notation import header_readings, spelling
from customer_segmentation.language import Language

MOST_MISSING = 0.8  # of a column that is still worth describing
MOST_MISSING_OF_SEGMENTS = 0.2  # of a feature that customers are grouped by
MOST_FEATURES, MOST_CATEGORIES = 20, 12
MOST_CHOSEN = 5  # features that a segment can be described by in one breath
MOST_CORRELATED = 0.8  # two features above it say the same twice
MOST_CATEGORY_VALUES = 30  # as many boxes as a picture can tell apart
# what surveys and registers write where there is no answer: such numbers, different ones at most, rows at least
NO_ANSWER = re.compile(r"-[1789]|-?9+[789]")
MOST_CODES = 4
FEWEST_NO_ANSWER = 3
MOST_REPEATED = 0.05  # of the rows whose id came before: faults of a table of customers; more are another kind of table
MOST_UNREAL = 0.05  # of the values outside the range of a well known feature
SKEWED = 1.0  # skewness from which on a few large values stretch the scale
FEWEST_DIFFERENT = 4  # values of a feature that customers are grouped by
MOST_COMMON = 0.8  # share of one value

YEAR = re.compile(r"\b(year|born|birth|jahr|geburtsjahr|since)\b")
# words of a name, with a sign beside them: Spend and € of "Spend €", k€ of "Income (k€)", US$ of "spent_US$"
SIGNS = re.compile(r"(?<![^\W_])[^\W_]{0,2}[^\w\s]|[^\W_]+|[^\w\s]")
CODE = re.compile(r"\S*\d\S*")  # such as C101: one word with a number in it
ID_NAME = re.compile(
    r"(^|\b)(id|ids|key|code|no|nr|number|nummer|uuid|guid|index|token|hash|unnamed \d+)$|\w(nr|nummer)$"  # Kundennr
)
HIGHEST_ANSWER = 10  # of a question that is answered with a number
CUSTOMER = re.compile(
    r"\b(customer|client|member|user|guest|account|card|household|buyer|shopper|person|subscriber|donor|supporter"
    r"|visitor|passenger|driver|rider|player|student|tenant|policy ?holder|patient|kunden?|gast|konto|mitglied|abonnent"
    r"|spender|mieter)\b|\b(kunden|konto|mitglieds?|gast|gäste|spender|abonnenten|mieter)(nummer|nr)\b"
)
# what repeats in a table of customers although it is a code
PLACE_OR_PRODUCT = re.compile(
    r"\b(country|state|region|area|city|store|shop|branch|product|item|sku|article|campaign|plan|agent|rep|employee|land"
    r"|filiale|artikel|produkt)\b"
)
LAST_PURCHASE = re.compile(
    r"\b(last|latest|most recent|letzter?|letzte)\b.*\b(purchase|purchased|order|ordered|buy|bought|transaction|kauf"
    r"|bestellung)\b"
)
SIGNED_UP = re.compile(
    r"\b(sign(ed)?[ -]?up|registered|registration|joined|join date|enrolled|(member|customer) since)\b"
)
PERSONAL = re.compile(
    r"\b(e ?mail|mail|phone|telephone|telefon|tel|mobile|handy|fax|surname|forename|vorname|nachname|address|adresse"
    r"|street|strasse|straße|birthday|birthdate|dob|geburtsdatum|iban|ssn|passport|ip|latitude|longitude|lat|lon|lng)\b"
    r"|\b(first|last|full|given|family|middle|customer|user|nick|contact|person) ?name\b|^name$|\bdate of birth\b"
    r"|\bbirth date\b|\be mail\b"
)
POSTCODE = re.compile(r"\b(zip|zipcode|zip code|postcode|post code|postal|plz|postleitzahl)\b")
WORTH = re.compile(
    r"recen|frequen|monet|spen[dt]|income|revenue|amount|order|purchase|visit|score|age|tenure|value|turnover|\b[ma]rr\b"
)
CURRENCY = re.compile(r"\b(currency|währung|waehrung)\b")


@dataclass(frozen=True)
class Ground:
    """What a proposal rests on.

    Attributes
    ----------
    source : Source
        The open source.
    known : Known
        What is known about columns of customers.
    features : mapping of str to mapping
        Rows of the seed `features` for the well known ones.
    gender_words : mapping of str to str
        What a gender may be written as, in lower case, and is read as.
    words : sequence of mapping
        Rows of the seed `input_notations`.
    currency : str
        Currency of the project.
    with_purchases : bool
        Whether orders come beside the customers.
    taken : frozenset of str
        Names that columns of the dataset have already.
    carried : str
        The currency that a column of the source names for all rows; empty if none does.
    language : Language
        That of the pages, for the words of features.
    """

    source: Source
    known: Known
    features: Mapping[str, Mapping[str, str]]
    gender_words: Mapping[str, str]
    words: Sequence[Mapping[str, Any]]
    currency: str
    with_purchases: bool = False
    taken: frozenset[str] = frozenset()
    carried: str = ""
    language: Language = ENGLISH_WORDS


def customers_input(ground: Ground, columns: Sequence[Column]) -> Input:
    """Propose what a dataset takes from a table of customers.

    Parameters
    ----------
    ground : Ground
        The source, and what is known.
    columns : sequence of Column
        What the columns of the source hold.

    Returns
    -------
    Input

    Raises
    ------
    NotPossibleError
        If it is no table of customers.
    """
    source, known = ground.source, ground.known
    ground = replace(ground, carried=_carried_currency(columns, ground.words))
    left_out: dict[str, str] = {}
    notes: list[str] = list(source.notes)
    rest = _worth_a_look(columns, left_out)
    id_column = _customer_id(source, rest, known, left_out, notes, with_purchases=ground.with_purchases)
    rest = [column for column in rest if column.name not in left_out and column is not id_column]
    found = [_id(id_column, known, ground.with_purchases)]
    for take in (_gender, _known_numbers, _dates):
        taken_now = take(ground, rest, left_out)
        sources = {one.source for one in taken_now}
        found += taken_now
        rest = [column for column in rest if column.name not in left_out and column.name not in sources]
    used = {one.column for one in found} | ground.taken | set(known.definitions)
    numbers, categories = [], []
    for column in rest:
        why = _why_left_out(column)
        if why:
            left_out[column.name] = why
        elif _is_category(column):
            categories.append(_category(column, used))
        else:
            numbers.append(_number(column, used, ground))
        used |= {one.column for one in (*numbers[-1:], *categories[-1:])}
    numbers = sorted(numbers, key=lambda one: -one.rank)
    better = f"{MOST_FEATURES} other number columns distinguish customers better"
    left_out |= {one.source: better for one in numbers[MOST_FEATURES:] if one.source}
    enough = f"{MOST_CATEGORIES} other columns already group customers"
    left_out |= {one.source: enough for one in categories[MOST_CATEGORIES:] if one.source}
    order: dict[str | None, int] = {column.name: column.position for column in columns}
    own = sorted(numbers[:MOST_FEATURES] + categories[:MOST_CATEGORIES], key=lambda one: order[one.source])
    if ground.with_purchases and not any(one.column == "signed_up_on" for one in found):
        found.append(_known_column("signed_up_on", None, known))
    found = _without_clashes([*found, *own], columns)
    left_out = dict(sorted(left_out.items(), key=lambda one: order[one[0]]))
    return Input(source.argument, source.written, tuple(source.columns), found, left_out, notes)


def choose(columns: Sequence[ProposedColumn]) -> tuple[list[Chosen], dict[str, str]]:
    """Choose the features of the segmentation: those that tell customers apart best and do not say the same twice.

    Parameters
    ----------
    columns : sequence of ProposedColumn
        Columns with a feature.

    Returns
    -------
    chosen : list of Chosen
    described : dict of str to str
        Why each other feature is described only.
    """
    chosen: list[ProposedColumn] = []
    described: dict[str, str] = {}
    candidates = sorted(columns, key=lambda one: -one.rank)
    for one in candidates:
        why = _why_described(one) or _why_second(one, chosen)
        if why:
            described[one.feature_name] = why
        else:
            chosen.append(one)
    if not chosen:
        # something must differ between customers, however little
        best = next((one for one in candidates if one.values is not None and len(np.unique(_real(one))) > 1), None)
        if best is not None:
            described.pop(best.feature_name)
            chosen.append(best)
    order = [one.column for one in columns]
    chosen.sort(key=lambda one: order.index(one.column))
    reasons = [
        Chosen(one.feature_name, one.transform, f"Proposed from the data: {one.transform_reason}") for one in chosen
    ]
    return reasons, described


def _real(one) -> np.ndarray:
    return one.values[np.isfinite(one.values)]


def _why_described(one) -> str:
    if one.missing > MOST_MISSING_OF_SEGMENTS:
        return f"{one.missing:.0%} of the rows are empty"
    if one.values is None:
        return ""
    known = _real(one)
    different, counts = np.unique(known, return_counts=True)
    if len(different) < FEWEST_DIFFERENT:
        return f"it has {len(different)} different values"
    if counts.max() > MOST_COMMON * len(known):
        return f"{counts.max() / len(known):.0%} of the customers share one value"
    return ""


def _why_second(one, chosen) -> str:
    twin = next((other for other in chosen if _correlation(one, other) > MOST_CORRELATED), None)
    if twin:
        return f"it correlates strongly with {twin.feature_name}"
    return f"{MOST_CHOSEN} other features distinguish customers better" if len(chosen) == MOST_CHOSEN else ""


def transform_of(values: np.ndarray) -> tuple[str, str]:
    """Say how a segmentation should look at a feature: as it is, or at its logarithm.

    Parameters
    ----------
    values : ndarray
        Its values, without missing ones.

    Returns
    -------
    transform : str
        `log` or `none`.
    reason : str

    Examples
    --------
    >>> transform_of(np.array([1.0, 2, 2, 3, 3, 4, 90]))[0], transform_of(np.array([1.0, 2, 3, 4, 5]))[0]
    ('log', 'none')
    """
    skewness = _skewness(values)
    if (
        len(values)
        and values.min() >= 0
        and skewness > SKEWED
        and abs(_skewness(transformed(values, "log"))) < skewness
    ):
        return "log", "a few large values would dominate"
    if len(values) and values.min() < 0:
        return "none", "values are positive and negative"
    return "none", "values are spread evenly enough to need no transform"


def _skewness(values) -> float:
    spread = values.std() if len(values) else 0.0
    return float((((values - values.mean()) / spread) ** 3).mean()) if spread > 0 else 0.0


def _correlation(one, other) -> float:
    if one.values is None or other.values is None:
        return 0.0
    x, y = (transformed(of.values, of.transform) for of in (one, other))
    both = np.isfinite(x) & np.isfinite(y)
    if both.sum() < 3 or x[both].std() == 0 or y[both].std() == 0:
        return 0.0
    return abs(float(np.corrcoef(x[both], y[both])[0, 1]))


def _worth_a_look(columns, left_out) -> list[Column]:
    """Leave out what says nothing whatever it is called."""
    kept: list[Column] = []
    spelled = [spelling(column.name) for column in columns]
    for column in columns:
        twin = next((one for one in kept if _is_same(one, column)), None)
        if spelled.count(spelling(column.name)) > 1:
            others = [one.name for one in columns if spelling(one.name) == spelling(column.name) and one is not column]
            left_out[column.name] = (
                f"its name and '{others[0]}' differ in marks or capitals alone, which the reader does not look at; "
                "rename one of them"
            )
        elif column.kind == "nested":
            left_out[column.name] = "it holds lists or records"
        elif column.kind == "nothing":
            left_out[column.name] = "it has no values"
        elif column.missing > MOST_MISSING and not (column.numbers and column.numbers.problem):
            left_out[column.name] = f"almost all values are missing ({column.missing:.0%} of the rows)"
        elif column.distinct == 1 and column.rows > 1:
            left_out[column.name] = f"it is constant: '{column.examples[0]}'"
        elif twin:
            left_out[column.name] = f"it has the same values as '{twin.name}'"
        else:
            kept.append(column)
    return kept


def _is_same(one, other) -> bool:
    return (one.fingerprint, one.filled, one.distinct) == (other.fingerprint, other.filled, other.distinct)


def _customer_id(source, columns, known, left_out, notes, *, with_purchases) -> Column | None:
    accepted = [spelling(name) for name in known.synonyms["customer_id"]]
    named = sorted(
        (column for column in columns if spelling(column.name) in accepted),
        key=lambda column: (-column.filled, accepted.index(spelling(column.name))),
    )
    others = [
        column
        for column in columns
        if column.is_unique and column.kind != "date" and not _is_personal(column)
        and (ID_NAME.search(_words(column)) or column.is_sequence or _is_code(column))
    ]  # fmt: skip
    others = others or [column for column in columns if _is_repeated_id(column)]
    others.sort(key=lambda column: (not CUSTOMER.search(_words(column)), column.position))
    chosen = next(iter([*named, *others]), None)
    if chosen is None or spelling(chosen.name) not in {*accepted} - {spelling("ID")}:
        _stop_on_events(source, columns, chosen)
    if chosen is None:
        if with_purchases:
            raise NotPossibleError(
                f"{source.written}: no column holds the id of a customer. Found "
                f"{listed([one.name for one in columns])}. Purchases refer to it. Rename the "
                "column to customer_id."
            )
        notes.append("No column is an id: each customer gets the row number.")
        return None
    for column in named:
        if column is not chosen:
            left_out[column.name] = f"another id; customers are identified by '{chosen.name}'"
    _stop_on_repeated(source, chosen, notes)
    return chosen


def _is_repeated_id(column) -> bool:
    """Tell whether name and values are those of an id, though some rows repeat or lack one."""
    words = _words(column)
    says_so = ID_NAME.search(words) or (CUSTOMER.search(words) and _is_code(column))
    is_other = column.kind == "date" or names.COUNTED.match(words) or POSTCODE.search(words) or _is_personal(column)
    return bool(says_so and not is_other and column.distinct >= (1 - MOST_REPEATED) * column.rows)


def _is_code(column) -> bool:
    return column.kind == "text" and all(CODE.fullmatch(example) for example in column.examples)


def _stop_on_events(source, columns, chosen) -> None:
    """Refuse rows that have a date, and somebody who comes again and again: each is something that a customer did."""
    if chosen is not None and CUSTOMER.search(_words(chosen)):
        return
    dates = [column for column in columns if column.kind == "date" and not _is_personal(column)]
    dates = [one for one in dates if not LAST_PURCHASE.search(_words(one)) and not SIGNED_UP.search(_words(one))]
    for column in columns if dates else []:
        if column is not chosen and _names_somebody(column, is_only_id=chosen is None):
            filled, repeated, found = _repetition(source, column)
            if repeated > MOST_REPEATED * filled:
                raise NotPossibleError(
                    f"{source.written}, column '{column.name}': {found}, and every row has a date ('{dates[0].name}'). "
                    "Expected one row per customer, not per order, booking or donation. If rows are such events, name "
                    "their columns customer_id, transaction_date and amount. If every row is a customer, name the "
                    "column of its id customer_id, and add one if there is none."
                )


def _names_somebody(column, *, is_only_id) -> bool:
    """Tell whether a column says who somebody is, such as a donor_id or an address for emails."""
    words = _words(column)
    if column.shares["email"] >= MOST_MATCH:
        return True
    if column.kind not in ("text", "number") or names.COUNTED.match(words) or _is_category(column):
        return False
    is_somebody = CUSTOMER.search(words)
    is_named_only = is_somebody and is_somebody.group() == words and column.shares["whole"] + _is_code(column) > 0
    can_be_somebody = is_only_id and not PLACE_OR_PRODUCT.search(words) and not POSTCODE.search(words)
    return bool((ID_NAME.search(words) and (is_somebody or can_be_somebody)) or is_named_only)


def _repetition(source, column) -> tuple[int, int, str]:
    """Return how many rows have a value, how many of them repeat one, and a sentence about it."""
    text = text_of(column.name)
    filled, distinct = source.one(f"select count({text}), count(distinct {text}) from {source.relation}")
    repeated = filled - distinct
    if not repeated:
        return filled, 0, ""
    example, often = source.one(
        f"select {text}, count(*) from {source.relation} where {text} is not null group by 1 order by 2 desc, 1 limit 1"
    )
    found = f"the id '{example}' is in {often:,} rows, and {repeated:,} of {filled:,} rows repeat an id"
    return filled, repeated, found


def _stop_on_repeated(source, chosen, notes) -> None:
    filled, repeated, found = _repetition(source, chosen)
    if not repeated:
        return
    if repeated > MOST_REPEATED * filled:
        raise NotPossibleError(
            f"{source.written}, column '{chosen.name}': {found}. Expected one row per customer. Put the rows of a "
            "customer together first; if the rows are orders or order lines, name the file with --purchases."
        )
    notes.append(
        f"Column '{chosen.name}': {found}. The build uses equal rows once, and rejects those that contradict each "
        "other."
    )


def _id(column, known, with_purchases) -> ProposedColumn:
    return replace(
        _known_column("customer_id", column, known),
        when_missing="reject_row" if with_purchases else "row_number",
        reason="Purchases refer to it" if with_purchases else "Without ids the row number identifies a row",
    )


def _known_column(name, column, known, **others) -> ProposedColumn:
    row = known.definitions[name]
    return ProposedColumn(
        column=name,
        source=column.name if column else None,
        kind=row["kind"],
        when_missing=row["when_missing"],
        reason=row["reason"],
        synonyms=tuple(dict.fromkeys([*known.synonyms[name], *([column.name] if column else [])])),
        valid=(row["valid_minimum"], row["valid_maximum"]),
        missing=column.missing if column else 1.0,
        is_known=True,
        **others,
    )


def _gender(ground, columns, left_out) -> list[ProposedColumn]:
    named = [column for column in columns if ground.known.column_of(column.name) == "gender"]
    for column in [*named, *columns]:
        if column.kind not in ("text", "number", "boolean") or column.distinct > 12:
            continue
        found = ground.source.rows(
            f"select lower({text_of(column.name)}) as word, count(*) as rows from {ROWS} group by 1"
        )
        read = sum(row["rows"] for row in found if ground.gender_words.get(row["word"], "unknown") != "unknown")
        meanings = {ground.gender_words.get(row["word"]) for row in found}
        if read >= 0.8 * column.filled and {"female", "male"} <= meanings:
            for other in named:
                if other is not column:
                    left_out[other.name] = f"'{column.name}' already gives the gender"
            return [_known_column("gender", column, ground.known)]
        if column in named:
            left_out[column.name] = (
                f"its values, such as '{column.examples[0]}', do not say which is female and which is male; if you "
                "know, add them to seeds/judgement/input_values.csv and the column to the dataset"
            )
    return []


def _known_numbers(ground, columns, left_out) -> list[ProposedColumn]:
    found = []
    for name in ("age", "annual_income_k", "spending_score"):
        feature = ground.features[name]
        unit = feature["unit"].replace("{currency}", ground.currency)
        for column in columns:
            if column.kind != "number" or not _stands_for(column, name, unit, ground):
                continue
            numbers = numbers_of(ground.source, column.name, ground.words, column=name, unit=unit)
            values = numbers.known
            low, high = float(feature["valid_minimum"]), float(feature["valid_maximum"])
            is_real = len(values) and ((values >= low) & (values <= high)).mean() >= 1 - MOST_UNREAL
            # a typical income of more than a thousand thousands is one in full dollars
            if not is_real or (name == "annual_income_k" and np.median(values) > 1000):
                continue
            transform, why = transform_of(values)
            found.append(
                replace(
                    _with_feature(_known_column(name, column, ground.known), feature, transform, why, numbers),
                    rank=2 + _evenness(values, transform) * (1 - column.missing),
                )
            )
            break
    return found


def _with_feature(column, feature, transform, why, numbers) -> ProposedColumn:
    kept, reason = (
        ("leave_empty", "The customer is kept, without a segment")
        if column.missing
        else (
            "reject_row",
            "The values are complete; a row without one is an error",
        )
    )
    return replace(
        column, feature=feature, transform=transform, transform_reason=why, when_missing=kept, reason=reason,
        notes=tuple(numbers.notes), values=numbers.values,
    )  # fmt: skip


def _stands_for(column, name, unit, ground) -> bool:
    """Say whether the name of a column stands for a well known one in its own unit."""
    if name == "spending_score" and "score" not in _words(column):
        return False
    asked = [{"column": name, "accepted": ground.known.synonyms[name], "unit": unit}]
    readings = header_readings([column.name], asked, ground.words)
    if readings:
        return readings[0]["factor"] == 1
    return spelling(column.name) in {spelling(one) for one in ground.known.synonyms[name]}


def _dates(ground, columns, left_out) -> list[ProposedColumn]:
    found: list[ProposedColumn] = []
    for column in columns:
        if column.kind != "date":
            continue
        meaning = ground.known.column_of(column.name)
        is_last = meaning == "last_purchase_date" or LAST_PURCHASE.search(_words(column))
        wanted = "signed_up_on" if ground.with_purchases else "last_purchase_date"
        is_sign_up = meaning == "signed_up_on" or SIGNED_UP.search(_words(column))
        is_wanted = is_sign_up if ground.with_purchases else is_last
        if is_wanted and not any(one.column == wanted for one in found):
            one = _known_column(wanted, column, ground.known)
            if wanted == "last_purchase_date":
                one = replace(
                    one,
                    when_missing="leave_empty" if column.missing else one.when_missing,
                    feature=ground.features["recency_days"],
                    transform="log",
                    transform_reason="one more week matters after a week but not after a year",
                    rank=3.0,
                )
            found.append(one)
        elif is_last and ground.with_purchases:
            left_out[column.name] = "a date; the orders already give the last purchase"
        elif _is_personal(column):
            left_out[column.name] = "it looks personal, and is a date"
        else:
            what = "the sign-up" if ground.with_purchases else "the last purchase"
            left_out[column.name] = f"a date, and its name does not identify it as {what}"
    return found


def _words(column) -> str:
    return names.label(column.name).lower()


def _is_personal(column) -> bool:
    is_text = column.kind in ("text", "date") or (column.shares["whole"] > 0.9 and column.distinct > 0.5 * column.rows)
    if is_text and (
        PERSONAL.search(_words(column)) or PERSONAL.search(re.sub(r"[\W_]+", " ", column.name.lower()).strip())
    ):
        return True
    is_person = column.shares["person"] > 0.8 and column.distinct > 0.5 * column.filled
    return column.shares["email"] > 0.5 or (column.shares["phone"] > 0.5 and column.kind != "date") or is_person


def _why_left_out(column) -> str:
    words = _words(column)
    if _is_personal(column):
        return "it looks personal (a name, an address, an email, a phone number or similar)"
    if POSTCODE.search(words) or (
        column.shares["whole"] > 0.9 and column.shares["zero"] > 0 and column.length in (4, 5, 6)
    ):
        return "its numbers look like postal codes, which name places"
    if column.numbers is not None and column.numbers.problem:
        return column.numbers.problem
    if column.is_sequence:
        return "its numbers are row numbers"
    if _is_year(column):
        return "its numbers are years; use an age or the years since then instead"
    if ID_NAME.search(words) and not names.COUNTED.match(words) and column.distinct > MOST_CATEGORY_VALUES:
        return "an id, not a quantity"
    if _is_category(column) or column.kind == "number":
        return ""
    if column.kind == "text" and column.shares["number"] >= MOST_MATCH:
        return (
            f"its values, such as '{column.examples[-1]}', look like numbers with signs that are not known; write "
            "plain numbers"
        )
    if column.is_unique:
        return "every value is different"
    return f"{column.distinct:,} different values are too many to group customers by"


def _is_year(column) -> bool:
    if column.numbers is None or not YEAR.search(_words(column)) or not len(column.numbers.known):
        return False
    values = column.numbers.known
    return bool(np.all(values == np.round(values)) and values.min() >= 1850 and values.max() <= 2150)


def _is_category(column) -> bool:
    if column.kind == "boolean":
        return True
    if column.kind == "number":
        is_code = bool(ID_NAME.search(_words(column))) and not names.COUNTED.match(_words(column))
        return column.distinct <= 2 or (is_code and column.distinct <= MOST_CATEGORY_VALUES)
    return column.distinct <= min(MOST_CATEGORY_VALUES, max(2, column.filled // 2))


def _category(column, used) -> ProposedColumn:
    return ProposedColumn(
        column=names.identifier(column.name, used, column.position),
        source=column.name,
        kind="category",
        when_missing="leave_empty",
        reason="Described but not clustered on",
        synonyms=(column.name,),
        missing=column.missing,
    )


def _number(column, used, ground) -> ProposedColumn:
    codes = codes_of_no_answer(column.numbers.known)
    numbers = _without(column.numbers, codes) if len(codes) else column.numbers
    values, missing = numbers.known, 1 - len(numbers.known) / column.rows
    name = names.identifier(column.name, used, column.position)
    unit = column.numbers.unit or _money_unit(column, ground) or names.unit(column.name, ground.currency)
    if unit == "{currency}" and not _money_unit(column, ground) and _are_answers(values):
        unit = "points"
    transform, why = transform_of(values)
    low, middle, high = names.phrases(column.name, unit, ground.language)
    lowest, highest = plausible_range(float(values.min()), float(values.max()))
    if len(codes):
        lowest, highest = (
            (max(lowest, codes.max() + 1), highest) if codes[0] < 0 else (lowest, min(highest, codes.min() - 1))
        )
    feature = {
        "feature": name, "label": names.label(column.name), "unit": unit, "decimals": str(_decimals(values)),
        "valid_minimum": _figure(lowest), "valid_maximum": _figure(highest), "low_phrase": low, "middle_phrase": middle,
        "high_phrase": high,
        "reason": f"Proposed from the data, which lie between {_figure(float(values.min()))} and "
        f"{_figure(float(values.max()))}: wide, so narrow it to what is possible",
    }  # fmt: skip
    own = ProposedColumn(name, column.name, "number", "", "", (column.name,), missing=missing)
    worth = 0.5 if WORTH.search(_words(column)) else 0.0
    return replace(
        _with_feature(own, feature, transform, why, numbers),
        rank=worth + _evenness(values, transform) * (1 - missing),
    )


def codes_of_no_answer(values: np.ndarray) -> np.ndarray:
    """Find the numbers that a column has where nothing is known, such as -99 beside answers from 1 to 5.

    Parameters
    ----------
    values : ndarray
        The numbers of a column, none of them missing.

    Returns
    -------
    ndarray
        The smallest or largest numbers if they are such codes, come again and lie farther from all others than these
        from each other; otherwise empty.

    Examples
    --------
    >>> codes_of_no_answer(np.array([1.0, 5, 3, -99, -99, -98])), codes_of_no_answer(np.array([1.0, 5, 3, 7, 7, 7]))
    (array([-99., -98.]), array([], dtype=float64))
    """
    different = np.unique(values)
    for from_the_end in (different, different[::-1]):
        for number in range(1, MOST_CODES + 1):
            codes, others = from_the_end[:number], from_the_end[number:]
            if len(others) < 2 or not NO_ANSWER.fullmatch(_figure(codes[-1])):
                break
            if abs(others[0] - codes[-1]) > np.ptp(others) and np.isin(values, codes).sum() >= FEWEST_NO_ANSWER:
                return codes
    return np.array([])


def _without(numbers, codes) -> Numbers:
    """Take codes for no answer from numbers, and say so."""
    is_code = np.isin(numbers.values, codes)
    others = numbers.known[~np.isin(numbers.known, codes)]
    note = (
        f"{' and '.join(_figure(code) for code in codes)} in {is_code.sum():,} rows means no answer here, because all "
        f"others lie between {_figure(others.min())} and {_figure(others.max())}; if it is a value, widen the range in "
        "seeds/judgement/features.csv"
    )
    return replace(numbers, values=np.where(is_code, np.nan, numbers.values), notes=[*numbers.notes, note])


def _are_answers(values) -> bool:
    """Return whether numbers are those of a question, such as 1 to 5 for how much prices matter, and no amounts."""
    return len(values) > HIGHEST_ANSWER and bool(
        (values == np.round(values)).all() and values.min() >= 0 and values.max() <= HIGHEST_ANSWER
    )


def _money_unit(column, ground) -> str:
    """Return the currency that the values or the name of a column say, where there is one: nothing is converted."""

    def of(sign, thousands=""):
        code = currency_of(sign, ground.words)
        is_ours = code == currency_of(ground.currency, ground.words)
        return code and thousands + ("{currency}" if is_ours else sign.upper())

    # a sign beside a value, such as T€, has been multiplied out; one in the name says how the values count
    units = [of(column.numbers.currency)]
    for said in SIGNS.findall(column.name):
        is_thousands = said[:1] in "kKT" and currency_of(said[1:], ground.words)
        units.append(of(said[1:], "k") if is_thousands else of(said))
    if names.unit(column.name, ground.currency) == "{currency}":
        units.append(of(ground.carried))
    return next(filter(None, units), "")


def _carried_currency(columns, words) -> str:
    """Return the currency that a column names for all rows."""
    named = [one for one in columns if CURRENCY.search(_words(one)) and one.distinct == 1]
    return next((one.examples[0] for one in named if currency_of(one.examples[0], words)), "")


def plausible_range(lowest: float, highest: float) -> tuple[float, float]:
    """Return a generous range for values: ten times as far as they reach, rounded up.

    Parameters
    ----------
    lowest, highest : float
        Of the values.

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> plausible_range(3, 812), plausible_range(-20, 50), plausible_range(0, 0)
    ((0.0, 10000.0), (-200.0, 500.0), (0.0, 1.0))
    """
    return (-_rounded_up(-lowest * 10) if lowest < 0 else 0.0, _rounded_up(max(highest, 0) * 10) or 1.0)


def _rounded_up(value) -> float:
    if value <= 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-12)))


def _figure(value) -> str:
    return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def _decimals(values) -> int:
    if np.all(values == np.round(values)):
        return 0
    typical = float(np.median(np.abs(values)))
    return 0 if typical >= 1000 else 1 if typical >= 100 else 2 if typical >= 0.1 else 4


def _evenness(values, transform) -> float:
    """Return how evenly values are spread over their range, from 0 (all alike) to 1."""
    seen = transformed(values, transform)
    low, high = np.quantile(seen, [0.01, 0.99]) if len(seen) else (0.0, 0.0)
    if low == high:
        return 0.0
    counts, _ = np.histogram(np.clip(seen, low, high), bins=10)
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum() / np.log(10))


def _without_clashes(found, columns) -> list[ProposedColumn]:
    """Keep a spelling for the column that has it in this source, so that no name can stand for two columns."""
    own = {spelling(column.name): column.name for column in columns}
    kept, taken = [], {spelling(one.column) for one in found}
    for one in found:
        accepted: list[str] = []
        for name in dict.fromkeys([one.column, *one.synonyms]):
            spelled = spelling(name)
            is_anothers = own.get(spelled, one.source) != one.source or (
                spelled in taken and spelled != spelling(one.column)
            )
            if not is_anothers and (name == one.source or spelled not in {spelling(other) for other in accepted}):
                accepted.append(name)
        taken |= {spelling(name) for name in accepted}
        kept.append(replace(one, synonyms=tuple(accepted)))
    return kept
