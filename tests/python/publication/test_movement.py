"""What happened since the last time in words, for the house and for everybody."""

from pathlib import Path

import duckdb
import pytest

from customer_segmentation.language import use_locale
from customer_segmentation.publication.movement import (
    first_day,
    last_flows,
    last_period,
    movement_of_defaults,
    waiting_fit,
)
from customer_segmentation.publication.outgoing import OutgoingPublication
from customer_segmentation.publication.tables import Publication
from helpers.small_movement import SHOP, add_first_day, add_movement
from helpers.small_publication import MALL, Described, publish

PEOPLE = Described("shop_personas", "shop", ("Often", "Seldom"), is_example=False)


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    return add_movement(publish(tmp_path_factory.mktemp("people") / "marts.duckdb", PEOPLE))


def test_the_house_reads_exact_numbers_and_money(people):
    with Publication(people) as publication:
        assert last_period(publication.rows, SHOP.segmentation, "$") == (
            "From 29 February 2024 to 31 March 2024, seven customers moved to another segment, four came and two went. "
            "By these moves, Often lost $230."
        )


def test_a_name_with_commas_is_quoted(tmp_path):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute(
            "update segment_migrations set from_persona = 'Buys often, spends much' where from_persona = 'Often'"
        )
        database.execute(
            "update segment_migrations set to_persona = 'Buys often, spends much' where to_persona = 'Often'"
        )
    with Publication(path) as publication:
        told = last_period(publication.rows, SHOP.segmentation, "$")
    assert told.endswith("By these moves, “Buys often, spends much” lost $230.")


def test_a_build_without_campaigns_says_money_with_its_currency(tmp_path):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP))
    with duckdb.connect(str(path)) as database:
        database.execute("delete from campaign_recommendations")
        database.execute("create or replace table customers as select 'CHF' as currency")
        names = (
            "segmentation_fits",
            "segment_migrations",
            "monthly_migrations",
            "campaign_recommendations",
            "customers",
        )
        with duckdb.connect() as session:
            relations = {name: session.from_arrow(database.table(name).to_arrow_table()) for name in names}
            [told] = movement_of_defaults(session, relations)
    assert told.endswith("By these moves, Often lost 230 CHF.")


def test_everybody_reads_rounded_numbers_and_no_money(people):
    with OutgoingPublication(people) as publication:
        assert last_period(publication.rows, SHOP.segmentation, "$", 5) == (
            "From 29 February 2024 to 31 March 2024, about five customers moved to another segment, fewer than five "
            "came and fewer than five went."
        )
        assert [flow.customers for flow in last_flows(publication.rows, SHOP.segmentation).flows] == [
            None, None, 65, 5, None, 30,
        ]  # fmt: skip


def test_without_recorded_days_the_last_month_is_told(tmp_path):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP), tables=("monthly_migrations",))
    with Publication(path) as publication:
        told = last_period(publication.rows, SHOP.segmentation, None)
        period = last_flows(publication.rows, SHOP.segmentation)
    assert told == "In March 2024, by today's model, two customers moved to another segment and one came."
    assert (f"{period.start:%Y-%m-%d}", f"{period.end:%Y-%m-%d}") == ("2024-02-29", "2024-03-31")


def test_the_first_day_says_when_changes_are_shown(tmp_path):
    path = add_first_day(publish(tmp_path / "marts.duckdb", MALL), MALL.segmentation)
    with Publication(path) as publication:
        assert last_period(publication.rows, MALL.segmentation, None) == ""
        assert first_day(publication.rows, MALL.segmentation) == (
            "There is nothing to compare with yet: 31 March 2024 is the only day known of these customers. A build on a later "
            "day shows who moved, if builds keep a history (var history_folder)."
        )


def test_who_moved_is_told_in_german(people, tmp_path):
    path = add_movement(publish(tmp_path / "marts.duckdb", SHOP), tables=("monthly_migrations",))
    use_locale("de")
    try:
        with Publication(path) as publication:
            assert last_period(publication.rows, SHOP.segmentation, None) == (
                "März 2024, nach dem heutigen Modell: zwei Kunden wechselten das Segment und einer kam hinzu."
            )
        with OutgoingPublication(people) as publication:
            assert last_period(publication.rows, SHOP.segmentation, "$", 5).endswith(
                ": etwa fünf Kunden wechselten das Segment, weniger als fünf kamen hinzu und weniger als fünf gingen."
            )
        with Publication(people) as publication:
            assert waiting_fit(publication.rows, SHOP.segmentation).startswith(
                "Eine neue Anpassung wartet auf Freigabe: sie würde 43 von 102 Kunden (42,2 %) verschieben, mehr als"
            )
    finally:
        use_locale("en")
