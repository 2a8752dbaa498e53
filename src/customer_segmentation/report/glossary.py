"""Terms that pages use as labels, explained where the reader meets them."""

from typing import Self

from markupsafe import Markup, escape

# The first sentences of docs/glossary.md, which is not part of the installed package; a test compares them.
GLOSSARY = {
    "dataset": "One population of customers with its inputs.",
    "segmentation": "One way to group the customers of a dataset: its features, scaling and number of groups.",
    "cluster": "A group of customers as K-Means finds it.",
    "segment": "A cluster that people can use: the same customers, with a name, a size, a profile and a grade.",
    "persona": "What people claim about a segment.",
    "headline": "A short text of what is typical of a segment.",
    "silhouette": "How well customers fit their own segment compared with the next: 1 is best, 0 is between two, below "
    "0 is misplaced.",
    "margin": "How clearly a customer belongs to a segment: 1 at the center, 0 halfway to the runner-up.",
    "borderline": "A customer who is almost as close to another segment.",
    "stability": "Whether a segment comes back in new samples: stable, usable, doubtful or dissolved.",
    "bootstrap Jaccard": "The overlap between a segment and its closest match when resampled customers are clustered "
    "again; 1 is identical.",
}


class Term(str):
    """A label that the glossary explains.

    Only where a page says so: a column may be headed by a feature of the user's own that is called `stability`, too.

    Parameters
    ----------
    label : str
        The label as it is shown.
    of : str
        The term of `GLOSSARY` that it stands for, if that is not the label itself.

    Attributes
    ----------
    meaning : str
        What the glossary says.

    Examples
    --------
    >>> Term("Segments", "segment"), Term("Segments", "segment").meaning[:29]
    ('Segments', 'A cluster that people can use')
    """

    meaning: str

    def __new__(cls, label: str, of: str = "") -> Self:
        """Return the label with its meaning."""
        term = super().__new__(cls, label)
        term.meaning = GLOSSARY[of or label]
        return term


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
