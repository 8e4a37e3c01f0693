from dataclasses import replace

import pytest

from assistant.answering.present import Present
from assistant.answering.screen import Screen
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Draft, Turn
from tests.unit.answering.drafts import done, draft, notices

MOST = 50


def screened(text: str, *history: Turn) -> Draft | Answer:
    raw = draft(text, history=history)
    return done(Screen(Present("test"), MOST)(replace(raw, text="", history=(), standalone="")))


def kept(text: str, *history: Turn) -> Draft:
    result = screened(text, *history)
    assert isinstance(result, Draft)
    return result


def ended(text: str) -> Answer:
    result = screened(text)
    assert isinstance(result, Answer)
    return result


def test_a_question_goes_on_as_it_was() -> None:
    result = kept("Was kostet ein Reisepass?")

    assert result.text == result.standalone == "Was kostet ein Reisepass?"
    assert not result.masked


def test_invisible_characters_and_line_breaks_are_gone() -> None:
    assert kept("Reise\u200bpass\n\nver\u00adloren\u202e?").text == "Reisepass verloren?"


def test_cleaning_alone_is_not_masking() -> None:
    assert not kept("Reise\u200bpass  verloren").masked


def test_personal_data_is_masked_and_said_so() -> None:
    result = kept("Konto DE89370400440532013000")

    assert result.text == result.standalone == "Konto [IBAN]"
    assert result.masked


def test_a_number_that_was_torn_by_invisible_characters_is_masked() -> None:
    assert kept("Konto DE8937\u200b0400440532013000").text == "Konto [IBAN]"


def test_what_was_said_before_is_masked_too() -> None:
    result = kept("Und jetzt?", Turn("user", "Ich bin a@b.example\nHilfe"), Turn("assistant", "Gern."))

    assert result.history == (Turn("user", "Ich bin [e-mail] Hilfe"), Turn("assistant", "Gern."))


def test_what_was_said_before_is_cut_to_what_a_question_may_have() -> None:
    assert len(kept("Und?", Turn("user", "x" * 1000)).history[0].text) == MOST


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍", "\u200b", "…"])
def test_what_has_no_letter_is_unclear(text: str) -> None:
    assert ended(text).outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(("length", "goes_on"), [(MOST, True), (MOST + 1, False)])
def test_the_limit_is_the_last_length_that_goes_on(length: int, goes_on: bool) -> None:
    assert isinstance(screened("a" * length), Draft) is goes_on


def test_what_is_too_long_is_refused_with_a_way_on() -> None:
    answer = ended("a" * 1000)

    assert answer.outcome is Outcome.REFUSED
    assert "contact" in notices(answer)
