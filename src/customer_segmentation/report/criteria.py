"""The criteria for the number of segments: where their figures are, what they are called and how to read them."""

from typing import NamedTuple

from customer_segmentation.language import translatable


class Criterion(NamedTuple):
    """A criterion for k, with texts that are looked up where they are shown.

    Attributes
    ----------
    column : str
        Its column of `k_selection`.
    chosen : str
        Its column of `k_recommendation`, with the k that it chooses.
    name : str
        Its name over a chart.
    in_words : str
        Its name in a sentence.
    rule : str
        How it chooses.
    reading : str
        How to read its curve.
    error : str or None
        The column of `k_selection` with its standard error.
    """

    column: str
    chosen: str
    name: str
    in_words: str
    rule: str
    reading: str
    error: str | None = None


CRITERIA = (
    Criterion(
        "inertia", "elbow_k",
        translatable("Inertia"), translatable("elbow of the inertia"),
        translatable("at the elbow"), translatable("always falls; look for the bend"),
    ),
    Criterion(
        "silhouette", "silhouette_k",
        translatable("Silhouette"), translatable("silhouette"),
        translatable("highest"), translatable("higher is better"),
    ),
    Criterion(
        "calinski_harabasz", "calinski_harabasz_k",
        translatable("Calinski-Harabasz"), translatable("Calinski-Harabasz"),
        translatable("highest"), translatable("higher is better"),
    ),
    Criterion(
        "davies_bouldin", "davies_bouldin_k",
        translatable("Davies-Bouldin"), translatable("Davies-Bouldin"),
        translatable("lowest"), translatable("lower is better"),
    ),
    Criterion(
        "gap", "gap_k",
        translatable("Gap statistic"), translatable("gap statistic"),
        translatable("first within one error"), translatable("first within one standard error of the next"),
        "gap_standard_error",
    ),
    Criterion(
        "prediction_strength", "prediction_strength_k",
        translatable("Prediction strength"), translatable("prediction strength"),
        translatable("largest k above limit"), translatable("largest k above the limit"),
        "prediction_strength_standard_error",
    ),
    # stable means that every segment is found again, so the worst one decides
    Criterion(
        "worst_cluster_jaccard", "bootstrap_k",
        translatable("Bootstrap stability"), translatable("bootstrap stability"),
        translatable("largest k, all stable"),
        translatable("Jaccard of the least stable segment; largest k above the limit"),
        "worst_cluster_jaccard_standard_error",
    ),
)  # fmt: skip
