"""What sqlfluff sees in place of dbt's macros when it renders a model without a warehouse."""


def type_string():
    """Return the type that dbt uses for text."""
    return "text"


def listagg(measure, delimiter_text="','", order_by_clause="", limit_num=None):
    """Return the aggregate that joins texts."""
    return f"string_agg({measure}, {delimiter_text} {order_by_clause})"


def dateadd(datepart, interval, from_date_or_timestamp):
    """Return a date some time later."""
    return f"date_add({from_date_or_timestamp}, interval ({interval}) {datepart})"


def datediff(first_date, second_date, datepart):
    """Return the time between two dates."""
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def date_trunc(datepart, date):
    """Return the first day of a month."""
    return f"date_trunc('{datepart}', {date})"


def last_day(date, datepart):
    """Return the last day of a month."""
    return f"last_day({date})"
