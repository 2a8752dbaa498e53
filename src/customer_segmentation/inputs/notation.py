"""How the numbers of a column are written, decided by all its values: for the inputs of a build and for files to score.

A sign that the values share (`$`, `EUR`, `%`, `k`) is no part of a number, brackets and a minus behind it make it
negative, a comma stands before decimals or between thousands, and the name of a column may say another unit. What stays
open is returned as a problem.

Everything here is text in, text out: SQL for the caller to run, and decisions on what that SQL found.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

COMMA_PATTERNS = {
    "decimal": "^[-+]?([0-9]*,([0-9]{1,2}|[0-9]{4,})|[0-9]{1,3}([.][0-9]{3})+,[0-9]+)$",
    "thousands": "^[-+]?[0-9]{1,3}(,[0-9]{3}){2,}([.][0-9]+)?$|^[-+]?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+$",
    "open": "^[-+]?[0-9]{1,3},[0-9]{3}$",
    "point": "^[-+]?[0-9]*[.][0-9]+$",
}
POINTS_BETWEEN_THOUSANDS = "^[-+]?[0-9]{1,3}([.][0-9]{3})+$"

# spaces of all widths that do not end a line, and the apostrophes that stand between thousands in Switzerland
SPACES = " \t\u00a0\u2007\u2009\u202f"
APOSTROPHES = "'\u2019"
MINUSES = "-\u2212\u2013\u2010\u2011"

# a number that SQL reads as it stands, once its commas are settled
PLAIN = "^[-+]?[0-9.,]+([eE][-+]?[0-9]+)?$"
# a digit beside something that no plain number has
DRESSED = "[0-9].*[^-+0-9.,eE]|[^-+0-9.,eE].*[0-9]|[0-9][-+]$"
_MINUS = f"[{MINUSES[1:]}-]"
_GROUPS = f"[0-9]{{1,3}}([{SPACES}{APOSTROPHES}][0-9]{{3}})+([.,][0-9]+)?"
_NUMBER = f"([0-9.,]*[0-9]|{_GROUPS})"
GROUPED = f"[0-9][{SPACES}{APOSTROPHES}][0-9]"


def _one_number(before: str, behind: str) -> str:
    """Return a pattern of one number between signs, with a minus before or behind it, or in brackets."""
    return (
        f"{before}({_MINUS}|[+])?{before}{_NUMBER}{behind}"
        f"|{before}{_NUMBER}{behind}{_MINUS}{behind}"
        f"|{before}[(]{before}{_NUMBER}{behind}[)]{behind}"
    )


_ANY_SIGN = f"[^+()0-9.,{MINUSES[1:]}-]*"
ONE_NUMBER = f"^({_one_number(_ANY_SIGN, _ANY_SIGN)})$"
BEHIND_OR_IN_BRACKETS = f"[(]|[0-9]{_ANY_SIGN}{_MINUS}{_ANY_SIGN}$"

BEFORE = f"^[{SPACES}+(-]*[^0-9.,{SPACES}+(-]"  # a sign stands before the number

MOST_SIGNS = 100  # different signs of a column that are looked at; rarer ones are not read


def spelling(name: str) -> str:
    """Return a name without what differs from file to file, as the macro `spelling` does.

    Examples
    --------
    >>> spelling("Annual Income (k$)") == spelling("annual_income_k")
    True
    """
    return re.sub(r"[\W_]", "", name.lower())


def number_questions(text: str) -> dict[str, str]:
    """Return SQL aggregates that find an example of each way to write a number.

    Parameters
    ----------
    text : str
        SQL expression with the text of a value, without spaces around it.

    Returns
    -------
    dict of str to str
        Aggregates by name: those of `COMMA_PATTERNS`, and `dressed` for a value with more than a plain number.
    """
    # most columns have no comma at all: a search for one character is quicker than a pattern
    first = {"decimal": ",", "thousands": ",", "open": ",", "point": "."}
    questions = {
        name: f"max(case when {text} like '%{first[name]}%' and {_matches(text, pattern)} then {text} end)"
        for name, pattern in COMMA_PATTERNS.items()
    }
    return questions | {"dressed": f"max(case when {_matches(text, DRESSED)} then {text} end)"}


def sign_query(text: str, relation: str) -> str:
    """Return a query for the signs beside the numbers of a column, with examples of what stands between them.

    Parameters
    ----------
    text : str
        SQL expression with the text of a value.
    relation : str
        A table, or a query in brackets.

    Returns
    -------
    str
        SQL with one row per sign: `sign` (empty for none), `found`, `example`, `negative`, `grouped`, `dressed`,
        `before` (an example with the sign before the number) and the names of `COMMA_PATTERNS`.
    """
    examples = ", ".join(
        f"max(case when {_matches('core', pattern)} then written end) as {_quoted(name)}"
        for name, pattern in COMMA_PATTERNS.items()
    )
    return (
        f"select sign, count(*) as found, min(written) as example, "
        f"max(case when {_matches('written', BEHIND_OR_IN_BRACKETS)} then written end) as negative, "
        f"max(case when {_matches('written', GROUPED)} then written end) as grouped, "
        f"max(case when not {_matches('written', PLAIN)} then written end) as dressed, "
        f"max(case when {_matches('written', BEFORE)} then written end) as before, {examples} from ("
        f"select {text} as written, case when {_matches(text, PLAIN)} then {text} else {_core(text)} end as core, "
        f"case when {_matches(text, PLAIN)} then '' else {_sign(text)} end as sign from {relation} "
        f"where {_matches(text, PLAIN)} or {_matches(text, ONE_NUMBER)}"
        f") as numbers group by sign order by found desc, sign limit {MOST_SIGNS}"
    )


def number_text(text: str, comma: str | None, points: str | None) -> str:
    """Return SQL for a number with a decimal point and nothing between thousands, as the macro `number_text` does.

    Parameters
    ----------
    text : str
        SQL expression with a plain number.
    comma, points : {'decimal', 'thousands', None}
        What these mean in the column.

    Returns
    -------
    str
    """
    if comma == "thousands":
        return f"replace({text}, ',', '')"
    if comma != "decimal":
        return text
    between = (
        f" when {_matches(text, POINTS_BETWEEN_THOUSANDS)} then replace({text}, '.', '')"
        if points == "thousands" else ""
    )  # fmt: skip
    return f"case when {text} like '%,%' then replace(replace({text}, '.', ''), ',', '.'){between} else {text} end"


def number_reading(
    seen: Mapping[str, str | None],
    signs: Sequence[Mapping[str, Any]],
    words: Sequence[Mapping[str, Any]],
    *,
    column: str | None = None,
    unit: str | None = None,
    header: Mapping[str, Any] | None = None,
    is_spreadsheet: bool = False,
    may_be_missing: bool = False,
) -> dict[str, Any]:
    """Decide how the numbers of a column are written.

    Parameters
    ----------
    seen : mapping of str to str
        What `number_questions` found.
    signs : sequence of mapping
        Rows of `sign_query`; none where nothing is dressed.
    words : sequence of mapping
        Rows of the seed `input_notations`: `kind`, `column_name`, `written`, `means`, `factor`.
    column : str, optional
        Which column of the dataset it is.
    unit : str, optional
        What the column counts in.
    header : mapping, optional
        What `header_readings` found in its name: `unit` and `factor`.
    is_spreadsheet : bool
        Whether the values come from a spreadsheet, which shows its numbers with a point whatever its texts do.
    may_be_missing : bool
        Whether the column can do without values that are not read.

    Returns
    -------
    dict
        `comma` and `points` as `number_text` takes them; `undressed`, SQL in which `{text}` is to be replaced by the
        text of a value and which writes it as a plain number, or None; `scale`, SQL in which `{number}` and `{text}`
        are to be replaced, or None; `notes`, sentences for people; `problem`, None or `example`, `question` and
        `way_out`.
    """
    reading: dict[str, Any] = {
        "comma": None, "points": None, "undressed": None, "scale": None, "notes": [], "problem": None
    }  # fmt: skip
    factor = header["factor"] if header else 1.0
    if header and header.get("note"):
        reading["notes"].append(header["note"])
    multipliers: dict[str, float] = {}
    if signs:
        in_force = header["unit"] if header and header["unit"] else unit
        judged = [_judged_sign(row, words, column, in_force) for row in signs]
        stray = _limit(words, "stray values")
        problem = _sign_problem(judged, stray, may_be_missing, reading["notes"])
        if problem:
            return reading | {"problem": problem}
        accepted = _accepted(judged, reading["notes"])
        multipliers = {row["sign"]: row["multiplier"] for row in accepted if row["multiplier"] != 1}
        if any(row["sign"] or row["is_dressed"] for row in accepted) or len(accepted) < len(judged):
            is_grouped = any(row["grouped"] for row in accepted)
            reading["undressed"] = _undressed([row["sign"] for row in accepted], is_grouped)
        negative = next((row["negative"] for row in accepted if row["negative"]), None)
        if negative:
            reading["notes"].append(f"values such as {negative} are negative")
        seen = {name: next(filter(None, (row[name] for row in accepted)), None) for name in COMMA_PATTERNS}
    # a point shows that commas, if any, stand between thousands; spreadsheets show numbers with a point anyway
    thousands = seen["thousands"] or (seen["open"] and seen["point"] and not is_spreadsheet)
    if (seen["decimal"] and thousands) or (seen["open"] and not seen["decimal"] and not thousands):
        reading["problem"] = {
            "example": seen["open"] or seen["thousands"],
            "question": "whether its comma marks decimals or thousands",
            "way_out": "Write numbers with a decimal point and without separators between thousands",
        }
        return reading
    reading["comma"] = "decimal" if seen["decimal"] else "thousands" if thousands else None
    reading["points"] = "thousands" if seen["decimal"] and not is_spreadsheet else None
    reading["scale"] = _scale(factor, multipliers)
    return reading


def header_readings(
    names: Sequence[str], columns: Sequence[Mapping[str, Any]], words: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Find the names of columns that say a unit.

    Parameters
    ----------
    names : sequence of str
        Names of columns in a file or table.
    columns : sequence of mapping
        Columns of numbers that are wanted: `column`, `accepted` (names that stand for it) and `unit` (or None).
    words : sequence of mapping
        Rows of the seed `input_notations`.

    Returns
    -------
    list of dict
        For each name with a unit `name`, `column`, `unit`, `factor` (None if the unit is not known), `note`,
        `is_direct` (whether its letters alone stand for the column), and `is_replaced` (whether another name can be
        read as the column).
    """
    found = []
    for column in columns:
        spelled = {spelling(name) for name in column["accepted"]}
        marked = {_marked(name) for name in column["accepted"]}
        direct = [name for name in names if spelling(name) in spelled]
        units = {}
        for name in names:
            if name in direct:
                unit = None if _marked(name) in marked else _unit_of_marks(name)
            else:
                unit = None if direct else _unit_behind_name(name, spelled, column, words)
            if unit is not None:
                units[name] = _with_thousands(unit, name, words)
        factors = {name: _unit_factor(unit, column, words) for name, unit in units.items()}
        can_be_read = {*direct, *units} - {name for name, factor in factors.items() if factor is None}
        found += [
            {
                "name": name, "column": column["column"], "unit": unit, "factor": factors[name],
                "note": _unit_note(unit, factors[name], column["unit"]), "is_direct": name in direct,
                "is_replaced": bool(can_be_read - {name}),
            }
            for name, unit in units.items()
        ]  # fmt: skip
    return found


