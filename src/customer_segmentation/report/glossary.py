"""Terms that pages use as labels, explained where the reader meets them."""

from typing import Self

from markupsafe import Markup, escape

from customer_segmentation.language import _, translatable

# The first sentences of docs/glossary.md, which is not part of the installed package; a test compares them.
GLOSSARY = {
    translatable("dataset"): translatable("One population of customers with its inputs."),
    translatable("segmentation"): translatable(
        "One way to group the customers of a dataset: its features, scaling and number of groups."
    ),
    translatable("cluster"): translatable("A group of customers as K-Means finds it."),
    translatable("segment"): translatable(
        "A cluster that people can use: the same customers, with a name, a size, a profile and a grade."
    ),
    translatable("persona"): translatable("What people claim about a segment."),
    translatable("headline"): translatable("A short text of what is typical of a segment."),
    translatable("silhouette"): translatable(
        "How well customers fit their own segment compared with the next: 1 is best, 0 is between two, below 0 is "
        "misplaced."
    ),
    translatable("margin"): translatable(
        "How clearly a customer belongs to a segment: 1 at the center, 0 halfway to the runner-up."
    ),
    translatable("borderline"): translatable("A customer who is almost as close to another segment."),
    translatable("stability"): translatable(
        "Whether a segment comes back in new samples: stable, usable, doubtful or dissolved."
    ),
    translatable("bootstrap Jaccard"): translatable(
        "The overlap between a segment and its closest match when resampled customers are clustered again; 1 is "
        "identical."
    ),
}


class Term(str):
    """A label that the glossary explains.

    Only where a page says so: a column may be headed by a feature of the user's own that is called `stability`, too.

    Parameters
    ----------
    label : str
        The term of `GLOSSARY` itself, which is shown in the language in use; with `of`, the label as it is shown.
    of : str
        The term of `GLOSSARY` that another label stands for.

    Attributes
    ----------
    of : str
        The term in English.
    meaning : str
        What the glossary says, in the language in use.

    Examples
    --------
    >>> Term("Segments", "segment"), Term("Segments", "segment").meaning[:29]
    ('Segments', 'A cluster that people can use')
    """

    of: str

    def __new__(cls, label: str, of: str = "") -> Self:
        """Return the label with the term that it stands for."""
        term = super().__new__(cls, label if of else _(label))
        term.of = of or label
        return term

    @property
    def meaning(self) -> str:
        """What the glossary says."""
        return _(GLOSSARY[self.of])


def explained(label: str) -> Markup:
    """Write a label as HTML; one that is a `Term` shows on hover what it means.

    Examples
    --------
    >>> print(explained("a < b"))
    a &lt; b
    >>> print(explained(Term("cluster")))
    <abbr title="A group of customers as K-Means finds it.">cluster</abbr>
    """
    if isinstance(label, Term):
        return Markup('<abbr title="{}">{}</abbr>').format(label.meaning, str(label))
    return escape(label)
