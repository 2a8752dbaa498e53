"""SQL of Spark that writes a figure with a fraction as DuckDB does, whatever the engine's own way.

DuckDB writes an exponent from 1e16 on and below 0.0001. Java begins at ten million, and other engines write small
figures without one. All is made from the engine's own text, so the expression may stand where a value is no figure.
"""

OWN_TEXT = "own"
DIGITS = f"regexp_replace(replace(regexp_extract({OWN_TEXT}, '^-?([0-9.]+)', 1), '.', ''), '^0+|0+$', '')"
SIGN = f"regexp_extract({OWN_TEXT}, '^-?', 0)"
EXPONENT = f"""(
    case when {OWN_TEXT} rlike '[eE]' then cast(regexp_extract({OWN_TEXT}, '[eE](.*)$', 1) as int)
    else -1 - length(regexp_extract({OWN_TEXT}, '^-?0[.](0*)', 1)) end
)"""
FIGURE_TEXT = f"""case
    when lower({OWN_TEXT}) = 'nan' then 'nan'
    when {OWN_TEXT} rlike '[iI]nf' then {SIGN} || 'inf'
    when not {OWN_TEXT} rlike '[eE]|^-?0[.]0000' then {OWN_TEXT}
    when {EXPONENT} between 7 and 15
        then {SIGN} || substring(rpad({DIGITS}, 17, '0'), 1, {EXPONENT} + 1)
        || '.' || coalesce(nullif(substring({DIGITS}, {EXPONENT} + 2), ''), '0')
    when {EXPONENT} = -4 then {SIGN} || '0.000' || {DIGITS}
    else
        {SIGN} || substring({DIGITS}, 1, 1)
        || case when length({DIGITS}) > 1 then '.' else '' end || substring({DIGITS}, 2)
        || case when {EXPONENT} < 0 then 'e-' else 'e+' end
        || case when abs({EXPONENT}) < 10 then '0' else '' end || cast(abs({EXPONENT}) as string)
end"""


def figure_text(value: str) -> str:
    """Return SQL of Spark for the text of a figure.

    Parameters
    ----------
    value : str
        SQL of the figure, of type double or float.

    Returns
    -------
    str
        The text that DuckDB casts the figure to.
    """
    # a function of a list of one, so that the value is written, and planned, once
    return f"element_at(transform(array(cast({value} as string)), {OWN_TEXT} -> {FIGURE_TEXT}), 1)"