def answer(request: str) -> str:
    """Call one of these functions with arguments in JSON: how the macros of the build reach them.

    Parameters
    ----------
    request : str
        An object with `function` and its arguments.

    Returns
    -------
    str
        What the function returned, in JSON.
    """
    arguments = json.loads(request)
    return json.dumps(_FUNCTIONS[arguments.pop("function")](**arguments))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "number_questions": number_questions,
    "sign_query": sign_query,
    "number_reading": number_reading,
    "header_readings": header_readings,
}


def _matches(text, pattern) -> str:
    return f"regexp_matches({text}, {_literal(pattern)})"


def _literal(text) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name) -> str:
    return '"' + name.replace('"', '""') + '"'


def _core(text) -> str:
    """Return SQL for the digits, points and commas of a text."""
    return f"regexp_replace({text}, '[^0-9.,]+', '', 'g')"


def _sign(text) -> str:
    """Return SQL for what is left of a text without its number, in lower case."""
    return f"regexp_replace(lower({text}), {_literal(f'[0-9.,+(){SPACES}{APOSTROPHES}{MINUSES[1:]}-]+')}, '', 'g')"


def _undressed(signs, is_grouped) -> str:
    """Return SQL for a plain number out of a text with one of these signs.

    Many rows pass through it, so it is a search for one pattern, and what SQL engines share.
    """
    minus = f"case when {_matches('{text}', f'[({MINUSES[1:]}-]')} then '-' else '' end"
    # where a sign is required, a value without it is no number of this column
    other = " else {text}" if "" in signs else ""
    text = f"translate({{text}}, {_literal(SPACES + APOSTROPHES)}, '')" if is_grouped else "{text}"
    return (
        f"case when {_matches('{text}', _dressed_pattern(signs))} "
        f"then {minus} || regexp_extract({text}, '[0-9.,]*[0-9]', 0){other} end"
    )


