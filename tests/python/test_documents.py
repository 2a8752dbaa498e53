"""The pages that tell people what to do are done here, to the letter."""

import pytest
from conftest import Project, copy_project
from documents import follow


@pytest.fixture
def clone(tmp_path) -> Project:
    """The project as its readers have it: with its unit tests, and all evidence."""
    return Project(copy_project(tmp_path / "project").folder, runs_unit_tests=True)


def test_the_guide_from_your_own_customers_to_your_own_personas(clone):
    follow("docs/your_own_data.md", clone)


def test_the_recipe_for_a_dataset(clone):
    follow("CONTRIBUTING.md", clone, "### Add a dataset")
    rows = dict(clone.published_query("select dataset, customers from datasets"))
    assert rows["cafe"] == 9
    assert clone.published_query("select customer_id, explanation from rejected_rows where dataset = 'cafe'") == [
        ("10", "visits: found nothing")
    ]
    assert clone.published_query("select count(*) from data_quality_results where suite = 'cafe_customers'") == [(1,)]
