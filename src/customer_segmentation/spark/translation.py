"""Write a query of DuckDB for Spark, so that both return the same rows.

sqlglot writes the syntax of Spark. Where that alone would change a result in silence, a rule here says what Spark has
to compute instead. A function that has not been compared on both engines is refused.
"""

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp

from customer_segmentation.errors import InputError
from customer_segmentation.formatting import listed
from customer_segmentation.spark.figure_text import figure_text

# What was compared on both engines: kinds of expressions, each with the arguments it may have. All else is refused:
# a function, an operator or an option that Spark understands in another way cannot slip through.
COMPARED: dict[type[exp.Expr], str] = {
    # how a query is built
    exp.Alias: "this alias",
    exp.Column: "this table",
    exp.CTE: "this alias",
    exp.Distinct: "expressions",
    exp.Filter: "this expression",
    exp.From: "this",
    exp.Group: "expressions",
    exp.Having: "this",
    exp.Identifier: "this quoted",
    exp.Join: "this kind on side using",
    exp.Order: "this expressions",
    exp.Ordered: "this desc nulls_first",
    exp.Paren: "this",
    exp.Select: "expressions from_ where joins with_ group having windows distinct order limit",
    exp.Limit: "expression",
    exp.Star: "",
    exp.Subquery: "this alias joins",
    exp.Table: "this db catalog alias joins",
    exp.TableAlias: "this columns",
    exp.Union: "this expression distinct with_",
    exp.Where: "this",
    exp.Window: "this over order partition_by spec alias",
    exp.WindowSpec: "kind start start_side end end_side",
    exp.With: "expressions",
    exp.WithinGroup: "this expression",
    # values and types
    exp.Boolean: "this",
    exp.DataType: "this expressions",
    exp.DataTypeParam: "this",
    exp.Literal: "this is_string",
    exp.Null: "",
    exp.Var: "this",
    # operators
    exp.Add: "this expression",
    exp.And: "this expression",
    exp.Between: "this low high",
    exp.BitwiseRightShift: "this expression",
    exp.Case: "this ifs default",
    exp.Cast: "this to",
    exp.Div: "this expression",
    exp.DPipe: "this expression safe",
    exp.EQ: "this expression",
    exp.Exists: "this",
    exp.GT: "this expression",
    exp.GTE: "this expression",
    exp.If: "this true false",
    exp.In: "this expressions query",
    exp.Interval: "this unit",
    exp.Is: "this expression",
    exp.Like: "this expression",
    exp.LT: "this expression",
    exp.LTE: "this expression",
    exp.Mod: "this expression",
    exp.Mul: "this expression",
    exp.Neg: "this",
    exp.NEQ: "this expression",
    exp.Not: "this",
    exp.NullSafeEQ: "this expression",
    exp.NullSafeNEQ: "this expression",
    exp.Or: "this expression",
    exp.Sub: "this expression",
    exp.TryCast: "this to safe",
    # functions
    exp.Abs: "this",
    exp.Anonymous: "this expressions",
    exp.ApproxDistinct: "this",
    exp.ArgMin: "this expression",
    exp.Array: "expressions",
    exp.ArrayAgg: "this nulls_excluded",
    exp.Bracket: "this expressions",
    exp.Ceil: "this",
    exp.Coalesce: "this expressions",
    exp.Count: "this big_int",
    exp.DateDiff: "this expression unit date_part_boundary",
    exp.DateTrunc: "this unit zone",
    exp.Exp: "this",
    exp.Explode: "this",
    exp.Extract: "this expression",
    exp.Floor: "this",
    exp.GenerateSeries: "start end is_end_exclusive",
    exp.Greatest: "this expressions ignore_nulls",
    exp.GroupConcat: "this separator",
    exp.Lag: "this",
    exp.Lead: "this",
    exp.Least: "this expressions ignore_nulls",
    exp.Length: "this",
    exp.Ln: "this",
    exp.Log: "this expression",
    exp.LogicalAnd: "this",
    exp.LogicalOr: "this",
    exp.Lower: "this",
    exp.Max: "this",
    exp.MD5: "this",
    exp.Min: "this",
    exp.Nullif: "this expression",
    exp.Pad: "this expression fill_pattern is_left",
    exp.PercentileCont: "this expression",
    exp.Pow: "this expression",
    exp.ReadParquet: "expressions",
    exp.RegexpExtract: "this expression group null_if_pos_overflow",
    exp.RegexpLike: "this expression",
    exp.Repeat: "this times",
    exp.Replace: "this expression replacement",
    exp.Round: "this decimals",
    exp.RowNumber: "this",
    exp.SHA2: "this length",
    exp.Sign: "this",
    exp.SplitPart: "this delimiter part_index",
    exp.Sqrt: "this",
    exp.Sum: "this",
    exp.TimestampTrunc: "this unit input_type_preserved",
    exp.ToDays: "this",
    exp.Translate: "this from_ to",
    exp.Trim: "this",
    exp.Trunc: "this",
    exp.Upper: "this",
}
WHOLE_NUMBERS = (
    exp.DataType.Type.BIGINT,
    exp.DataType.Type.INT,
    exp.DataType.Type.SMALLINT,
    exp.DataType.Type.TINYINT,
)
# texts that are a number or a date for DuckDB
NUMBER = "(?i)^[+-]?(([0-9]+(_[0-9]+)*[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?|inf|infinity|nan)$"
DATE = "^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?)?$"
DIGITS = "^[+-]?[0-9]{1,9}$"
TEXTS = (exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR)
# what a cast to a whole number leaves as it is
WHOLE = (
    exp.BitwiseRightShift,
    exp.Boolean,
    exp.Ceil,
    exp.Count,
    exp.Floor,
    exp.Length,
    exp.Null,
    exp.RowNumber,
    exp.Window,
)
DIGEST = "md5_number"
TO_MONTHS = "to_months"  # how DuckDB writes an interval of months into its views
PARTS_OF_DATES = ("year", "month")
FEWEST_PLACES = 9
LETTERS_OF_DATES = {"%d": "d", "%m": "M", "%Y": "y", "%y": "yy", "%H": "H", "%M": "m", "%S": "s", "%b": "MMM"}


