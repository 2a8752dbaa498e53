"""One colour for one group of people, across all segmentations of a dataset."""

from collections.abc import Sequence

import pandas as pd

SEGMENT_COLOURS = {"segmentation": "varchar", "cluster_id": "integer", "colour": "varchar"}


def segment_colours(
    clusters: pd.DataFrame, overlaps: pd.DataFrame, palette: Sequence[str], kept: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Give each cluster a colour; clusters of other segmentations that hold mostly the same customers share it.

    A segment keeps the colour that it had. Otherwise the segmentation to use has the first colours of the palette, in
    the order of its personas. In each further one, pairs of a cluster and a group that has a colour already are taken
    by the customers they share, the most first, if these are more than half of either. What is left over gets a colour
    that no group of the dataset has, as long as there is one.

    Parameters
    ----------
    clusters : DataFrame
        One row per segmentation and cluster: `dataset`, `segmentation`, `is_default`, `cluster_id`, and `priority` of
        the persona, missing where a cluster has none.
    overlaps : DataFrame
        Per pair of clusters of two segmentations of a dataset `segmentation`, `cluster_id`, `other_segmentation`,
        `other_cluster_id` and `customers`; of a pair of segmentations one way round is enough.
    palette : sequence of str
        The colours in their order.
    kept : DataFrame, optional
        Clusters that keep a colour: `segmentation`, `cluster_id`, `colour`. One that the palette no longer has does not
        count.

    Returns
    -------
    DataFrame
        The columns of `SEGMENT_COLOURS`. Within a segmentation colours differ while the palette has enough of them.

    Examples
    --------
    >>> clusters = pd.DataFrame({"dataset": "d", "segmentation": ["a", "a", "b", "b", "b"], "is_default": False,
    ...                          "cluster_id": [1, 2, 1, 2, 3], "priority": None})
    >>> overlaps = pd.DataFrame({"segmentation": "b", "cluster_id": [1, 2, 3], "other_segmentation": "a",
    ...                          "other_cluster_id": [2, 1, 1], "customers": [50, 20, 30]})
    >>> segment_colours(clusters, overlaps, ["blue", "red", "green"])["colour"].tolist()
    ['blue', 'red', 'red', 'green', 'blue']
    """
    shared = {}
    for row in overlaps.itertuples():
        one, other = (row.segmentation, row.cluster_id), (row.other_segmentation, row.other_cluster_id)
        shared[one + other] = shared[other + one] = row.customers
    sizes: dict[tuple, int] = {}
    for (name, cluster, other, _), customers in shared.items():
        sizes[name, cluster, other] = sizes.get((name, cluster, other), 0) + customers
    found = []
    for _, dataset in clusters.groupby("dataset", sort=True):
        order = dataset.sort_values(["priority", "cluster_id"], na_position="last", kind="stable")
        names = dataset.sort_values(["is_default", "segmentation"], ascending=[False, True])["segmentation"].unique()
        placed: dict[tuple[str, int], str] = {}
        for name in names:
            own = order.loc[order["segmentation"] == name, "cluster_id"].tolist()
            colours = _kept(name, own, palette, kept)
            others = [cluster for cluster in own if cluster not in colours]
            colours |= _inherited(name, others, placed, shared, sizes, set(colours.values()))
            used = set(placed.values()) | set(colours.values())
            for place, cluster in enumerate(own):
                if cluster in colours:
                    continue
                free = [colour for colour in palette if colour not in used]
                free = free or [colour for colour in palette if colour not in colours.values()]
                colours[cluster] = free[0] if free else palette[place % len(palette)]
                used.add(colours[cluster])
            placed |= {(name, cluster): colour for cluster, colour in colours.items()}
        found += [(name, cluster, colour) for (name, cluster), colour in placed.items()]
    return pd.DataFrame(sorted(found), columns=list(SEGMENT_COLOURS))


def _kept(name, own, palette, kept) -> dict[int, str]:
    """Return the colours that clusters of a segmentation had before, each colour once."""
    if kept is None:
        return {}
    before = kept[(kept["segmentation"] == name) & kept["cluster_id"].isin(own) & kept["colour"].isin(palette)]
    before = before.drop_duplicates("colour")
    return dict(zip(before["cluster_id"], before["colour"], strict=True))


def _inherited(name, own, placed, shared, sizes, taken) -> dict[int, str]:
    """Take over the colours of the groups that clusters share most of their customers with, each colour once."""
    pairs = []
    for rank, cluster in enumerate(own):
        for place, ((other, other_cluster), colour) in enumerate(placed.items()):
            customers = shared.get((name, cluster, other, other_cluster), 0)
            groups = (name, cluster, other), (other, other_cluster, name)
            if customers and 2 * customers > min(sizes[group] for group in groups):
                pairs.append((-customers, rank, place, cluster, colour))
    colours: dict[int, str] = {}
    for _, _, _, cluster, colour in sorted(pairs):
        if cluster not in colours and colour not in taken | {*colours.values()}:
            colours[cluster] = colour
    return colours
