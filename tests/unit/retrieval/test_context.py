import numpy as np
import pytest

from corpora.documents import Entry, Passage
from retrieval.context import TITLE_SHARE, contextual, leaning
from retrieval.embedding import Vectors
from tests.fakes import FakeEmbedder, entries, page

PASSAGES: Vectors = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
TITLES: Vectors = np.array([[0, 0, 1], [0, 1, 0]], dtype=np.float32)


def test_a_passage_in_context_has_length_one() -> None:
    assert np.allclose(np.linalg.norm(contextual(PASSAGES, TITLES), axis=1), 1)


def test_a_passage_leans_towards_its_title() -> None:
    leaning = contextual(PASSAGES, TITLES)[0]

    assert leaning[2] / leaning[0] == pytest.approx(TITLE_SHARE)


def test_a_passage_stays_nearer_to_itself_than_to_its_title() -> None:
    leaning = contextual(PASSAGES, TITLES)[0]

    assert leaning @ PASSAGES[0] > leaning @ TITLES[0] > 0


def test_a_passage_that_says_its_title_stays_what_it_is() -> None:
    assert np.allclose(contextual(PASSAGES, TITLES)[1], PASSAGES[1])


def test_every_passage_leans_towards_the_title_of_its_own_page(embedder: FakeEmbedder) -> None:
    pages = entries(page("pass", "Er kostet 70 Euro.", "Reisepass"), page("kita", "Sie ist gebührenfrei.", "Kita"))
    passages = [passage for one in pages for passage in one.passages]
    own = embedder.passages([passage.embedded for passage in passages])
    titles = embedder.passages([passage.title for passage in passages])

    np.testing.assert_allclose(leaning(pages, embedder.passages), contextual(own, titles), atol=1e-6)


def test_without_a_single_title_nothing_leans(embedder: FakeEmbedder) -> None:
    bare = Entry(page("zettel"), (Passage("zettel", 0, "de", "", (), "Die Kita ist gebührenfrei."),))
    own = embedder.passages([bare.passages[0].embedded])

    np.testing.assert_allclose(leaning([bare], embedder.passages), own, atol=1e-6)


def test_no_entry_has_no_vectors(embedder: FakeEmbedder) -> None:
    assert leaning([], embedder.passages).shape == (0, embedder.dimensions)
