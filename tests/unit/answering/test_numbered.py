from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.numbered import Cutter, Numbered

TEXT = "Der Ausweis kostet 37 Euro. [1] Sie brauchen ein Foto [2][3] und Zeit. Bringen Sie es mit [1, 2]."
CUT = [
    Numbered("Der Ausweis kostet 37 Euro.", (1,)),
    Numbered("Sie brauchen ein Foto", (2, 3)),
    Numbered("und Zeit. Bringen Sie es mit", (1, 2)),
]


def cut(*pieces: str) -> list[Numbered]:
    cutter = Cutter()
    return [one for piece in pieces for one in cutter.add(piece)] + list(cutter.end())


def test_a_text_is_cut_behind_its_source_numbers() -> None:
    assert cut(TEXT) == CUT


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_it_is_cut_the_same_however_it_arrives(places: list[int]) -> None:
    edges = sorted({0, *places, len(TEXT)})

    assert cut(*(TEXT[start:end] for start, end in pairwise(edges))) == CUT


def test_a_sentence_is_given_as_soon_as_the_next_begins() -> None:
    cutter = Cutter()

    assert list(cutter.add("Er kostet 37 Euro [1]")) == []
    assert list(cutter.add(" ")) == []
    assert list(cutter.add("U")) == [Numbered("Er kostet 37 Euro", (1,))]


@pytest.mark.parametrize("text", ["", "Ohne Quelle.", "Halb [", "Halb [1", "[1]", "[x] Nichts"])
def test_what_names_no_source_is_lost(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize("text", ["- Er kostet 37 Euro [1]", "1. Er kostet 37 Euro [1]", "## Er kostet  37\nEuro [1]"])
def test_marks_of_lists_and_headings_are_taken_off(text: str) -> None:
    assert cut(text) == [Numbered("Er kostet 37 Euro", (1,))]


def test_a_source_that_is_named_twice_counts_once() -> None:
    assert cut("Er kostet 37 Euro [1] [1][2]") == [Numbered("Er kostet 37 Euro", (1, 2))]
