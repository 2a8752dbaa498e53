import numpy as np
import pytest

from customer_segmentation.clustering.kmeans import fit_from
from customer_segmentation.clustering.neighbours import share_solutions


@pytest.fixture
def four_groups() -> np.ndarray:
    random = np.random.default_rng(0)
    return np.concatenate([random.normal(size=(50, 2)) + place for place in ((0, 0), (20, 0), (0, 20), (20, 20))])


def improved(points, starts):
    """Share the solutions that Lloyd's algorithm reaches from these starts."""
    fits = [fit_from(points, np.array(start, dtype=float)) for start in starts]
    solutions = {len(fit.centers): (fit.centers, fit.inertia) for fit in fits}
    shared = share_solutions(
        points, np.ones(len(points)), solutions, np.random.default_rng(0), least_gain=1e-4, tolerance=0
    )
    return solutions, shared


# two centres in one group, one between two others
POOR = [(-1, 0), (1, 0), (20, 10), (0, 20)]


@pytest.mark.parametrize(
    "neighbour",
    [[(0, 0), (20, 0), (10, 20)], [(0, 0), (20, 0), (0, 20), (20, 19), (20, 21)]],
    ids=["three", "five"],
)
def test_a_poor_solution_is_replaced_by_what_a_neighbour_leads_to(four_groups, neighbour):
    before, after = improved(four_groups, [POOR, neighbour])
    assert after[4][1] < before[4][1] / 5
    assert np.sort(after[4][0].round(-1), axis=0).tolist() == [[0, 0], [0, 0], [20, 20], [20, 20]]


def test_no_solution_becomes_worse(four_groups):
    before, after = improved(four_groups, [POOR, [(0, 0), (20, 20)], POOR[:3]])
    assert all(after[k][1] <= before[k][1] for k in before)
    assert {k: len(centers) for k, (centers, _) in after.items()} == {2: 2, 3: 3, 4: 4}


def test_a_number_without_neighbours_stays_as_it_is(four_groups):
    before, after = improved(four_groups, [POOR])
    assert after[4][1] == before[4][1]