class NotTranslatedError(InputError):
    """Say which part of a query has not been compared on both engines."""


def translate(query: str, relation: Callable[[str, str], str], file: Callable[[str], str] = lambda path: path) -> str:
    """Return a query of DuckDB as Spark has to run it for the same result.

    Parameters
    ----------
    query : str
        One SELECT of DuckDB.
    relation : callable
        Given schema and name of a table or view, returns its name in Spark.
    file : callable, optional
        Given a Parquet file, as a pattern, returns the name in Spark of its rows, numbered from 0 in `file_row_number`.

    Returns
    -------
    str
        A SELECT of Spark.

    Raises
    ------
    NotTranslatedError
        If the query uses a function that has not been compared.
    """
    # an outer node, so that a rule can replace the outermost one too
    tree = exp.Subquery(this=sqlglot.parse_one(query, read="duckdb"))
    for node in tree.walk():
        _check(node)
    for bracket in reversed(list(tree.find_all(exp.Bracket))):
        bracket.replace(_element(bracket))
    # from the innermost outwards: what a rule finds below its node is translated already
    for node in reversed(list(tree.walk())):
        if isinstance(node, exp.Table) and node.db:
            # changed in its place: in brackets, a table holds what is joined to it
            node.set("alias", node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name)))
            node.set("this", exp.to_identifier(relation(node.db, node.name), quoted=True))
            node.set("db", None)
            node.set("catalog", None)
        elif isinstance(node, exp.Table) and isinstance(node.this, exp.ReadParquet):
            node.set("alias", node.args.get("alias") or exp.TableAlias(this=exp.to_identifier("read_parquet")))
            node.set("this", exp.to_identifier(file(_path(node.this)), quoted=True))
        elif type(node) in RULES:
            translated = RULES[type(node)](node)
            if translated is not node:
                node.replace(translated)
    return tree.this.sql(dialect="spark")


def _path(node: exp.ReadParquet) -> str:
    """Return the one file that is read, as a pattern of Spark: it quotes by backslash, DuckDB in brackets."""
    path, *options = node.expressions
    if [option.sql("duckdb").strip("()").lower() for option in options] != ["hive_partitioning = false"]:
        raise _not_compared("A reader of Parquet with other options than hive_partitioning = false", node)
    if not isinstance(path, exp.Literal) or re.search(r"[*?\[{]", re.sub(r"\[[*?\[{]\]", "", path.name)):
        raise _not_compared("A reader of several Parquet files", node)
    return re.sub(r"\[([*?\[{])\]", r"\\\1", path.name)