def _dressed_pattern(signs) -> str:
    """Return a pattern of numbers with one of these signs, parts of which may stand before and behind the number."""
    space = f"[{SPACES}]*"
    forms = []
    for sign in signs:
        for place in range(len(sign) + 1):
            before, behind = (
                space + "".join(re.escape(letter) + space for letter in part) for part in (sign[:place], sign[place:])
            )
            # a sign stands on one side of a minus or bracket
            forms += [
                f"{before}({_MINUS}|[+])?{space}{_NUMBER}{behind}",
                f"({_MINUS}|[+]){before}{_NUMBER}{behind}",
                f"{before}{_NUMBER}{behind}{_MINUS}{space}",
                f"{before}{_NUMBER}{space}{_MINUS}{behind}",
                f"{before}[(]{space}{_NUMBER}{space}[)]{behind}",
                f"{space}[(]{before}{_NUMBER}{behind}[)]{space}",
                f"{before}[(]{space}{_NUMBER}{behind}[)]{space}",
                f"{space}[(]{before}{_NUMBER}{space}[)]{behind}",
            ]
    return f"(?i)^({'|'.join(dict.fromkeys(forms))})$"


def _limit(words, written) -> float:
    return next(word["factor"] for word in words if word["kind"] == "limit" and word["written"] == written)


