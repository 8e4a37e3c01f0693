from dataclasses import replace
from typing import Any

import pytest

from assistant.answering.understand import FACETS, Understand, subject_of
from assistant.domain.draft import Draft, Turn
from tests.unit.answering.drafts import asked, done, draft

PASS = "Wie beantrage ich einen Reisepass für mein Kind?"
ASKED_FOR = {
    "de": ("Was kostet der Ausweis und welche Unterlagen brauche ich?", {"fees", "required_documents"}),
    "en": ("How much is the card and which documents must I bring?", {"fees", "required_documents"}),
    "fr": ("Combien coûte la carte et quels documents faut-il ?", {"fees", "required_documents"}),
    "tr": ("Kimlik ücreti ne kadar ve hangi belgeler gerekli?", {"fees", "required_documents"}),
    "uk": ("Скільки коштує посвідчення і які документи потрібні?", {"fees", "required_documents"}),
    "ar": ("كم تكلفة البطاقة وما هي الوثائق المطلوبة؟", {"fees", "required_documents"}),
}


def understood(text: str, *, history: tuple[Turn, ...] = (), **fields: Any) -> Draft:
    result = done(Understand()(draft(text, history=history, **fields)))
    assert isinstance(result, Draft)
    return result


@pytest.mark.parametrize("language", ASKED_FOR)
def test_language_and_facets_are_found(language: str) -> None:
    text, facets = ASKED_FOR[language]
    result = understood(text)

    assert result.language == language
    assert facets <= set(result.facets)


def test_facets_stand_in_the_order_of_the_card() -> None:
    facets = understood("Wo ist das Amt, welche Unterlagen brauche ich und was kostet der Ausweis?").facets

    assert list(facets) == sorted(facets, key=FACETS.index)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Jak złożyć wniosek o nowy paszport i ile to kosztuje?", "pl"),
        ("¿Cómo solicito un pasaporte nuevo y cuánto cuesta?", "es"),
        ("Как подать заявление на новый паспорт и сколько это стоит?", "ru"),
        ("Miten haen uutta passia ja paljonko se maksaa?", "fi"),
    ],
)
def test_facets_are_found_in_languages_that_nothing_is_worded_in(text: str, language: str) -> None:
    result = understood(text)

    assert (result.language, result.facets) == (language, ("fees", "steps"))


def test_the_language_that_was_chosen_is_kept() -> None:
    before = draft("Was kostet ein Reisepass?")
    result = done(Understand()(replace(before, question=replace(before.question, language="tr"))))

    assert isinstance(result, Draft)
    assert result.language == "tr"


def test_a_single_word_is_in_the_first_language_of_the_town() -> None:
    assert understood("Kita").language == "de"


def test_a_short_word_goes_on_in_the_language_of_the_conversation() -> None:
    assert understood("Passport?", history=asked("How long does it take to get a new card?")).language == "en"


def test_a_whole_question_changes_the_language_of_a_conversation() -> None:
    result = understood("Скільки коштує новий закордонний паспорт?", history=asked(PASS))

    assert result.language == "uk"


@pytest.mark.parametrize("text", ["Und was kostet das?", "Auch für mein Kind?", "Kosten?", "Welche Unterlagen?"])
def test_a_follow_up_gets_its_subject_in_front(text: str) -> None:
    assert understood(text, history=asked(PASS)).standalone == f"{PASS} {text}"


@pytest.mark.parametrize("text", ["Und was kostet das?", "Kosten?"])
def test_without_a_conversation_nothing_stands_in_front(text: str) -> None:
    assert understood(text).standalone == text


def test_a_long_question_stands_alone_whatever_it_begins_with() -> None:
    text = "Und wo kann ich in Neckarfurt einen alten Kühlschrank kostenlos entsorgen lassen?"

    assert understood(text, history=asked(PASS)).standalone == text


def test_a_question_of_another_subject_stands_alone() -> None:
    text = "Wann ist der Wertstoffhof geöffnet?"

    assert understood(text, history=asked(PASS)).standalone == text


def test_a_second_follow_up_has_the_subject_of_the_first() -> None:
    history = asked(PASS, "Und was kostet das?")

    assert understood("Und wie lange dauert es?", history=history).standalone.startswith(PASS)


def test_the_subject_is_the_last_question_that_stood_alone() -> None:
    history = asked(PASS, "Wie melde ich meinen Hund an?", "Kosten?")

    assert subject_of(draft("Und?", history=history)) == "Wie melde ich meinen Hund an?"


def test_where_nothing_stood_alone_the_last_question_is_the_subject() -> None:
    assert subject_of(draft("Und?", history=asked("Und das?", "Kosten?"))) == "Kosten?"


def test_what_the_assistant_said_is_no_subject() -> None:
    assert subject_of(draft("Und?", history=(Turn("assistant", "Guten Tag!"),))) is None


@pytest.mark.parametrize("between", ["Vielen Dank!", "Danke", "Hallo", "Guten Tag"])
def test_a_courtesy_in_between_is_no_subject(between: str) -> None:
    assert subject_of(draft("Und was kostet das?", history=asked(PASS, between))) == PASS


@pytest.mark.parametrize(
    "text", ["Brauche ich einen Termin?", "Was muss ich da mitbringen?", "Kann das meine Frau machen?"]
)
def test_a_question_that_names_nothing_goes_on_from_the_one_before(text: str) -> None:
    result = understood(text, history=asked(PASS, "Und für mein Kind?", "Wie lange dauert das?"))

    assert (result.standalone, result.vague) == (f"{PASS} {text}", False)


def test_a_follow_up_that_asks_for_nothing_new_asks_for_what_was_asked_before() -> None:
    history = asked("Was kostet ein Reisepass?")

    assert understood("Und für mein Kind?", history=history).facets == ("fees",)
    assert understood("Und welche Unterlagen?", history=history).facets == ("required_documents",)


@pytest.mark.parametrize("text", ["Was kostet das?", "Und für mein Kind?", "Brauche ich einen Termin?"])
def test_without_a_conversation_a_question_that_names_nothing_is_vague(text: str) -> None:
    assert understood(text).vague


@pytest.mark.parametrize("text", ["Was kostet ein Reisepass?", "Und wo ist das Bürgerbüro?", "Öffnungszeiten"])
def test_a_question_that_names_something_is_not_vague(text: str) -> None:
    assert not understood(text).vague


@pytest.mark.parametrize(
    "text", ["Wie lange ist der Perso gültig?", "How long is a passport valid?", "Pasaport ne kadar süre geçerli?"]
)
def test_how_long_something_is_valid_is_not_how_long_it_takes(text: str) -> None:
    assert understood(text).facets == ()


@pytest.mark.parametrize("text", ["Reisepass Kosten?", "Hund anmelden Frist", "Wohngeld Unterlagen"])
def test_a_service_with_a_facet_stands_alone(text: str) -> None:
    assert understood(text, history=asked(PASS)).standalone == text


def test_a_short_question_about_a_service_is_the_subject_of_those_after_it() -> None:
    assert understood("Kosten?", history=asked("Perso Unterlagen?", "Und für mein Kind?")).standalone == (
        "Perso Unterlagen? Kosten?"
    )
