"""One group of people has one colour in every segmentation of a dataset, and no grade has the colour of a segment."""

from pathlib import Path

import pandas as pd
import pytest

from customer_segmentation.personas.colours import segment_colours
from customer_segmentation.report import theme
from customer_segmentation.report.charts.drawing import Axis
from customer_segmentation.report.charts.segments import segment_map
from customer_segmentation.report.charts.space import space
from customer_segmentation.report.charts.symbols import SYMBOLS

PALETTE = ["blue", "red", "green", "pink"]
ROOT = Path(__file__).resolve().parents[3]


def coloured(segmentations: dict[str, list], people: dict[str, list], palette=PALETTE) -> dict[str, list[str]]:
    """Colour segmentations, the first being the one to use: priorities by cluster, and the cluster of each customer."""
    clusters = pd.DataFrame(
        [
            {"dataset": "d", "segmentation": name, "is_default": not place, "cluster_id": cluster, "priority": priority}
            for place, (name, priorities) in enumerate(segmentations.items())
            for cluster, priority in enumerate(priorities, start=1)
        ]
    )
    pairs = [
        {"segmentation": one, "cluster_id": a, "other_segmentation": two, "other_cluster_id": b}
        for one in people
        for two in people
        if one != two
        for a, b in zip(people[one], people[two], strict=True)
    ]
    columns = ["segmentation", "cluster_id", "other_segmentation", "other_cluster_id"]
    overlaps = pd.DataFrame(pairs, columns=columns).groupby(columns).size().rename("customers").reset_index()
    found = segment_colours(clusters, overlaps, palette)
    return {name: found.loc[found["segmentation"] == name, "colour"].tolist() for name in segmentations}


def test_the_segmentation_to_use_has_the_palette_in_the_order_of_its_personas():
    assert coloured({"z": [2, None, 1]}, {"z": [1, 2, 3]}) == {"z": ["red", "green", "blue"]}


def test_the_largest_overlap_decides_and_a_new_group_has_a_new_colour():
    found = coloured(
        {"z": [1, 2], "a": [1, 2, 3]},
        {"z": [1] * 10 + [2] * 10, "a": [3] * 6 + [2] * 4 + [1] * 10},
    )
    assert found == {"z": ["blue", "red"], "a": ["red", "green", "blue"]}


def test_a_group_that_the_one_to_use_does_not_have_keeps_its_colour_in_the_next():
    found = coloured(
        {"z": [1], "a": [1, 2], "b": [1, 2]},
        {"z": [1] * 20, "a": [1] * 12 + [2] * 8, "b": [2] * 12 + [1] * 8},
    )
    assert found == {"z": ["blue"], "a": ["blue", "red"], "b": ["red", "blue"]}


def test_a_few_customers_in_common_are_not_the_same_people():
    """The first segment shares a quarter of its customers with blue, which no other segment wants, and is not blue."""
    found = coloured(
        {"z": [1, 2], "a": [1, 2]}, {"z": [1] * 5 + [2] * 15 + [1] * 15 + [2] * 35, "a": [1] * 20 + [2] * 50}
    )
    assert found == {"z": ["blue", "red"], "a": ["green", "red"]}


@pytest.mark.parametrize("clusters", [4, 7])
def test_colours_of_a_segmentation_differ_as_long_as_there_are_enough(clusters):
    names = {"z": [None] * 3, "a": [None] * clusters}
    people = {"z": [1, 2, 3] * 28, "a": [cluster + 1 for cluster in range(clusters)] * (84 // clusters)}
    assert len(set(coloured(names, people)["a"])) == min(clusters, len(PALETTE))


def test_no_grade_has_the_colour_of_a_segment():
    palette = pd.read_csv(ROOT / "seeds/judgement/palette.csv")["colour"].str.lower()
    assert not set(palette) & {colour.lower() for colour in theme.GRADES.values()}
    # nor one like it: a grade has no hue
    assert all(max(channels) - min(channels) < 0x22 for channels in map(_channels, theme.GRADES.values()))


def _channels(colour):
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def test_a_segment_has_the_same_symbol_in_two_dimensions_and_in_three():
    segments = pd.DataFrame({"cluster_id": range(1, 9), "persona": list("abcdefgh"), "colour": "#000000", "share": ""})
    customers = pd.DataFrame({"cluster_id": range(1, 9), "x": 1.0, "y": 1.0, "z": 1.0})
    axes = [Axis("x", "x"), Axis("y", "y"), Axis("z", "z")]
    plane = segment_map(customers, segments, *axes[:2]).to_dict()["layer"][0]["encoding"]["shape"]["scale"]["range"]
    turned = [trace["marker"]["symbol"] for trace in space(customers, segments, axes)["data"]]
    assert list(zip(plane, turned, strict=True)) == list(SYMBOLS[:8])
    assert len(set(turned)) == 8


def test_one_group_of_people_has_one_colour_in_the_three_systems_of_the_mall(built):
    pairs = built.published_query(
        """
        select distinct segments.persona, segments.colour, others.persona, others.colour
        from segment_crosswalk
        inner join segments
            on
                segment_crosswalk.segmentation = segments.segmentation
                and segment_crosswalk.cluster_id = segments.cluster_id
        inner join segments as others
            on
                segment_crosswalk.other_segmentation = others.segmentation
                and segment_crosswalk.other_cluster_id = others.cluster_id
        where share_of_segment > 0.9 and share_of_other_segment > 0.9
        """
    )
    assert len(pairs) >= 10
    assert [pair for pair in pairs if pair[1] != pair[3]] == []
