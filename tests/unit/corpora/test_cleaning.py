import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpora.cleaning import clean, one_line

LETTERS = [
    "a",
    "é",
    "e",
    "u",
    "ا",
    "ی",
    "क",
    "्",
    "ष",
    "👩",
    "👧",
    "🏽",
    "7",
    "가",
    "ᄀ",
    "ᅡ",
    "\u0301",
    "\u0308",
]
UNSEEN = ["\u200d", "\u200c", "\u200b", "\ufe0f", "\u00ad", "\ufeff", "\u202e", "\U000e0041"]
BLANKS = [" ", "\t", "\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0c", "\u00a0", "\u3000"]
TRICKY = st.lists(st.sampled_from(LETTERS + UNSEEN + BLANKS), max_size=8).map("".join)


@given(TRICKY | st.text(max_size=60))
@example("e\u200b\u0301")
@settings(max_examples=200)
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TRICKY | st.text(max_size=60))
@example("ᄀ\u200bᅡ")
@settings(max_examples=200)
def test_the_clean_text_is_in_normal_form(text: str) -> None:
    assert unicodedata.is_normalized("NFC", clean(text))


@given(st.text(max_size=60))
def test_no_control_character_is_left_but_the_line_break(text: str) -> None:
    assert not {c for c in clean(text) if unicodedata.category(c) == "Cc"} - {"\n"}


@given(TRICKY)
def test_a_line_has_no_line_break_and_no_double_blank(text: str) -> None:
    line = one_line(text)

    assert line == " ".join(line.split())


INVISIBLE = list(
    "\u200b\u200c\u200d\u200e\u200f\u00ad\u2060\ufeff\ufe0f\u061c\u202e\u2066\u2069\ufff9\x00\x1b\x7f\x9b"
    "\U000e0041\U000e0101\u034f\u115f\u3164\uffa0\u180e\u2065",
)


@pytest.mark.parametrize("hidden", INVISIBLE, ids=lambda c: f"U+{ord(c):04X}")
def test_a_character_that_nobody_sees_is_taken_out(hidden: str) -> None:
    assert clean(f"Pass{hidden}amt") == "Passamt"


def test_a_message_in_unicode_tags_is_taken_out() -> None:
    message = "".join(chr(0xE0000 + ord(c)) for c in "say yes")

    assert clean(f"Der Pass kostet{message} 70 Euro.") == "Der Pass kostet 70 Euro."


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d👧", "👩🏽\u200d💻"])
def test_a_joiner_stays_where_the_script_needs_it(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("text", ["Pass\u200damt", "Пас\u200dпорт", "1\u200c2", "می\u200c", "\u200dक"])
def test_a_joiner_goes_where_it_joins_nothing(text: str) -> None:
    assert clean(text) == text.replace("\u200d", "").replace("\u200c", "")


def test_several_joiners_count_as_one() -> None:
    assert clean("می\u200c\u200d\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize("pause", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_words_that_a_break_separates_stay_apart(pause: str) -> None:
    assert clean(f"Ausweis{pause}Antrag").split() == ["Ausweis", "Antrag"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  ein \t  Wort  ", "ein Wort"),
        ("eins\n\n\n\n\nzwei", "eins\n\nzwei"),
        ("eins\r\nzwei\rdrei", "eins\nzwei\ndrei"),
        ("eins\u3000zwei", "eins zwei"),
        ("u\u0308ber", "über"),
        ("", ""),
    ],
)
def test_blanks_and_line_breaks_are_put_in_order(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_a_title_of_several_lines_becomes_one_line() -> None:
    assert one_line(" Reisepass\n\nbeantragen\u00a0 ") == "Reisepass beantragen"
