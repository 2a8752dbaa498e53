"""What sqlfluff sees in place of dbt's macros when it renders a model without a warehouse."""


def type_string():
    """Return the type that dbt uses for text."""
    return "text"


def listagg(measure, delimiter_text="','", order_by_clause="", limit_num=None):
    """Return the aggregate that joins texts."""
    return f"string_agg({measure}, {delimiter_text} {order_by_clause})"