def _check(node: exp.Expr) -> None:
    """Refuse a kind of expression, or an argument of it, that was not compared."""
    if type(node) not in COMPARED:
        name = node.sql_name().lower() if isinstance(node, exp.Func) else type(node).__name__.lower()
        raise _not_compared(f"The {'function' if isinstance(node, exp.Func) else 'expression'} {name}", node)
    given = {name for name, value in node.args.items() if value not in (None, False, [])}
    if options := given - set(COMPARED[type(node)].split()):
        raise _not_compared(f"The option {listed(sorted(options))} of {type(node).__name__.lower()}", node)


def _not_compared(what: str, node: exp.Expr) -> NotTranslatedError:
    return NotTranslatedError(
        f"{what} has not been compared on DuckDB and Spark: {node.sql('duckdb')[:200]}. Write the model without it, or "
        "take the model out of the heavy ones in dbt_project.yml."
    )


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def _typed(value: exp.Expr, name: str) -> exp.Cast:
    return exp.Cast(this=value.copy(), to=exp.DataType.build(name, dialect="spark"))


def _in_brackets(value: exp.Expr) -> exp.Paren:
    return exp.Paren(this=value.copy())


def _has_type(value: exp.Expr, *names: str) -> exp.In:
    """Return whether a value has one of some types, which Spark knows before it runs."""
    return exp.In(this=_call("typeof", value), expressions=[exp.Literal.string(name) for name in names])


def _cast(node: exp.Cast) -> exp.Expr:
    """Spark cuts off a fraction where DuckDB rounds, and writes figures in another way."""
    value = node.this.unnest()
    if isinstance(value, exp.Neg):
        value = value.this.unnest()
    has_fraction = _has_type(node.this, "double", "float")
    if node.to.this in TEXTS and not isinstance(value, exp.Literal):
        written = sqlglot.parse_one(figure_text(node.this.sql("spark")), read="spark")
        return exp.If(this=has_fraction, true=written, false=node.copy())
    is_whole = isinstance(value, WHOLE) or (isinstance(value, exp.Literal) and value.is_int)
    if node.to.this in WHOLE_NUMBERS and not is_whole:
        to_even = _call("bround", _typed(node.this, "double"), exp.Literal.number(0))
        away_from_zero = _call("round", _typed(node.this, "decimal(38, 18)"), exp.Literal.number(0))
        is_decimal = exp.Like(this=_call("typeof", node.this), expression=exp.Literal.string("decimal%"))
        rounded = [
            exp.If(this=condition, true=exp.Cast(this=figure, to=node.to.copy()))
            for condition, figure in ((has_fraction, to_even), (is_decimal, away_from_zero))
        ]
        return exp.Case(ifs=rounded, default=node.copy())
    return node


def _attempted_cast(node: exp.TryCast) -> exp.Expr:
    """Spark takes other texts for numbers and dates than DuckDB does: 5d for 5, 2024-01 for a day."""
    text = _call("trim", _typed(node.this, "string"))
    if node.to.this == exp.DataType.Type.DOUBLE:
        pattern, read = NUMBER, _call("replace", text, exp.Literal.string("_"), exp.Literal.string(""))
    elif node.to.this == exp.DataType.Type.DATE:
        day = _call("regexp_extract", text, exp.Literal.string("^[^ T]+"), exp.Literal.number(0))
        pattern, read = DATE, _call("replace", day, exp.Literal.string("/"), exp.Literal.string("-"))
    elif node.to.this in WHOLE_NUMBERS:
        if not isinstance(node.this, exp.RegexpExtract):
            raise _not_compared("An attempt to read a whole number, other than what a pattern found,", node)
        pattern, read = DIGITS, text
    else:
        return node
    is_one = exp.RegexpLike(this=text, expression=exp.Literal.string(pattern))
    return exp.If(this=is_one, true=exp.TryCast(this=read, to=node.to.copy(), safe=True), false=exp.Null())


