"""The models that the history keeps: list them, compare two, choose one for the next build."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from customer_segmentation.clustering.distances import predict
from customer_segmentation.clustering.stored_models import model_centres
from customer_segmentation.clustering.transforms import transformed, untransformed
from customer_segmentation.errors import InputError, NotPossibleError
from customer_segmentation.history.activation import Activation, read_activations, write_activations
from customer_segmentation.history.refits import compare_models
from customer_segmentation.history.store import recorded_files

IN_USE, USED, WAITING, NOT_USED = "in use", "used", "waits to be accepted", "was not accepted"


@dataclass(frozen=True)
class RecordedModel:
    """A model of the history.

    Attributes
    ----------
    segmentation, dataset : str
        What it segments.
    version : str
        The model.
    state : str
        `in use`, `used` until `last_used_on`, `waits to be accepted` or `was not accepted`.
    is_activated : bool
        Whether somebody has chosen it for the next build.
    as_of_date : str
        Day that the customers of the fit are of.
    last_used_on : str or None
        Last recorded day with the model; None if it was never used, or that day is no longer kept.
    last_day : str
        Last recorded day of the dataset.
    clusters : DataFrame
        One row per cluster and feature, with the columns of `clustering.fitting.FITTED_CLUSTERS` and
        `bootstrap_jaccard`.
    """

    segmentation: str
    dataset: str
    version: str
    state: str
    is_activated: bool
    as_of_date: str
    last_used_on: str | None
    last_day: str
    clusters: pd.DataFrame

    @property
    def features(self) -> list[str]:
        """Features with their transforms, in their order."""
        first = self.clusters.drop_duplicates("position").sort_values("position")
        return [row.feature + ("" if row.transform == "none" else f" ({row.transform})") for row in first.itertuples()]

    @property
    def stability(self) -> float | None:
        """Bootstrap Jaccard similarity of the least stable segment, 0 to 1; None if it was not computed."""
        lowest = self.clusters["bootstrap_jaccard"].min()
        return None if pd.isna(lowest) else float(lowest)

    def centres(self) -> pd.DataFrame:
        """Return the centres in the units of the features: a row per cluster, a column per feature in order."""
        first = self.clusters.drop_duplicates("position").sort_values("position")
        values = model_centres(self.clusters)[first["feature"]]
        return values.apply(lambda one: untransformed(one, first.set_index("feature")["transform"][one.name]))

    def clusters_of(self, customers: pd.DataFrame) -> np.ndarray:
        """Return the cluster of each customer.

        Parameters
        ----------
        customers : DataFrame
            A column per feature, in its units, without missing values.

        Returns
        -------
        ndarray of int, shape (n_customers,)
        """
        values, one = self.scaled(customers)
        centres = self.clusters.pivot(index="cluster_id", columns="feature", values="scaled_centroid")[one["feature"]]
        return centres.index.to_numpy()[predict(values, centres.to_numpy())]

    def scaled(self, customers: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
        """Return the customers in the scaled units of the model, and its row per feature, in order."""
        one = self.clusters.drop_duplicates("position").sort_values("position")
        values = [
            (transformed(customers[row.feature].to_numpy(dtype=float), row.transform) - row.scaler_center)
            / row.scaler_scale
            for row in one.itertuples()
        ]
        return np.column_stack(values), one


def recorded_models(folder: Path) -> list[RecordedModel]:
    """List the models of a history.

    Parameters
    ----------
    folder : Path
        Folder of the history.

    Returns
    -------
    list of RecordedModel
        By segmentation, the last fit first.

    Raises
    ------
    InputError
        If the history cannot be read.
    NotPossibleError
        If it has no model.
    """
    files = recorded_files(folder)
    clusters = _rows(folder, files, "model_clusters")
    if clusters.empty:
        raise NotPossibleError(
            f"There is no model in {folder}. The first `dbt build` records one; --history names another folder."
        )
    states = _rows(folder, files, "segment_states")
    last_days = {one.dataset: one.day for one in sorted(files, key=lambda one: one.day)}
    chosen = {(one.segmentation, one.model_version): one for one in read_activations(folder)}
    found = []
    for (segmentation, version), own in clusters.groupby(["segmentation", "model_version"], sort=True):
        dataset, as_of_date = own["dataset"].iloc[0], own["day"].min()
        of_segmentation = states[states["segmentation"] == segmentation]
        used_on = of_segmentation.loc[of_segmentation["model_version"] == version, "day"]
        last_used_on = None if used_on.empty else used_on.max()
        # a version of the project without proposals did not write the column
        was_used = own.get("is_in_use", pd.Series([True])).fillna(True).any()
        if was_used or last_used_on is not None:
            state = IN_USE if last_used_on == of_segmentation["day"].max() else USED
        else:
            state = WAITING if own["day"].max() == of_segmentation["day"].max() else NOT_USED
        choice = chosen.get((segmentation, version))
        found.append(
            RecordedModel(
                segmentation,
                dataset,
                version,
                state,
                # a build of a later day has left the choice behind
                choice is not None and last_days[dataset] <= choice.last_day and state != IN_USE,
                as_of_date,
                last_used_on,
                last_days[dataset],
                own[own["day"] == own["day"].max()].reset_index(drop=True),
            )
        )
    return sorted(found, key=lambda one: (one.segmentation, -one.clusters["fitted_at"].max().value))


def models_named(models: Iterable[RecordedModel], version: str) -> list[RecordedModel]:
    """Return the models with a version: one, or several if segmentations are fitted alike.

    Raises
    ------
    NotPossibleError
        If there is none.
    """
    found = [one for one in models if one.version == version]
    if not found:
        raise NotPossibleError(f"There is no model {version} in the history. `segmentation models` lists them.")
    return found


def activate(folder: Path, version: str) -> list[RecordedModel]:
    """Choose a model for the next build.

    Parameters
    ----------
    folder : Path
        Folder of the history.
    version : str
        The model; of several segmentations if they are fitted alike.

    Returns
    -------
    list of RecordedModel

    Raises
    ------
    InputError
        If the history cannot be read or written.
    NotPossibleError
        If there is no such model.
    """
    models = models_named(recorded_models(folder), version)
    chosen = [Activation(one.segmentation, one.dataset, one.version, one.last_day) for one in models]
    names = {one.segmentation for one in chosen}
    write_activations(folder, [*(one for one in read_activations(folder) if one.segmentation not in names), *chosen])
    return models


def compare_on(
    before: RecordedModel, after: RecordedModel, customers: pd.DataFrame, *, new_below: float
) -> dict[str, Any]:
    """Compare two models of a segmentation on the same customers.

    Parameters
    ----------
    before, after : RecordedModel
        Models with the same features and transforms.
    customers : DataFrame
        A column per feature, in its units, without missing values.
    new_below : float
        Jaccard similarity below which a segment is not found again, 0 to 1.

    Returns
    -------
    dict
        As `history.refits.compare_models` returns it.
    """
    values, one = after.scaled(customers)
    labels = {"champion_cluster_id": before.clusters_of(customers), "cluster_id": after.clusters_of(customers)}
    distances = {}
    for name, model in (("champion_inertia", before), ("inertia", after)):
        centres = model_centres(model.clusters)[one["feature"]]
        scaled = (centres - one["scaler_center"].to_numpy()) / one["scaler_scale"].to_numpy()
        of_each = scaled.loc[labels["champion_cluster_id" if model is before else "cluster_id"]].to_numpy()
        distances[name] = ((values - of_each) ** 2).sum(axis=1)
    shared = (
        pd.DataFrame({**labels, **distances, "customers": 1})
        .groupby(["champion_cluster_id", "cluster_id"], as_index=False)
        .sum()
    )
    return compare_models(before.clusters, after.clusters, shared, new_below=new_below)


def _rows(folder, files, table) -> pd.DataFrame:
    """Read what was recorded of a table; days are text."""
    paths = [str(folder / one.file) for one in files if one.table_name == table]
    if not paths:
        return pd.DataFrame(columns=["segmentation", "model_version", "day"])
    try:
        with duckdb.connect() as session:
            session.execute("set threads = 1")
            return session.execute(
                "select * replace (cast(day as varchar) as day) from read_parquet(?, union_by_name = true)", [paths]
            ).df()
    except duckdb.Error as error:
        raise InputError(
            f"A file of the history in {folder} cannot be read: {error}. Restore it from a backup."
        ) from None
