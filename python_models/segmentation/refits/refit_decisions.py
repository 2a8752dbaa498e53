"""Decide which model every segmentation uses: history.refits.decide_refits."""

from customer_segmentation.history.refits import REFIT_DECISIONS, WAITING, decide_refits
from customer_segmentation.progress import note
from customer_segmentation.warehouse.frames import typed_relation


def model(dbt, session):
    settings = dbt.config.get("meta")
    folder = settings["history_folder"]
    given = "" if folder == "history" else f" --history {folder}"
    limits = dbt.ref("stability_grades").df()["lowest_jaccard"]
    decisions = decide_refits(
        dbt.ref("refit_plans").df(),
        dbt.ref("champions").df(),
        dbt.ref("challengers").df(),
        dbt.ref("refit_overlaps").df(),
        new_below=limits[limits > 0].min(),
    )
    for row in decisions[decisions["decision"] == WAITING].itertuples():
        note(
            f"{row.segmentation}: the new fit {row.challenger_version} waits, because {row.reason}. "
            f"{row.champion_version} stays in use. To compare them: segmentation models compare "
            f"{row.champion_version} {row.challenger_version}{given}. To accept it: segmentation models activate "
            f"{row.challenger_version}{given}, then build again."
        )
    kept = decisions[decisions["decision"].isin(["kept", "activated"])]
    for row in kept.itertuples():
        note(f"{row.segmentation}: the model {row.model_version} stays, because {row.reason}")
    return typed_relation(session, decisions, REFIT_DECISIONS)