def _decomposed(sign, words) -> list[Mapping[str, Any]] | None:
    """Return the signs that a text is made of, such as k and $ of k$; None if something else is in it."""
    known = {_marked(word["written"]): word for word in words if word["kind"] == "sign"}
    pattern = "|".join(re.escape(written) for written in sorted(known, key=len, reverse=True))
    text = _marked(sign)
    parts = re.findall(pattern, text) if pattern else []
    return [known[part] for part in parts] if text and "".join(parts) == text else None


def _money(sign, words) -> tuple[set[str], float] | None:
    """Return the kinds of sign in a text (currencies, `percent`) and the product of their factors."""
    parts = _decomposed(sign or "", words)
    if not parts:
        return None
    factor = 1.0
    for part in parts:
        factor *= part["factor"] or 1.0
    return {part["means"] for part in parts} - {"thousands", "millions"}, factor


def _judged_sign(row, words, column, unit) -> dict[str, Any]:
    """Say what the sign of a value means: `kinds`, `multiplier` into the unit of the column, `is_known`."""
    sign = row["sign"]
    judged = dict(row) | {"kinds": set(), "multiplier": 1.0, "is_known": True, "carries_unit": None, "carries_k": False}
    judged["is_dressed"] = bool(row["negative"] or row["dressed"])
    if not sign:
        return judged
    money, own = _money(sign, words), _money(unit, words)
    own_factor = own[1] if own else 1.0
    if money and not money[0] and row["before"]:
        # 12k are thousands, K12 is a code
        judged |= {"is_known": False, "carries_unit": sign, "example": row["before"]}
    elif money:
        judged["kinds"], factor = money
        judged["carries_k"] = factor != 1
        # k beside a number that counts in thousands anyway repeats the unit
        judged["multiplier"] = factor / own_factor if factor != 1 else 1.0
        judged["counts_in_thousands"] = own_factor != 1
    elif _marked(sign) == _marked(unit or ""):
        judged["carries_unit"] = None
    else:
        listed = _listed_factor(sign, column, words)
        judged["is_known"] = listed is not None
        judged["multiplier"] = listed or 1.0
        judged["carries_unit"] = None if listed == 1 else sign
    return judged


