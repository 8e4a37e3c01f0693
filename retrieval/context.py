"""A passage in its context: its own vector with a share of its page's title."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from corpora.documents import Entry
from retrieval.centring import unit
from retrieval.embedding import Vectors

# Chosen among 0.1 to 0.5; the table is in docs/decisions.
TITLE_SHARE = 0.3


def contextual(passages: Vectors, titles: Vectors) -> Vectors:
    """Unit vectors of passages leaning towards the titles of their pages, shape (passages, dimensions)."""
    return unit(passages + TITLE_SHARE * titles)


def leaning(entries: Iterable[Entry], embedded: Callable[[Sequence[str]], Vectors]) -> Vectors:
    """The contextual vectors of all passages of the entries, in their order.

    `embedded` gives a vector for each text; it is called once, with every passage and every title once.
    """
    passages = [passage for entry in entries for passage in entry.passages]
    titles = sorted({passage.title for passage in passages} - {""})
    vectors = embedded([*(passage.embedded for passage in passages), *titles])
    # A passage without a title leans nowhere.
    rows = np.vstack([vectors[len(passages) :], np.zeros((1, vectors.shape[1]), dtype=np.float32)])
    place = {title: row for row, title in enumerate([*titles, ""])}
    return contextual(vectors[: len(passages)], rows[[place[passage.title] for passage in passages]])
