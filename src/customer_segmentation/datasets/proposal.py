"""The dataset that is proposed for a source, before it is written as files."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class ProposedColumn:
    """A column of a dataset that an input gives.

    Attributes
    ----------
    column : str
        Its name in the dataset.
    source : str or None
        Its name in the source; None if the source has none.
    kind : str
        As in the seed `input_definitions`: `id`, `choice`, `number`, `category`, `date` or `mark`.
    when_missing : str
        As in the seed `input_definitions`.
    reason : str
        Why a missing value is treated like this.
    synonyms : tuple of str
        Names under which the input may have it.
    valid : tuple of str
        Limits for the seed `input_definitions`; empty where `features` says so.
    feature : mapping or None
        Its row of the seed `features`, without the dataset.
    transform, transform_reason : str
        How a segmentation should look at it, and why.
    missing : float
        Share of the rows without a value.
    rank : float
        How much it tells customers apart; the highest come first.
    is_known : bool
        Whether every project knows the column.
    notes : tuple of str
        How it was read.
    values : ndarray or None
        Its numbers by row, not a number where there is none; None if it has none.
    """

    column: str
    source: str | None
    kind: str
    when_missing: str
    reason: str
    synonyms: tuple[str, ...] = ()
    valid: tuple[str, str] = ("", "")
    feature: Mapping[str, str] | None = None
    transform: str = "none"
    transform_reason: str = ""
    missing: float = 0.0
    rank: float = 0.0
    is_known: bool = False
    notes: tuple[str, ...] = ()
    values: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def feature_name(self) -> str:
        """Name of its feature, which is that of the column but for dates."""
        return self.feature["feature"] if self.feature else self.column


@dataclass(frozen=True)
class Chosen:
    """A feature of the proposed segmentation.

    Attributes
    ----------
    feature, transform, reason : str
        As in the seed `segmentation_features`.
    """

    feature: str
    transform: str
    reason: str


@dataclass(frozen=True)
class Input:
    """What is taken from one source.

    Attributes
    ----------
    argument : str
        The source as an argument of `read_input`.
    written : str
        The source as the user named it.
    names : tuple of str
        All columns of the source.
    columns : list of ProposedColumn
        What the dataset takes, in the order of the seed.
    left_out : dict of str to str
        Why each other column is left out.
    notes : list of str
        What else is worth knowing.
    """

    argument: str
    written: str
    names: tuple[str, ...]
    columns: list[ProposedColumn]
    left_out: dict[str, str]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Proposal:
    """A dataset as it is proposed.

    Attributes
    ----------
    name : str
        Its name.
    rows : int
        Rows of the source of customers; of the orders if there is none.
    customers : Input or None
        None where the orders alone name the customers.
    orders : Input or None
        None without purchases.
    features : list of mapping
        Rows of the seed `features`, without the dataset.
    chosen : list of Chosen
        The features of the segmentation.
    described : dict of str to str
        Why each other feature is described only.
    k_max : int
        The most segments that are compared.
    currency : str
        The currency that the orders carry; empty where they say none, or that of the project.
    """

    name: str
    rows: int
    customers: Input | None
    orders: Input | None
    features: list[Mapping[str, str]]
    chosen: list[Chosen]
    described: dict[str, str]
    k_max: int
    currency: str = ""

    @property
    def segmentation(self) -> str:
        """Name of the segmentation."""
        return f"{self.name}_segments"

    @property
    def has_recency(self) -> bool:
        """Whether the customers say when they bought last."""
        columns = self.customers.columns if self.customers and not self.orders else []
        return any(one.column == "last_purchase_date" for one in columns)
