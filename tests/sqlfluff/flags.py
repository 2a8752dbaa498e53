"""What sqlfluff sees in place of the flags of a run of dbt."""

EMPTY = False
