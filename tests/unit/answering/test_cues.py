import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.cues import begins_with, folded, has_cue, plain, whole


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Was KOSTET das?", "kost"),
        ("Welche Gebühren gibt es?", "gebühr"),
        ("Wie viel zahle ich?", "wie viel"),
        ("İkamet izni", "ikamet"),
        ("l’adresse", "l'adresse"),
        ("Gebu\u0308hr", "gebühr"),
        ("(Kosten)", "kost"),
    ],
)
def test_a_cue_begins_a_word(text: str, cue: str) -> None:
    assert has_cue(text, [cue])


def test_a_cue_inside_a_word_is_none() -> None:
    assert not has_cue("Krankenkosten", ["kost"])


def test_a_cue_with_a_blank_is_a_whole_word() -> None:
    assert has_cue("Wo?", ["wo "])
    assert has_cue("und wo", ["wo "])
    assert not has_cue("Wohnung", ["wo "])


def test_what_looks_like_a_pattern_is_taken_literally() -> None:
    assert has_cue("a.b (c", ["a.b (c"])
    assert not has_cue("axb", ["a.b"])


def test_without_cues_nothing_is_found() -> None:
    assert not has_cue("Was kostet das?", [])
    assert not begins_with("Und jetzt?", [])


@pytest.mark.parametrize("text", ["Und jetzt?", "  und jetzt", "„Und jetzt?“", "«und", "¿und"])
def test_a_beginning_is_found_behind_marks(text: str) -> None:
    assert begins_with(text, ["und "])


@pytest.mark.parametrize("text", ["Was und wo?", "Undine fragt", ""])
def test_a_beginning_is_only_at_the_beginning(text: str) -> None:
    assert not begins_with(text, ["und "])


@pytest.mark.parametrize("text", ["Vielen Dank!", "vielen  dank", "«Vielen Dank.»", "VIELEN DANK …"])
def test_a_whole_text_is_compared_without_marks(text: str) -> None:
    assert whole(text) == "vielen dank"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("J'ai BESOIN d'aide!", ("j", "ai", "besoin", "d", "aide")),
        ("İmdat, lazım", ("imdat", "lazim")),
        ("щё ґ", ("ще", "ґ")),
        ("żółć", ("zolc",)),
        ("أُحتاج إلى سيارةٍ", ("احتاج", "الي", "سياره")),
        ("…", ()),
    ],
)
def test_plain_words_have_no_accents_and_no_marks(text: str, words: tuple[str, ...]) -> None:
    assert plain(text) == words


@given(st.text())
def test_plain_words_are_plain_already(text: str) -> None:
    assert plain(" ".join(plain(text))) == plain(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
