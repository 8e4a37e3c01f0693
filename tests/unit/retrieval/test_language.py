import pytest

from retrieval.language import assumed, identify, known_languages

QUESTIONS = {
    "de": "Wie beantrage ich einen neuen Personalausweis?",
    "en": "How do I apply for a new passport?",
    "fr": "Comment demander une carte d'identité ?",
    "tr": "Yeni pasaport için nasıl başvurabilirim?",
    "uk": "Як отримати довідку про місце проживання?",
    "ar": "كيف أحصل على جواز سفر جديد؟",
    "ru": "Как получить новый паспорт?",
    "pl": "Jak złożyć wniosek o paszport?",
}


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_known_by_its_language(language: str) -> None:
    assert identify(QUESTIONS[language]) == language


@pytest.mark.parametrize("language", QUESTIONS)
def test_shouting_changes_no_language(language: str) -> None:
    assert identify(QUESTIONS[language].upper()) == language


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_whole_question_is_stronger_than_what_was_expected(language: str) -> None:
    assert identify(QUESTIONS[language], ["de", "en"]) == language


@pytest.mark.parametrize("text", ["", "115", "?!", "  ", "12.30 €", "a", "👍👍"])
def test_what_tells_nothing_has_no_language(text: str) -> None:
    assert identify(text) is None
    assert identify(text, ["de"]) is None


@pytest.mark.parametrize(
    ("word", "expected"), [("Kita", ["de", "en"]), ("passport", ["en", "de"]), ("Wohngeld", ["de"])]
)
def test_a_single_word_has_the_language_that_is_expected_first(word: str, expected: list[str]) -> None:
    assert identify(word, expected) == expected[0]


def test_where_nothing_tells_the_first_expected_is_assumed() -> None:
    assert assumed(QUESTIONS["uk"], ["de", "en"]) == "uk"
    assert assumed("115", ["de", "en"]) == "de"
    assert assumed("115") == "und"


def test_what_is_not_clearly_of_another_language_is_of_one_of_those_known() -> None:
    assert {identify(text) for text in ("qwertz", "zzz", "Kita Platz")} <= {*known_languages(), None}


@pytest.mark.parametrize(
    "text",
    [
        "मैं पासपोर्ट के लिए आवेदन कैसे करूँ?",
        "Tôi muốn xin hộ chiếu mới thì phải làm gì?",
        "新しいパスポートを申請するにはどうすればよいですか？",
        "Sideen ku codsadaa baasaboor cusub oo Jarmal ah?",
    ],
    ids=["hi", "vi", "ja", "so"],
)
def test_a_language_that_nobody_here_writes_is_none_of_those_known(text: str) -> None:
    assert identify(text, ["de", "en"]) not in known_languages()


def test_the_languages_known_are_named_by_their_codes() -> None:
    known = known_languages()

    assert QUESTIONS.keys() <= set(known)
    assert len(known) == len(set(known))
    assert all(len(code) == 2 and code.islower() for code in known)