def _sign_problem(judged, stray, may_be_missing, notes) -> dict[str, str] | None:
    """Return what the signs of a column leave open; strike out few values that differ from all others."""
    total = sum(row["found"] for row in judged)
    for row in judged:
        if not row["is_known"] and row["found"] >= (1 - stray) * total:
            if may_be_missing:
                notes.append(
                    f"{_carry(row['found'], total, row['sign'])}, which seeds/judgement/input_notations.csv does not "
                    "list: left empty"
                )
                continue
            return {
                "example": row["example"],
                "question": f"what '{row['sign']}' means, which {row['found']:,} of {total:,} values carry",
                "way_out": "If it is no part of the number, add it to seeds/judgement/input_notations.csv as a sign, "
                "or as a unit with its factor; or write the numbers without it",
            }
    known = [row for row in judged if row["is_known"]]
    for row in known:
        row["is_accepted"] = True
    currencies = lambda row: frozenset(row["kinds"] - {"percent"})  # noqa: E731
    sides: list[tuple[Callable, list]] = [
        (lambda row: "percent" in row["kinds"], known),
        (lambda row: row["carries_unit"], known),
        (lambda row: row["carries_k"], known if any(row.get("counts_in_thousands") for row in known) else []),
        (currencies, [row for row in known if currencies(row)]),
    ]
    for side, concerned in sides:
        groups: dict[Any, list] = {}
        for row in concerned:
            groups.setdefault(side(row), []).append(row)
        counts = {key: sum(row["found"] for row in rows) for key, rows in groups.items()}
        if len(counts) < 2:
            continue
        first, *others = sorted(counts, key=lambda key: (-counts[key], groups[key][0]["sign"]))
        others_found = sum(counts[key] for key in others)
        if others_found > stray * (others_found + counts[first]):
            signed, bare = groups[others[0]][0], groups[first][0]
            if not signed["sign"]:
                signed, bare = bare, signed
            return {
                "example": signed["example"],
                "question": "what its numbers count in: "
                + " and ".join(
                    f"{_count(groups[side(one)])} {one['sign'] or 'no sign'} (such as {one['example']})"
                    for one in (signed, bare)
                ),
                "way_out": "Write all values in one unit or currency, with its sign beside each or beside none",
            }
        for key in others:
            for row in groups[key]:
                row["is_accepted"] = False
        notes.append(f"{others_found:,} of {total:,} values differ from the others in their sign and are not read")
    return None


def _count(rows) -> str:
    found = sum(row["found"] for row in rows)
    return "1 value carries" if found == 1 else f"{found:,} values carry"


def _carry(found, total, sign) -> str:
    return f"every value carries {sign}" if found == total else f"{found:,} of {total:,} values carry {sign}"


def _accepted(judged, notes) -> list[dict[str, Any]]:
    accepted = [row for row in judged if row["is_known"] and row["is_accepted"]]
    total = sum(row["found"] for row in judged)
    for row in accepted:
        if not row["sign"]:
            continue
        note = _carry(row["found"], total, row["sign"])
        if row["multiplier"] != 1:
            note += f": {_multiplied(row['multiplier'])}"
        notes.append(note)
    return accepted


def _scale(factor, multipliers) -> str | None:
    if not multipliers:
        return None if factor == 1 else _times("{number}", factor)
    by_multiplier: dict[float, list[str]] = {}
    for sign, multiplier in multipliers.items():
        by_multiplier.setdefault(multiplier, []).append(sign)
    choices = " ".join(
        f"when {_matches('{text}', _dressed_pattern(signs))} then {_times('{number}', factor * multiplier)}"
        for multiplier, signs in by_multiplier.items()
    )
    return f"case {choices} else {_times('{number}', factor)} end"


def _times(number, factor) -> str:
    """Return SQL for a product; a division where that is exact, so that 7102 dollars are 7.102 thousand."""
    if factor == 1:
        return number
    return f"{number} / {_figure(1 / factor)}" if factor < 1 else f"{number} * {_figure(factor)}"


def _figure(number) -> str:
    return repr(float(round(number))) if abs(number - round(number)) < 1e-6 * number else repr(float(number))


def _multiplied(factor) -> str:
    if factor == 1:
        return "as it is"
    return f"divided by {_plain(1 / factor)}" if factor < 1 else f"multiplied by {_plain(factor)}"


