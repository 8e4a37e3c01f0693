import numpy as np
import pytest

from assistant.evaluation.centres import ANSWERS, QUESTIONS, learned
from retrieval.centring import unit
from retrieval.embedding import Vectors


def rows(count: int, seed: int = 0) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, 24)).astype(np.float32))


def turned(vectors: Vectors, factors: tuple[Vectors, Vectors]) -> Vectors:
    return unit(vectors + vectors @ factors[0].T @ factors[1])


def test_a_map_brings_unseen_questions_near_the_same_questions_in_the_other_language() -> None:
    rotation = np.linalg.qr(np.random.default_rng(1).normal(size=(24, 24)))[0].astype(np.float32)
    seen, unseen = rows(400), rows(50, seed=2)

    factors = learned(seen @ rotation, seen)

    before = ((unseen @ rotation) * unseen).sum(axis=1).mean()
    after = (turned(unseen @ rotation, factors) * unseen).sum(axis=1).mean()
    assert before < 0.3
    assert after > 0.9


def test_what_lies_where_it_should_is_not_moved() -> None:
    seen = rows(300)

    assert np.allclose(turned(seen, learned(seen, seen)), seen, atol=1e-5)


def test_a_short_list_is_learned_as_far_as_it_goes_and_with_fewer_dimensions() -> None:
    first, second = learned(rows(30), rows(300, seed=3))

    assert first.shape == second.shape == (10, 24)


@pytest.mark.parametrize("file", sorted(QUESTIONS.glob("*.txt")), ids=lambda file: file.stem)
def test_no_language_has_more_questions_than_the_language_of_reference(file) -> None:  # type: ignore[no-untyped-def]
    lines = file.read_text(encoding="utf-8").split("\n")[:-1]
    reference = (QUESTIONS / "de.txt").read_text(encoding="utf-8").split("\n")[:-1]

    assert 150 <= len(lines) <= len(reference)
    assert all(lines)


def test_each_question_of_the_language_of_reference_has_its_answer() -> None:
    answers = (ANSWERS / "de.jsonl").read_text(encoding="utf-8").splitlines()

    assert len(answers) == len((QUESTIONS / "de.txt").read_text(encoding="utf-8").splitlines())
