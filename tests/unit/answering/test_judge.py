from dataclasses import replace

import numpy as np
import pytest

from assistant.answering.judge import Judge
from assistant.answering.present import Present
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Draft
from retrieval.centring import load
from retrieval.embedding import Vectors
from retrieval.likelihood import Likelihood
from tests.fakes import FakeEmbedder, page
from tests.unit.answering.drafts import done, draft, hit, notices

CENTRES = load(FakeEmbedder(dimensions=2))
VECTOR = np.array([1, 0], dtype=np.float32)
PASS = page("pass", "Ein Reisepass kostet 70 Euro.", title="Reisepass", url="https://amt.example/pass")


def model(threshold: float) -> Likelihood:
    """A model that looks at nearness only: the likelihood of 0.5 is one half."""
    nothing: Vectors = np.zeros(2, dtype=np.float32)
    return Likelihood(np.array([4, 0, 0, 0, 0, 0], dtype=np.float32), -2.0, threshold, nothing, 0.0, {}, {})


def judged(before: Draft, threshold: float = 0.5) -> Draft | Answer:
    return done(Judge(model(threshold), CENTRES, Present("test"))(before))


def found(nearness: float, text: str = "Was kostet ein Reisepass?", outcome: Outcome = Outcome.ANSWERED) -> Draft:
    return draft(text, vector=VECTOR, hits=(hit(PASS, nearness=nearness),), outcome=outcome)


def test_what_is_likely_enough_goes_on_with_its_likelihood() -> None:
    result = judged(found(0.75))

    assert isinstance(result, Draft)
    assert result.likelihood == pytest.approx(1 / (1 + np.exp(-1)))


def test_the_threshold_itself_is_enough() -> None:
    assert isinstance(judged(found(0.5), 0.5), Draft)


def test_what_is_not_likely_is_not_answered() -> None:
    answer = judged(found(0.1))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.sentences == ()


def test_who_is_declined_is_shown_near_pages_and_a_person() -> None:
    answer = judged(found(0.1))

    assert isinstance(answer, Answer)
    assert [action.url for action in answer.actions if action.kind == "page"] == ["https://amt.example/pass"]
    assert {"near_pages", "contact"} <= notices(answer).keys()


def test_who_is_declined_is_not_shown_pages_that_are_far_from_the_question() -> None:
    answer = judged(found(-0.3))

    assert isinstance(answer, Answer)
    assert [action for action in answer.actions if action.kind == "page"] == []
    assert "near_pages" not in notices(answer)
    assert "contact" in notices(answer)


@pytest.mark.parametrize("text", ["Blubb", "Äh hm"])
def test_a_word_or_two_that_fit_nothing_are_unclear(text: str) -> None:
    answer = judged(found(0.1, text))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.UNCLEAR


def test_a_word_or_two_that_fit_are_answered() -> None:
    assert isinstance(judged(found(0.9, "Reisepass")), Draft)


def test_off_topic_that_fits_nothing_is_out_of_scope() -> None:
    answer = judged(found(0.1, "Wie wird das Wetter morgen?", Outcome.OUT_OF_SCOPE))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.OUT_OF_SCOPE


def test_what_only_looked_off_topic_is_answered() -> None:
    result = judged(found(0.9, outcome=Outcome.OUT_OF_SCOPE))

    assert isinstance(result, Draft)
    assert result.outcome is Outcome.ANSWERED


def test_a_decision_stays_one() -> None:
    result = judged(found(0.9, outcome=Outcome.INDIVIDUAL_DECISION))

    assert isinstance(result, Draft)
    assert result.outcome is Outcome.INDIVIDUAL_DECISION


@pytest.mark.parametrize(
    "nothing", [draft("Was kostet ein Reisepass?", vector=VECTOR), draft("Reisepass?", hits=(hit(PASS),))]
)
def test_without_hits_or_vector_nothing_is_found(nothing: Draft) -> None:
    answer = judged(nothing, threshold=0.0)

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.NOT_FOUND


def test_a_question_that_names_nothing_is_asked_about_however_much_was_found() -> None:
    answer = judged(replace(found(0.9, "Was kostet das?"), vague=True))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.UNCLEAR
    assert [action for action in answer.actions if action.kind == "page"] == []
