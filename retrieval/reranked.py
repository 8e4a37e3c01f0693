"""A finder whose best hits are put in order by a model that reads question and passage together."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

import numpy as np

from retrieval.errors import RerankerFailed
from retrieval.rerank import Reranker, Scores
from retrieval.retriever import Hit, Query
from retrieval.snapshot import Snapshot

log = logging.getLogger(__name__)


class Finder(Protocol):
    """Finds passages in layers: a Retriever, or one around it."""

    def query(self, text: str, language: str, day: date) -> Query:
        """The question ready to be searched with."""

    def search(self, query: Query, layers: Sequence[Snapshot], top: int = 10) -> list[Hit]:
        """The best passages, best first."""


class Reranked:
    """Fulfils `Finder` by another one, whose first `most` hits a reranker puts in order.

    Only the order is the reranker's: its probabilities lie on a scale of its own, and what follows compares the
    scores of hits with each other. The hits in their new order get the scores of the old one, best first.
    """

    def __init__(self, finder: Finder, reranker: Reranker, most: int = 20) -> None:
        self._finder = finder
        self._reranker = reranker
        self._most = most

    def query(self, text: str, language: str, day: date) -> Query:
        """As the finder makes it."""
        return self._finder.query(text, language, day)

    def search(self, query: Query, layers: Sequence[Snapshot], top: int = 10) -> list[Hit]:
        """The best passages, best first; in the finder's order where the reranker fails."""
        hits = self._finder.search(query, layers, max(top, self._most))
        try:
            likely = self._reranker.scores(query.text, [hit.passage.embedded for hit in hits[: self._most]])
        except RerankerFailed as error:
            log.warning("%s; the hits stay in the order of the search", str(error).rstrip("."))
            return hits[:top]
        return _ordered(hits, likely)[:top]


def _ordered(hits: Sequence[Hit], likely: Scores) -> list[Hit]:
    """The hits by descending likelihood; those beyond it stay where they are."""
    order = np.argsort(-likely, kind="stable").tolist()
    return [replace(hits[n], score=hit.score) for n, hit in zip(order, hits, strict=False)] + [*hits[len(order) :]]