def _division(node: exp.Div) -> exp.Expr:
    """Spark divides decimals into decimals, and has no result where the divisor is 0."""
    divided = exp.Div(this=_typed(node.this, "double"), expression=node.expression.copy())
    divisor = node.expression.unnest()
    if isinstance(divisor, exp.Nullif) or (isinstance(divisor, exp.Literal) and float(divisor.this) != 0):
        return divided
    infinity = _typed(exp.Literal.string("Infinity"), "double")
    infinite = exp.Mul(this=_typed(node.this, "double"), expression=infinity)
    is_zero = exp.EQ(this=node.expression.copy(), expression=exp.Literal.number(0))
    return exp.Paren(this=exp.If(this=is_zero, true=infinite, false=divided))


def _whole_number(node: exp.Floor | exp.Ceil) -> exp.Expr:
    """Spark returns whole numbers of 64 bits, which end at 9e18; figures beyond 2^53 have no fraction."""
    if isinstance(node.parent, exp.Cast) and node.parent.to.this in WHOLE_NUMBERS:
        return node
    is_large = exp.GTE(this=exp.Abs(this=node.this.copy()), expression=_typed(exp.Literal.string(str(2**53)), "double"))
    return exp.If(this=is_large, true=node.this.copy(), false=node.copy())


def _rounded(node: exp.Round) -> exp.Expr:
    """Spark rounds the text of a figure and DuckDB the figure: they agree where a figure seldom has as many digits."""
    places = node.args.get("decimals")
    if places is not None and not (places.is_int and int(places.to_py()) >= FEWEST_PLACES):
        raise _not_compared(f"Rounding to fewer than {FEWEST_PLACES} places", node)
    return node


def _pattern_with_wildcards(node: exp.Like) -> exp.Expr:
    """In Spark, a backslash takes the meaning of what follows."""
    if not isinstance(node.expression, exp.Literal) or "\\" in node.expression.name:
        raise _not_compared("A pattern that is no plain text, or holds a backslash,", node)
    return node


def _remainder_cut_off(node: exp.Trunc) -> exp.Expr:
    """`trunc` of Spark is for dates."""
    remainder = exp.Mod(this=_in_brackets(node.this), expression=exp.Literal.number(1))
    return exp.Paren(this=exp.Sub(this=_in_brackets(node.this), expression=exp.Paren(this=remainder)))


def _quantiles(node: exp.PercentileCont) -> exp.Expr:
    """Return exact quantiles; sqlglot would make them approximate."""
    if isinstance(node.parent, exp.WithinGroup):
        return node
    shares = node.expression
    if isinstance(shares, exp.Array):
        shares = _call("array", *[_typed(share, "double") for share in shares.expressions])
    return _call("percentile", node.this, shares)


def _quantile_within_group(node: exp.WithinGroup) -> exp.Expr:
    if isinstance(node.this, exp.PercentileCont):
        return _call("percentile", node.expression.expressions[0].this, _typed(node.this.this, "double"))
    return node


def _element(node: exp.Bracket) -> exp.Expr:
    """Count the places of a list from 1, as DuckDB does; sqlglot begins at 0, but not with every list."""
    place = node.sql("duckdb").rpartition("[")[2].removesuffix("]")
    if not place.isdecimal():
        raise _not_compared("A place in a list that is no number", node)
    return _call("element_at", node.this, exp.Literal.number(place))


def _ordered_list(node: exp.ArrayAgg) -> exp.Expr:
    """Keep the order of a list, which sqlglot would lose."""
    order = node.this
    if (
        not isinstance(order, exp.Order)
        or isinstance(order.this, exp.Distinct)
        or len(order.expressions) != 1
        or order.expressions[0].args.get("desc")
    ):
        raise _not_compared("A list that is not in the rising order of one expression", node)
    place, listed = exp.Literal.string("place"), exp.Literal.string("listed")
    pairs = _call("collect_list", _call("named_struct", place, order.expressions[0].this, listed, order.this))
    picked = exp.Lambda(this=exp.column("listed", "pair"), expressions=[exp.to_identifier("pair")])
    return _call("transform", _call("array_sort", pairs), picked)


def _joined_texts(node: exp.GroupConcat) -> exp.Expr:
    if not isinstance(node.this, exp.Order):
        raise _not_compared("A list without an order, which differs from run to run,", node)
    return node


