"""What sqlfluff sees in place of dbt's adapter when it renders a model without a warehouse."""


def quote(name):
    """Return a quoted column name."""
    return f'"{name}"'
