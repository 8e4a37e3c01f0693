import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from retrieval.errors import RerankerFailed
from retrieval.rerank import Scores
from retrieval.reranked import Reranked
from retrieval.retriever import Hit, Query
from tests.fakes import TODAY, entries, page

QUERY = Query("Was kostet ein Pass?", "de", np.zeros(2, dtype=np.float32), TODAY)


def hit(name: str, score: float) -> Hit:
    document = page(name, f"Hier steht {name}.")
    return Hit(entries(document)[0].passages[0], document, "stadt", 1, score, score / 2, score / 3, score / 4)


HITS = [hit(name, 1 - place / 10) for place, name in enumerate("abcdef")]


class Found:
    """A finder that always finds the same, and remembers how much it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def query(self, text: str, language: str, day: date) -> Query:
        return Query(text, language, QUERY.vector, day)

    def search(self, query: Query, layers: Any, top: int = 10) -> list[Hit]:
        self.asked.append(top)
        return HITS[:top]


class Likes:
    """A reranker that likes some pages, in that order, and remembers what it read."""

    def __init__(self, liked: str) -> None:
        self._liked = liked
        self.read: list[tuple[str, tuple[str, ...]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.read.append((question, tuple(texts)))
        names = [text.split("\n")[0] for text in texts]
        return np.array([1 / (1 + self._liked.find(n)) if n in self._liked else 0 for n in names], dtype=np.float32)


class Broken:
    """A reranker whose device has run out of memory."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        raise RerankerFailed("The reranker tiny gave no scores: out of memory")


def pages(hits: Sequence[Hit]) -> str:
    return "".join(hit.document.id for hit in hits)


def test_the_best_hits_come_in_the_order_of_the_reranker() -> None:
    assert pages(Reranked(Found(), Likes("dcba"), 4).search(QUERY, [])) == "dcbaef"


def test_what_it_likes_the_same_stays_in_the_order_of_the_search() -> None:
    assert pages(Reranked(Found(), Likes("c"), 6).search(QUERY, [])) == "cabdef"


def test_hits_below_those_it_reads_stay_where_they_are() -> None:
    assert pages(Reranked(Found(), Likes("fb"), 3).search(QUERY, [])) == "bacdef"


def test_what_it_lifts_from_below_the_top_is_found() -> None:
    finder = Found()

    assert pages(Reranked(finder, Likes("f"), 6).search(QUERY, [], 2)) == "fa"
    assert finder.asked == [6]


def test_more_than_it_reads_is_found_when_more_is_wanted() -> None:
    finder = Found()

    assert len(Reranked(finder, Likes(""), 2).search(QUERY, [], 5)) == 5
    assert finder.asked == [5]


def test_scores_keep_their_scale_and_fall_in_the_new_order() -> None:
    found = Reranked(Found(), Likes("dcba"), 4).search(QUERY, [])

    assert [one.score for one in found] == [one.score for one in HITS]


def test_the_evidence_stays_that_of_the_passage() -> None:
    evidence = {one.document.id: (one.meaning, one.words, one.nearness) for one in HITS}
    found = Reranked(Found(), Likes("fedcba"), 6).search(QUERY, [])

    assert {one.document.id: (one.meaning, one.words, one.nearness) for one in found} == evidence


def test_it_reads_the_question_and_the_passages_in_their_context() -> None:
    reranker = Likes("")
    Reranked(Found(), reranker, 2).search(QUERY, [])

    assert reranker.read == [(QUERY.text, tuple(one.passage.embedded for one in HITS[:2]))]
    assert reranker.read[0][1][0] == "a\nHier steht a."


def test_nothing_found_stays_nothing() -> None:
    finder = Found()
    finder.search = lambda *_: []  # type: ignore[method-assign]

    assert Reranked(finder, Likes("a")).search(QUERY, []) == []


def test_a_reranker_that_fails_leaves_the_order_of_the_search(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = Reranked(Found(), Broken()).search(QUERY, [], 3)

    assert found == HITS[:3]
    assert caplog.messages == [
        "The reranker tiny gave no scores: out of memory; the hits stay in the order of the search"
    ]


def test_the_question_is_made_ready_by_the_finder() -> None:
    assert Reranked(Found(), Likes("")).query("Pass", "de", TODAY).text == "Pass"
