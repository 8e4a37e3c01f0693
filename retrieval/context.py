"""A passage in its context: its own vector with a share of its page's title."""

from retrieval.centring import unit
from retrieval.embedding import Vectors

# Chosen among 0.1 to 0.5; the table is in docs/decisions.
TITLE_SHARE = 0.3


def contextual(passages: Vectors, titles: Vectors) -> Vectors:
    """Unit vectors of passages leaning towards the titles of their pages, shape (passages, dimensions)."""
    return unit(passages + TITLE_SHARE * titles)