def _plain(number) -> str:
    return f"{round(number):,}" if abs(number - round(number)) < 1e-6 * number else f"{number:,.6g}"


def _marked(name) -> str:
    """Return a spelling that keeps the signs of currencies and %."""
    return re.sub(r"[\s_()\[\]{}.,:;/\\'\u2019#*!?\"-]", "", name.lower())


def _without_in(unit) -> str:
    return re.sub(r"^\s*in\s+|\bof\b", " ", unit, flags=re.IGNORECASE).strip(" \t_")


def _bracketed(name) -> tuple[str, str] | None:
    found = re.fullmatch(r"\s*(.+?)[\s_]*[(\[{]\s*(.+?)\s*[)\]}]\s*", name, flags=re.DOTALL)
    return (found[1], _without_in(found[2])) if found else None


def _with_thousands(unit, name, words) -> str:
    """Add the thousands that a name says elsewhere than in its unit, as `annual_income_k_usd` does."""
    money = _money(unit, words)
    if money is None or money[1] != 1 or "percent" in money[0]:
        return unit
    larger = {
        _marked(word["written"])
        for word in words
        if word["kind"] == "sign" and word["means"] in ("thousands", "millions")
    }
    said = [part for part in re.split(r"[\W_]+", name.lower()) if part in larger]
    return f"{said[0]} {unit}" if said else unit


def _unit_of_marks(name) -> str | None:
    """Return the unit that stands as a mark in a name whose letters are those of a known one."""
    marks = "".join(re.findall(r"[^\w\s()\[\]{}.,:;/\\'\u2019#*!?\"&+\u2012-\u2015-]", name))
    if not marks:
        return None
    inside = _bracketed(name)
    return inside[1] if inside and any(mark in inside[1] for mark in marks) else marks


def _unit_behind_name(name, spelled, column, words) -> str | None:
    """Return the unit that a name says beside a known name: in brackets, behind "in", or as a word of its own."""
    inside = _bracketed(name)
    if inside and spelling(inside[0]) in spelled:
        is_range = re.fullmatch(r"[\W_\d]+", inside[1]) and _unit_factor(inside[1], column, words) is None
        return None if is_range else inside[1]
    behind = re.fullmatch(r"\s*(.+?)[\s_]+in[\s_]+(.+?)\s*", name, flags=re.IGNORECASE | re.DOTALL)
    if behind and spelling(behind[1]) in spelled:
        return _without_in(behind[2])
    parts = [part for part in re.split(r"[\s_,/()\[\]-]+", name) if part]
    for place in range(1, len(parts)):
        for base, unit in ((parts[:place], parts[place:]), (parts[place:], parts[:place])):
            if spelling("".join(base)) in spelled and _unit_factor(" ".join(unit), column, words) is not None:
                return " ".join(unit)
    whole = spelling(name)
    for base in sorted(spelled, key=len, reverse=True):
        rest = whole.removeprefix(base)
        if rest != whole and len(rest) > 2 and _unit_factor(rest, column, words) is not None:
            return rest
    return None


def _listed_factor(unit, column, words) -> float | None:
    for word in words:
        if word["kind"] == "unit" and word["column_name"] == column and _marked(word["written"]) == _marked(unit):
            return word["factor"]
    return None


def _unit_factor(unit, column, words) -> float | None:
    """Return what a number in this unit is multiplied by to count as the column does; None if that is not known."""
    own = column["unit"]
    if own and _marked(unit) == _marked(own):
        return 1.0
    listed = _listed_factor(unit, column["column"], words)
    if listed is not None:
        return listed
    money = _money(unit, words)
    if money is None:
        return None
    kinds, factor = money
    if own is None:
        # of a column without a unit of its own the seed says whether it is money
        own = next((w["written"] for w in words if w["kind"] == "unit" and w["column_name"] == column["column"]), None)
    own_money = _money(own, words)
    if own_money is None or len(kinds) > 1 or (kinds and ("percent" in kinds) != ("percent" in own_money[0])):
        return None
    return factor / own_money[1]


def _unit_note(unit, factor, own) -> str:
    if factor is None or (own and _marked(unit) == _marked(own)):
        return ""
    return f"its name says {unit}" + ("" if factor == 1 else f": {_multiplied(factor)}")
