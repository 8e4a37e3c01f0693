import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.tokens import terms


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Fuehrerschein", "Führerschein"),
        ("Strasse", "Straße"),
        ("Anhoerung", "Anhörung"),
        ("AERZTE", "Ärzte"),
        ("STRASSE", "straße"),
        ("u\u0308ber", "über"),
        ("ueber", "U\u0308ber"),
        ("Pa\ufb03n", "Paffin"),
    ],
)
def test_a_german_word_is_found_however_it_is_typed(typed: str, written: str) -> None:
    assert terms(typed, "de") == terms(written, "de")


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Reisepässe", "Reisepass"),
        ("en", "passports applying", "passport apply"),
        ("fr", "les passeports demandés", "le passeport demande"),
        ("tr", "pasaportlar", "pasaport"),
        ("ru", "паспорта", "паспорт"),
        ("uk", "довідкою", "довідками"),
        ("ru", "ещё", "еще"),
    ],
)
def test_forms_of_a_word_share_their_term(language: str, one: str, other: str) -> None:
    assert terms(one, language)[-1] == terms(other, language)[-1]


def test_arabic_is_found_with_and_without_its_marks() -> None:
    assert terms("مُحَمَّد", "ar") == terms("محمد", "ar")


def test_umlauts_are_only_spelt_out_in_german() -> None:
    assert terms("zoë müük", "et") != terms("zoe mueuek", "et")


@pytest.mark.parametrize(("one", "other"), [("İkamet İZNİ", "ikamet izni"), ("IŞIK", "ışık"), ("KAYIT", "kayıt")])
def test_turkish_letters_i_are_the_same_in_upper_and_lower_case(one: str, other: str) -> None:
    assert terms(one, "tr") == terms(other, "tr")


@pytest.mark.parametrize(("language", "word"), [("hi", "हिन्दी"), ("ar", "مُحَمَّد"), ("ne", "नेपाली"), ("yi", "אַרבעט")])
def test_a_word_with_marks_is_one_word(language: str, word: str) -> None:
    assert len(terms(word, language)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("§ 5 Abs. 2", ["5", "abs", "2"]),
        ("1.234,50 Euro", ["1.234,50", "euro"]),
        ("um 12:30 Uhr", ["um", "12:30", "uhr"]),
        ("am 1. Mai.", ["am", "1", "mai"]),
        ("E-Mail_Adresse", ["e", "mail", "adress"]),
        ("B2-Nachweis", ["b2", "nachweis"]),
        ("", []),
        ("?! …", []),
    ],
)
def test_figures_stay_whole_and_marks_fall_away(text: str, expected: list[str]) -> None:
    assert terms(text, "de") == expected


def test_the_apostrophe_has_one_shape() -> None:
    assert terms("п’ять l’école", "uk") == terms("п'ять l'école", "uk")


def test_a_language_without_stemmer_is_cut_to_the_beginnings_of_words() -> None:
    assert terms("Громадянство", "uk") == ["громад"]


@given(st.text(max_size=60), st.sampled_from(["de", "en", "tr", "uk", "ar"]))
def test_no_term_is_empty_or_holds_a_blank(text: str, language: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in terms(text, language))


@given(st.text(st.sampled_from("aäÄßsöüeu "), max_size=20))
def test_upper_case_changes_no_term(text: str) -> None:
    assert terms(text.upper(), "de") == terms(text, "de")
