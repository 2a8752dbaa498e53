"""The models of a history: listed, compared and chosen for the next build."""

import json
from datetime import date, datetime

import duckdb
import numpy as np
import pandas as pd
import pytest

from customer_segmentation.cli.main import main
from customer_segmentation.cli.model_texts import listed_models
from customer_segmentation.clustering.fitting import FITTED_CLUSTERS
from customer_segmentation.errors import InputError, NotPossibleError
from customer_segmentation.history.activation import FILE, activated_models, read_activations, withdraw
from customer_segmentation.history.models import activate, compare_on, models_named, recorded_models
from customer_segmentation.history.store import MANIFEST, record

JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)


def clusters(version, day, centres=(0.0, 1.0)) -> pd.DataFrame:
    rows = [
        {
            "dataset": "d", "day": day, "segmentation": "s", "model_version": version, "fitted_at": datetime(2024, day.month, 28),
            "cluster_id": cluster, "position": 1, "feature": "income", "transform": "log", "weight": 1.0,
            "scaler_center": 1.0, "scaler_scale": 2.0, "scaled_centroid": centre, "scaled_deviation": 1.0,
            "customers": 100, "inertia": 9.0, "silhouette": 0.5, "bootstrap_jaccard": 0.8 + cluster / 100,
            "is_in_use": version in "ac",
        }
        for cluster, centre in enumerate(centres, start=1)
    ]  # fmt: skip
    return pd.DataFrame(rows).reindex(
        columns=[*dict.fromkeys(["day", *FITTED_CLUSTERS]), "bootstrap_jaccard", "is_in_use"]
    )


def record_day(folder, day, before, in_use, *fits) -> None:
    """Record a day with the model in use, and the fits that are new on it."""
    with duckdb.connect() as session:
        new = pd.concat(fits) if fits else clusters("none", day)[:0]
        states = pd.DataFrame(
            [("d", day, "s", 1, in_use)], columns=["dataset", "day", "segmentation", "segment_id", "model_version"]
        )
        tables = {"model_clusters": session.from_df(new), "segment_states": session.from_df(states)}
        keys = {"model_clusters": ["model_version", "cluster_id"], "segment_states": ["segment_id"]}
        record(folder, tables, {"d": day}, {"d": before}, keys)


@pytest.fixture
def folder(tmp_path):
    """January has the model a; in February the fit b waits; in March c is used, and d waits."""
    record_day(tmp_path, JANUARY, None, "a", clusters("a", JANUARY))
    record_day(tmp_path, FEBRUARY, JANUARY, "a", clusters("b", FEBRUARY))
    record_day(tmp_path, MARCH, FEBRUARY, "c", clusters("c", MARCH), clusters("d", MARCH, (0.0, 3.0)))
    return tmp_path


def states(folder) -> dict[str, str]:
    return {one.version: one.state for one in recorded_models(folder)}


def test_models_are_listed_with_what_became_of_them(folder):
    assert states(folder) == {
        "a": "used", "b": "was not accepted", "c": "in use", "d": "waits to be accepted",
    }  # fmt: skip
    [first] = [one for one in recorded_models(folder) if one.version == "a"]
    assert (first.as_of_date, first.last_used_on, first.stability) == ("2024-01-31", "2024-02-29", 0.81)
    assert first.features == ["income (log)"]
    assert first.centres()["income"].tolist() == pytest.approx(np.expm1([1.0, 3.0]))


def test_models_are_listed_under_the_name_and_the_key_of_their_segmentation(folder):
    assert listed_models(recorded_models(folder), {"s": "Shoppers"}).startswith("Shoppers (s): income (log)\n")
    assert listed_models(recorded_models(folder), {}).startswith("s: income (log)\n")


def test_a_folder_without_a_history_has_no_models(tmp_path):
    with pytest.raises(NotPossibleError, match="There is no model in"):
        recorded_models(tmp_path / "none")


