import numpy as np
import pytest

from retrieval.context import TITLE_SHARE, contextual
from retrieval.embedding import Vectors

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