def _logarithm(node: exp.Log) -> exp.Expr:
    """Without a base, DuckDB takes 10 and Spark e."""
    return node if node.expression is not None else _call("log10", node.this)


def _part_of_date(node: exp.Expr, part: str, date: exp.Expr) -> exp.Expr:
    if part.lower() not in PARTS_OF_DATES:
        raise _not_compared("A part of a date other than year and month", node)
    return _call(part.lower(), date)


def _first_of_month(node: exp.TimestampTrunc | exp.DateTrunc) -> exp.Expr:
    """Spark would return a time for a date."""
    if node.text("unit").lower() != "month":
        raise _not_compared("The beginning of another period than a month", node)
    return _call("trunc", _typed(node.this, "date"), exp.Literal.string("MONTH"))


def _date_difference(node: exp.DateDiff) -> exp.Expr:
    """Spark counts whole months, DuckDB the ends of months between two dates."""
    unit = node.text("unit").lower() or "day"
    if unit == "day":
        return _call("datediff", node.this, node.expression)
    if unit != "month":
        raise _not_compared("A difference of dates in other units than days and months", node)
    end, start = (
        exp.Add(
            this=exp.Mul(this=_call("year", date), expression=exp.Literal.number(12)), expression=_call("month", date)
        )
        for date in (node.this, node.expression)
    )
    return exp.Paren(this=exp.Sub(this=exp.Paren(this=end), expression=exp.Paren(this=start)))


def _moved_date(node: exp.Add | exp.Sub) -> exp.Expr:
    """Write `date + n * interval 1 day`, and `date + n * to_days(1)` of a view, as a function of Spark."""
    number: exp.Expr = _in_brackets(node.expression)
    lengths = [one for one in number.find_all(exp.Interval, exp.ToDays, exp.Anonymous) if _unit(one)]
    if not lengths:
        return node
    (length,) = lengths
    function = {"day": "date_add", "month": "add_months"}.get(_unit(length))
    if function is None:
        raise _not_compared("An interval of other units than days and months", node)
    count = length.expressions[0] if isinstance(length, exp.Anonymous) else length.this
    # an interval holds its number as a text
    count = exp.Literal.number(count.name) if isinstance(count, exp.Literal) else count.copy()
    length.replace(exp.Paren(this=count))
    if isinstance(node, exp.Sub):
        number = exp.Neg(this=number)
    day = _typed(node.this, "date")
    time_of_day = exp.Sub(this=_typed(node.this, "timestamp_ntz"), expression=_typed(day, "timestamp_ntz"))
    moved = _typed(_call(function, day, _typed(number, "int")), "timestamp_ntz")
    return exp.Paren(this=exp.Add(this=moved, expression=exp.Paren(this=time_of_day)))


def _unit(length: exp.Expr) -> str:
    """Return the unit of an interval, nothing of what is none."""
    if isinstance(length, exp.Interval):
        return length.text("unit").lower().removesuffix("s")
    if isinstance(length, exp.ToDays):
        return "day"
    return "month" if length.name.lower() == TO_MONTHS else ""


def _series_as_rows(node: exp.Explode) -> exp.Expr:
    """`range` leaves out its end and may be empty; `sequence` does neither."""
    series = node.this
    if not isinstance(series, exp.GenerateSeries) or not series.args.get("is_end_exclusive"):
        raise _not_compared("A list as rows, other than a series of numbers,", node)
    start, end = _in_brackets(series.args["start"]), _in_brackets(series.args["end"])
    last = exp.Sub(this=end.copy(), expression=exp.Literal.number(1))
    filled = _call("sequence", _typed(start, "bigint"), _typed(last, "bigint"))
    none = _typed(_call("array"), "array<bigint>")
    return _call("explode", exp.If(this=exp.GT(this=end, expression=start), true=filled, false=none))


def _series_as_table(node: exp.Table) -> exp.Expr:
    """Spark calls the column of `range` `id`."""
    if not isinstance(node.this, exp.GenerateSeries):
        return node
    if node.args.get("joins") or not node.this.args.get("is_end_exclusive"):
        raise _not_compared(
            "A series of numbers that other tables are joined to in brackets, or that holds its end,", node
        )
    alias = node.args["alias"]
    limits = [_typed(node.this.args[name], "bigint") for name in ("start", "end")]
    column = exp.alias_(exp.column("id"), alias.columns[0].name, quoted=True)
    return exp.select(column).from_(exp.Table(this=_call("range", *limits))).subquery(alias.this.copy())