def test_a_model_is_chosen_for_the_next_build(folder):
    assert [one.version for one in activate(folder, "d")] == ["d"]
    assert [one.version for one in recorded_models(folder) if one.is_activated] == ["d"]

    def applies(previous_day, previous_version):
        return bool(activated_models(folder, {"d": previous_day}, {"s": previous_version}))

    assert applies("2024-02-29", "a"), "March is built again"
    assert applies("2024-02-29", "d"), "March is built again to go back to the model of February"
    assert applies("2024-03-31", "c"), "April is built next"
    assert not applies("2024-03-31", "d"), "March was built again, so its model is the one before April"
    assert not applies("2024-04-30", "d"), "April is recorded"
    assert not activated_models(folder, {"other": None}, {}), "its dataset is not built"


def test_the_last_choice_counts(folder):
    activate(folder, "d")
    activate(folder, "a")
    assert [one.model_version for one in read_activations(folder)] == ["a"]


def test_a_choice_can_be_taken_back(folder):
    activate(folder, "d")
    assert withdraw(folder, "s") == "d"
    assert read_activations(folder) == []
    with pytest.raises(NotPossibleError, match="No model of s is activated"):
        withdraw(folder, "s")


def test_segmentations_that_are_fitted_alike_are_chosen_together(tmp_path):
    alike = [clusters("a", JANUARY), clusters("a", JANUARY).assign(segmentation="t")]
    record_day(tmp_path, JANUARY, None, "a", *alike)
    assert [one.segmentation for one in activate(tmp_path, "a")] == ["s", "t"]


def test_a_model_that_is_not_there_cannot_be_chosen(folder):
    with pytest.raises(NotPossibleError, match="There is no model e in the history"):
        activate(folder, "e")
    assert not (folder / FILE).exists()


@pytest.mark.parametrize("content", ["[{]", '[{"segmentation": "s"}]'])
def test_a_damaged_choice_is_named(folder, content):
    (folder / FILE).write_text(content)
    with pytest.raises(InputError, match="Restore it from a backup, or remove it"):
        read_activations(folder)


def test_a_choice_survives_the_next_record(folder):
    activate(folder, "d")
    record_day(folder, date(2024, 4, 30), MARCH, "d")
    assert json.loads((folder / FILE).read_text())[0]["model_version"] == "d"
    assert states(folder)["d"] == "in use"


def test_two_models_are_compared_on_customers(folder):
    found = recorded_models(folder)
    # scaled: (log1p(x) - 1) / 2; the border of c lies at 0.5, that of d at 1.5
    customers = pd.DataFrame({"income": np.expm1(2.0 * np.array([0.0, 0.4, 0.9, 1.2, 3.0, 3.1]) + 1.0)})
    [before], [after] = models_named(found, "c"), models_named(found, "d")
    assert before.clusters_of(customers).tolist() == [1, 1, 2, 2, 2, 2]
    assert after.clusters_of(customers).tolist() == [1, 1, 1, 1, 2, 2]
    compared = compare_on(before, after, customers, new_below=0.5)
    assert (compared["customers"], compared["customers_moved"]) == (6, 2)
    assert compared["largest_centre_shift"] == pytest.approx(2.0)
    assert compared["challenger_inertia"] == pytest.approx(0.4**2 + 0.9**2 + 1.2**2 + 0.1**2)
    assert compared["champion_inertia"] == pytest.approx(0.4**2 + 0.1**2 + 0.2**2 + 2.0**2 + 2.1**2)


def test_the_commands_take_the_folder_before_or_behind_them(folder, capsys):
    assert main(["models", "--history", str(folder), "activate", "d"]) == 0
    assert main(["models", "activate", "a", "--history", str(folder)]) == 0
    assert [one.model_version for one in read_activations(folder)] == ["a"]
    assert main(["models", "--history", str(folder), "withdraw", "s"]) == 0
    assert main(["models", "--history", str(folder)]) == 0
    assert "waits to be accepted" in capsys.readouterr().out


def test_a_damaged_history_is_said_without_a_traceback(tmp_path, capsys):
    (tmp_path / MANIFEST).write_text("{")
    assert main(["models", "--history", str(tmp_path)]) == 1
    found = capsys.readouterr().err
    assert "history.json is damaged" in found
    assert "Traceback" not in found
