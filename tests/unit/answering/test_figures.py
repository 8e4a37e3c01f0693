import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.figures import statements


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("37,00 €", "EUR 37.00"),
        ("37,00 €", "37 Euro"),
        ("1.234,50 €", "1,234.50 euros"),
        ("1.234,50 €", "1’234.50"),
        ("1\u00a0234,50 €", "1234,50 €"),
        ("1\u202f234,50 €", "1234,50 €"),
        ("10.000 Einwohner", "10000 inhabitants"),
        ("01.02.2026", "1. Februar 2026"),
        ("01.02.2026", "2026-02-01"),
        ("01.02.2026", "1 February 2026"),
        ("01.02.2026", "1 février 2026"),
        ("01.02.2026", "1 Şubat 2026"),
        ("01.02.2026", "1 лютого 2026"),
        ("01.02.2026", "1 فبراير 2026"),
        ("٣٧٫٥٠ يورو", "37,50 Euro"),
        ("zwei Wochen", "2 weeks"),
        ("deux semaines", "two weeks"),
        ("iki hafta", "дві тижні"),
        ("https://amt.example/pass/", "https://amt.example/pass"),
        ("Pass@Amt.example", "pass@amt.example"),
    ],
)
def test_two_writings_of_the_same_state_the_same(one: str, other: str) -> None:
    assert statements(one) == statements(other) != set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("37,00 €", "37,50 €"),
        ("37 Euro", "370 Euro"),
        ("1.234,50 €", "1.243,50 €"),
        ("01.02.2026", "02.01.2026"),
        ("1. Februar 2026", "1. März 2026"),
        ("zwei Wochen", "drei Wochen"),
        ("069 90009 190", "069 90009 191"),
        ("§ 17 BMG", "§ 18 BMG"),
        ("pass@amt.example", "pass@arnt.example"),
        ("https://amt.example/pass", "https://amt.example/pas"),
        ("www.amt.example", "www.arnt.example"),
    ],
)
def test_what_differs_states_something_else(one: str, other: str) -> None:
    assert statements(one) != statements(other)


@pytest.mark.parametrize("text", ["", "Der Ausweis ist gültig.", "Bitte kommen Sie persönlich!", "Паспорт"])
def test_plain_words_state_nothing_to_check(text: str) -> None:
    assert statements(text) == set()


def test_a_date_that_is_none_is_three_numbers() -> None:
    assert statements("31.02.2026") == {"number:31", "number:2", "number:2026"}


def test_the_stop_behind_a_link_is_not_part_of_it() -> None:
    assert statements("Siehe https://amt.example/a.") == {"link:https://amt.example/a"}
    assert statements("(www.amt.example), dann") == {"link:www.amt.example"}


def test_figures_inside_a_link_are_no_figures_of_the_sentence() -> None:
    assert statements("https://amt.example/2026/37") == {"link:https://amt.example/2026/37"}


@pytest.mark.parametrize("number", ["İki hafta", "ÜÇ hafta"])
def test_a_spelled_number_is_found_in_capitals_of_turkish_too(number: str) -> None:
    small = {"İki hafta": "iki", "ÜÇ hafta": "üç"}[number]

    assert statements(number) == statements(small) != set()


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{} Euro", "etwa {}, höchstens", "§ {}"]))
def test_every_whole_number_is_a_statement(number: int, text: str) -> None:
    assert len(statements(text.format(number))) == 1


@given(st.integers(0, 999_999), st.integers(0, 99))
def test_an_amount_is_the_same_in_german_and_english_writing(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))

    assert statements(german) == statements(english)


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert all(":" in statement for statement in statements(text))
