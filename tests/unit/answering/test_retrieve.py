from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from assistant.answering.retrieve import Retrieve
from assistant.domain.draft import Draft
from corpora.documents import Fee, ServiceFacts
from retrieval.errors import Unpublished
from retrieval.retriever import Hit, Query
from retrieval.snapshot import Snapshot
from tests.fakes import FakeEmbedder, Office, page
from tests.unit.answering.drafts import done, draft, hit

LAW = page("gesetz", "Wer braucht einen Pass?", "Passgesetz")
PASS = page("pass", "Der Reisepass.", "Reisepass", facts=ServiceFacts(fees=(Fee("70 Euro", 70.0),)))


class Found:
    """A finder that finds what it is given."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = list(hits)

    def query(self, text: str, language: str, day: date) -> Query:
        """The question with a vector of FakeEmbedder."""
        return Query(text, language, FakeEmbedder().queries([text])[0], day)

    def search(self, _query: Query, _layers: Sequence[Snapshot], top: int = 10) -> list[Hit]:
        """The given hits."""
        return self._hits[:top]


def retrieved(office: Office, hits: Sequence[Hit], facets: tuple[str, ...]) -> Draft:
    office.publish(LAW, PASS)
    before = draft("Was kostet ein Reisepass?", vector=np.ones(32, dtype=np.float32), facets=facets)
    result = done(Retrieve(Found(hits), lambda _: [office.opened()])(before))
    assert isinstance(result, Draft)
    return result


def ids(result: Draft) -> list[str]:
    return [one.document.id for one in result.hits]


def test_the_page_of_the_best_hit_is_read_in_full(office: Office) -> None:
    result = retrieved(office, [hit(PASS, place=1, score=0.7), hit(LAW, score=0.69)], ("fees",))

    assert ids(result) == ["pass", "gesetz"]
    assert [one.passage.fact for one in result.page] == ["fees", None]


def test_where_nothing_is_found_there_is_no_page(office: Office) -> None:
    result = retrieved(office, [], ("fees",))

    assert (result.hits, result.page) == ((), ())


def test_where_nothing_is_published_it_is_said() -> None:
    with pytest.raises(Unpublished):
        done(Retrieve(Found([]), lambda _: [])(draft("Was?", vector=np.ones(2, dtype=np.float32))))
