"""The criteria for the number of segments: where their figures are, what they are called and how to read them."""

from typing import NamedTuple


class Criterion(NamedTuple):
    """A criterion for k.

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
        "inertia", "elbow_k", "Inertia", "elbow of the inertia", "at the elbow", "always falls; look for the bend"
    ),
    Criterion("silhouette", "silhouette_k", "Silhouette", "silhouette", "highest", "higher is better"),
    Criterion(
        "calinski_harabasz", "calinski_harabasz_k", "Calinski-Harabasz", "Calinski-Harabasz", "highest",
        "higher is better",
    ),
    Criterion("davies_bouldin", "davies_bouldin_k", "Davies-Bouldin", "Davies-Bouldin", "lowest", "lower is better"),
    Criterion(
        "gap", "gap_k", "Gap statistic", "gap statistic", "first within one error",
        "first within one standard error of the next", "gap_standard_error",
    ),
    Criterion(
        "prediction_strength", "prediction_strength_k", "Prediction strength", "prediction strength",
        "largest k above limit", "largest k above the limit", "prediction_strength_standard_error",
    ),
    # stable means that every segment is found again, so the worst one decides
    Criterion(
        "worst_cluster_jaccard", "bootstrap_k", "Bootstrap stability", "bootstrap stability", "largest k, all stable",
        "Jaccard of the least stable segment; largest k above the limit", "worst_cluster_jaccard_standard_error",
    ),
)  # fmt: skip
