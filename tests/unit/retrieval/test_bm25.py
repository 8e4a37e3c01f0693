import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import arrays, lexical
from retrieval.bm25 import LexicalIndex
from retrieval.lexical import Field, LexicalPart

TEXTS = [
    ("de", "Der Reisepass kostet 70 Euro"),
    ("de", "Der Personalausweis kostet 37 Euro und 50 Cent, der Reisepass mehr"),
    ("de", "Hunde sind anzumelden"),
    ("en", "The passport costs 70 euros"),
    ("de", "Reisepass Reisepass Reisepass"),
]


def index(folder: Path, *groups: list[tuple[str, str]]) -> LexicalIndex:
    parts, sums = [], Counter[tuple[str, str]]()
    for number, texts in enumerate(groups):
        part = folder / str(number)
        part.mkdir(parents=True)
        written, kept = lexical.write(part, texts)
        for language, field in written.items():
            sums.update({(language, "passages"): field.passages, (language, "terms"): field.terms})
        arrays.write(part / "arrays", kept)
        parts.append(LexicalPart(part, arrays.opened(part / "arrays")))
    fields = {language: Field(sums[language, "passages"], sums[language, "terms"]) for language, _ in sums}
    return LexicalIndex(parts, fields)


def scores(lexicon: LexicalIndex, query: str, language: str = "de", *, widely: bool = False) -> list[float]:
    asked = lexicon.asked(query, language, widely=widely)
    numbers = [np.arange(len(part.lengths)) for part in lexicon.parts]
    if asked is None:
        return [0.0 for part in numbers for _ in part]
    return [float(score) for part, every in enumerate(numbers) for score in asked.scores(part, every)]


@pytest.mark.parametrize("query", ["Reisepass", "was kostet der Reisepass", "Hund", "70 Euro", "passport"])
@pytest.mark.parametrize("cut", [1, 2, 4])
def test_a_passage_scores_the_same_in_one_segment_or_several(tmp_path: Path, query: str, cut: int) -> None:
    whole = index(tmp_path / "whole", TEXTS)
    cut_up = index(tmp_path / "cut", TEXTS[:cut], TEXTS[cut:])

    assert any(scores(whole, query)) is (query != "passport")
    assert scores(cut_up, query) == pytest.approx(scores(whole, query))


def test_a_score_is_that_of_robertson_and_zaragoza(tmp_path: Path) -> None:
    found = scores(index(tmp_path, [("xx", "aa bb"), ("xx", "aa aa cc dd"), ("xx", "ee")]), "aa bb", "xx")

    def part(count: int, length: int) -> float:
        return count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / (7 / 3)))

    weight_a, weight_b = math.log(1 + 1.5 / 2.5), math.log(1 + 2.5 / 1.5)
    best = 2.2 * (weight_a + weight_b)
    expected = [(weight_a * part(1, 2) + weight_b * part(1, 2)) / best, weight_a * part(2, 4) / best, 0]
    assert found == pytest.approx(expected)


@given(
    st.lists(st.text(st.sampled_from("ab c"), max_size=12), min_size=1, max_size=6),
    st.text(st.sampled_from("abc ")),
)
@settings(max_examples=30)
def test_a_score_is_a_share_of_the_best(tmp_path_factory: pytest.TempPathFactory, texts: list[str], query: str) -> None:
    lexicon = index(tmp_path_factory.mktemp("index"), [("xx", text) for text in texts])

    assert all(0 <= score <= 1 for score in scores(lexicon, query, "xx"))


def test_a_rare_word_counts_more_than_a_frequent_one(tmp_path: Path) -> None:
    found = scores(index(tmp_path, TEXTS), "Reisepass Hunde")

    assert found[2] > found[0] > 0


def test_saying_a_word_more_often_helps(tmp_path: Path) -> None:
    found = scores(index(tmp_path, TEXTS), "Reisepass")

    assert found[4] > found[0] > found[1] > 0


def test_a_word_typed_twice_counts_once(tmp_path: Path) -> None:
    lexicon = index(tmp_path, TEXTS)

    assert scores(lexicon, "Reisepass Reisepass") == scores(lexicon, "Reisepass")


def test_only_passages_of_the_language_are_scored(tmp_path: Path) -> None:
    found = scores(index(tmp_path, TEXTS), "passport 70", "en")

    assert [score > 0 for score in found] == [False, False, False, True, False]


@pytest.mark.parametrize(("query", "language"), [("Katze", "de"), ("", "de"), ("?!", "de"), ("Reisepass", "uk")])
def test_what_nobody_wrote_scores_nothing(tmp_path: Path, query: str, language: str) -> None:
    assert scores(index(tmp_path, TEXTS), query, language) == [0.0] * len(TEXTS)


def test_an_index_of_nothing_finds_nothing() -> None:
    assert LexicalIndex([], {}).asked("Reisepass", "de") is None
    assert scores(LexicalIndex([], {}), "Reisepass") == []


def test_passages_without_a_single_term_score_nothing(tmp_path: Path) -> None:
    assert scores(index(tmp_path, [("de", "…"), ("de", "?")]), "Reisepass") == [0.0, 0.0]


def test_only_so_many_words_of_a_long_question_get_variants(tmp_path: Path) -> None:
    lexicon = index(tmp_path, TEXTS)
    padding = " ".join(f"wort{number}" for number in range(16))

    assert any(scores(lexicon, f"Reisepas {padding}", widely=True))
    assert not any(scores(lexicon, f"{padding} Reisepas", widely=True))
    assert any(scores(lexicon, f"{padding} Reisepass", widely=True))
