"""The pages that tell people what to do are done here, to the letter."""

from documents import follow


def test_the_guide_from_your_own_customers_to_your_own_personas(empty):
    follow("docs/your_own_data.md", empty)


def test_the_recipe_for_a_dataset(empty):
    follow("CONTRIBUTING.md", empty, "### Add a dataset")
    rows = dict(empty.published_query("select dataset, customers from datasets"))
    assert rows["cafe"] == 9
    assert empty.published_query("select customer_id, explanation from rejected_rows where dataset = 'cafe'") == [
        ("10", "visits: found nothing")
    ]
    assert empty.published_query("select count(*) from data_quality_results where suite = 'cafe_customers'") == [(1,)]
