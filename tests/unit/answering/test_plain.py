from pathlib import Path

import pytest

from assistant.answering.plain import names_nothing

QUESTIONS = Path(__file__).parents[3] / "retrieval/data/questions"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Was kostet das?", "de"),
        ("Kann meine Frau das für mich machen?", "de"),
        ("brauche ich einen Termin?", "de"),
        ("do i need appointment", "en"),
        ("and for my child?", "en"),
        ("What documents?", "en"),
        ("et pour mon fils ?", "fr"),
        ("combien ça coûte", "fr"),
        ("kaç para", "tr"),
        ("peki cocugum icin?", "tr"),
        ("ولابني؟", "ar"),
        ("كم يستغرق ذلك؟", "ar"),
        ("а які документи?", "uk"),
    ],
)
def test_a_question_without_a_subject_names_nothing(text: str, language: str) -> None:
    assert names_nothing(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Was kostet ein Reisepass?", "de"),
        ("Was kostet Grillen im Park?", "de"),
        ("Öffnungszeiten", "de"),
        ("Gebührenbefreiung", "de"),
        ("Ich brauche Hilfe", "de"),
        ("How much is parking?", "en"),
        ("Combien coûte la cantine ?", "fr"),
        ("Pasaport ne kadar?", "tr"),
        ("Kimlik nasıl alınır?", "tr"),
        ("كم سعر جواز السفر", "ar"),
        ("Скільки коштує садок?", "uk"),
        ("Сколько это стоит?", "ru"),
    ],
)
def test_a_question_with_a_subject_names_something(text: str, language: str) -> None:
    assert not names_nothing(text, language)


def test_a_long_text_is_never_taken_to_name_nothing() -> None:
    assert not names_nothing("Was muss ich und was muss mein Mann da bitte alles mitbringen?", "de")


@pytest.mark.parametrize("language", ["de", "en", "fr", "tr", "ar", "uk"])
def test_no_question_of_our_own_names_nothing(language: str) -> None:
    lines = (QUESTIONS / f"{language}.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if names_nothing(line, language)] == []
