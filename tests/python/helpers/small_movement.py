"""What has changed in an invented publication: who moved between two days and three months, and what drifted."""

from pathlib import Path

import duckdb

from helpers.small_publication import Described

SHOP = Described("shop_personas", "shop", ("Often", "Seldom"))
# Ann rises in March and Bob falls; Cyd comes in March, Eve in February.
HISTORY = """
    select * from (values
        ('ann', date '2024-01-31', date '2024-02-29', 2, 'Seldom'), ('ann', date '2024-03-31', null, 1, 'Often'),
        ('bob', date '2024-01-31', date '2024-02-29', 1, 'Often'), ('bob', date '2024-03-31', null, 2, 'Seldom'),
        ('cyd', date '2024-03-31', null, 1, 'Often'),
        ('eve', date '2024-02-29', null, 2, 'Seldom')
    ) as t (customer_id, valid_from, valid_to, segment_id, persona)
"""
MONTHS = """
    select * from (values
        (date '2024-02-29', 0, 2, 'came', 1), (date '2024-02-29', 1, 1, 'stayed', 1), (date '2024-02-29', 2, 2, 'stayed', 1),
        (date '2024-03-31', 0, 1, 'came', 1), (date '2024-03-31', 1, 2, 'moved', 1), (date '2024-03-31', 2, 1, 'moved', 1),
        (date '2024-03-31', 2, 2, 'stayed', 1)
    ) as t (month_end, from_segment_id, to_segment_id, movement, customers)
"""
SIZES = """
    select * from (values
        (date '2024-02-29', 1, 'Often', '#0072b2', 70, 900.0), (date '2024-02-29', 2, 'Seldom', '#d55e00', 30, 100.0),
        (date '2024-03-31', 1, 'Often', '#0072b2', 65, 800.0), (date '2024-03-31', 2, 'Seldom', '#d55e00', 37, 150.0)
    ) as t (day, segment_id, persona, colour, customers, money)
"""
MIGRATIONS = """
    select
        t.*, ['Often', 'Seldom'][from_segment_id] as from_persona,
        ['Often', 'Seldom'][to_segment_id] as to_persona
    from (values
        (0, 2, 'came', 4, null, 40.0), (1, 0, 'went', 2, 30.0, null), (1, 1, 'stayed', 63, null, 700.0),
        (1, 2, 'moved', 5, 250.0, 60.0), (2, 1, 'moved', 2, 20.0, 90.0), (2, 2, 'stayed', 28, null, 90.0)
    ) as t (from_segment_id, to_segment_id, movement, customers, money_before, money_after)
"""
MOVERS = """
    select * from (values ('bob', 850.0, 700.0), ('=2+3', 1200.0, 1300.0)) as t (customer_id, money_before, money_after)
"""
DRIFT = """
    select * from (values ('visits', 'large', 0.61, 0.37, 0.0, 0.25), ('segment', 'none', 0.02, 0.0004, 0.8, 0.0))
    as t (measure, drift, effect, stability_index, p_value, share_outside)
"""
WAITING = """
    select
        'waiting' as decision, 'it would move 43 of 102 customers (42.2 %), beyond the limit of 10 %' as reason,
        'segmentation models activate 8f28582c828a' as accept_command
"""
ROWS = {
    "segment_history": HISTORY,
    "monthly_migrations": MONTHS,
    "segment_sizes": SIZES,
    "segment_migrations": f"select *, date '2024-02-29' as period_start, date '2024-03-31' as period_end from ({MIGRATIONS})",
    "segment_movers": f"""
        select *, 'Often' as from_persona, 'Seldom' as to_persona, date '2024-03-31' as changed_on, false as is_refitted
        from ({MOVERS})
    """,
    "drift_checks": f"select *, 100 as customers_then, 102 as customers_now from ({DRIFT})",
    "refit_comparisons": WAITING,
}


def add_movement(path: Path, segmentation: str = SHOP.segmentation, tables: tuple[str, ...] = tuple(ROWS)) -> Path:
    """Fill the tables about movement of a publication for a segmentation whose segments are Often and Seldom."""
    with duckdb.connect(str(path)) as database:
        for table in tables:
            database.execute(
                f"insert into {table} by name select *, '{segmentation}' as segmentation from ({ROWS[table]})"
            )
    return path


def add_first_day(path: Path, segmentation: str) -> Path:
    """Let the history of a segmentation begin on the last day of March 2024."""
    with duckdb.connect(str(path)) as database:
        database.execute(
            "insert into segment_sizes by name "
            f"select '{segmentation}' as segmentation, date '2024-03-31' as day, 1 as segment_id, 150 as customers"
        )
    return path