def _first_bits_of_digest(node: exp.BitwiseRightShift) -> exp.Expr:
    """DuckDB reads the bytes of a digest from the last one to the first; Spark has no number of 128 bits."""
    digest = node.this
    if not (isinstance(digest, exp.Anonymous) and digest.name.lower() == DIGEST):
        return node
    if node.expression.name != "76":
        raise _not_compared("Another part of a digest than its first 52 bits", node)
    text = exp.MD5(this=digest.expressions[0].copy())
    # two digits for each of the last six bytes, and one of the seventh
    places = [(place, 2) for place in range(31, 20, -2)] + [(19, 1)]
    digits = [_call("substring", text, *map(exp.Literal.number, place)) for place in places]
    number = _call("conv", _call("concat", *digits), exp.Literal.number(16), exp.Literal.number(10))
    return exp.Cast(this=number, to=exp.DataType.build("bigint"))


def _sum(node: exp.Sum) -> exp.Expr:
    """Add decimals of fifteen places as whole numbers in two parts: Spark makes decimals from the text of a figure."""
    share = node.this
    if not (isinstance(share, exp.Cast) and share.to.sql() == "DECIMAL(18, 15)"):
        return node
    value = f"cast({share.this.sql('spark')} as double)"
    whole = f"cast(rint({value} * 1e15D + sign({value}) * 1e-9D) as bigint)"
    total = f"cast(sum(shiftright({whole}, 20)) as decimal(28, 0)) * 1048576 + sum({whole} & 1048575)"
    return sqlglot.parse_one(f"(cast({total} as double) / 1e15D)", read="spark")


def _date_of_text(node: exp.Anonymous) -> exp.Expr:
    text, form = node.expressions
    spelled = form.name
    for letter, other in LETTERS_OF_DATES.items():
        spelled = spelled.replace(letter, other)
    if "%" in spelled:
        raise _not_compared("This form of dates", node)
    return _call("try_to_timestamp", text, exp.Literal.string(spelled))


NAMED_FUNCTIONS: dict[str, Callable[[exp.Anonymous], exp.Expr]] = {
    "count_star": lambda node: exp.Count(this=exp.Star()),
    "date_part": lambda node: _part_of_date(node, node.expressions[0].name, node.expressions[1]),
    DIGEST: lambda node: node,
    "element_at": lambda node: node,
    # compared only with what the same engine computed
    "hash": lambda node: _call("xxhash64", *node.expressions),
    TO_MONTHS: lambda node: node,
    "try_strptime": _date_of_text,
}


def _named_function(node: exp.Anonymous) -> exp.Expr:
    """Translate a function of DuckDB that sqlglot does not know."""
    rule = NAMED_FUNCTIONS.get(node.name.lower())
    if rule is None:
        raise _not_compared(f"The function {node.name.lower()}", node)
    return rule(node)


RULES: dict[type[exp.Expr], Callable[..., exp.Expr]] = {
    exp.Add: _moved_date,
    exp.Anonymous: _named_function,
    exp.ApproxDistinct: lambda node: _call("approx_count_distinct", node.this),
    exp.ArgMin: lambda node: _call("min_by", node.this, node.expression),
    exp.ArrayAgg: _ordered_list,
    exp.BitwiseRightShift: _first_bits_of_digest,
    exp.Cast: _cast,
    exp.Ceil: _whole_number,
    exp.DateDiff: _date_difference,
    exp.DateTrunc: _first_of_month,
    exp.Div: _division,
    exp.Explode: _series_as_rows,
    exp.Extract: lambda node: _part_of_date(node, node.name, node.expression),
    exp.Floor: _whole_number,
    exp.GroupConcat: _joined_texts,
    exp.Like: _pattern_with_wildcards,
    exp.Log: _logarithm,
    exp.PercentileCont: _quantiles,
    exp.Round: _rounded,
    exp.Sub: _moved_date,
    exp.Sum: _sum,
    exp.Table: _series_as_table,
    exp.TimestampTrunc: _first_of_month,
    exp.Trunc: _remainder_cut_off,
    exp.TryCast: _attempted_cast,
    exp.WithinGroup: _quantile_within_group,
}
