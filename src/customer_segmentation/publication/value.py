"""What customers are worth: the cells of the RFM grid, and which share of the customers brings which of the money.

The queries read `rfm_scores`, which has a row per customer, and return at most a hundred rows whatever its size.
"""

MOST_POINTS = 100  # of the curve: a step of one per cent is finer than anybody can see

CELLS = """
    select
        recency_score,
        value_score,
        rfm_group,
        count(*) as customers,
        cast(sum(cast(monetary as decimal(38, 9))) as double) as money,
        cast(sum(cast(monetary as decimal(38, 9))) as double) / count(*) as mean_monetary
    from {scores}
    where dataset = ? and recency_score is not null
    group by recency_score, value_score, rfm_group
    order by recency_score, value_score
"""
# The customers by falling value, in groups of equal size that are added up one after the other.
CONCENTRATION = """
    with

    ranked as (
        select
            coalesce(monetary, 0) as money,
            row_number() over (order by coalesce(monetary, 0) desc) as place,
            count(*) over () as customers
        from {scores}
        where dataset = ?
    ),

    numbered as (
        select
            money,
            (place - 1) * greatest(1, least({points}, customers // {smallest})) // customers as part
        from ranked
    ),

    parts as (
        select part, count(*) as customers, sum(cast(money as decimal(38, 9))) as money
        from numbered
        group by part
    )

    select
        cast(sum(customers) over (order by part) as bigint) as customers,
        cast(sum(money) over (order by part) as double) as money
    from parts
    order by part
"""


def cells_query(scores: str = "rfm_scores") -> str:
    """Return the query for the cells of the grid of a dataset, which is its one parameter.

    Parameters
    ----------
    scores : str
        The table `rfm_scores`.

    Returns
    -------
    str
        It gives one row per recency score and value score that customers have: `rfm_group`, `customers`, `money`, what
        they brought together, and `mean_monetary`.
    """
    return CELLS.format(scores=scores)


def concentration_query(scores: str = "rfm_scores", smallest: int = 1) -> str:
    """Return the query for the curve of the money of a dataset, which is its one parameter.

    Parameters
    ----------
    scores : str
        The table `rfm_scores`.
    smallest : int
        Fewest customers between two points of the curve.

    Returns
    -------
    str
        It gives one row per point: the `customers` up to it, the most valuable first, and their `money`.
    """
    return CONCENTRATION.format(scores=scores, points=MOST_POINTS, smallest=smallest)
