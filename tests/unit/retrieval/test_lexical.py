from pathlib import Path

import numpy as np
import pytest

from retrieval import arrays, lexical
from retrieval.lexical import Field, LexicalPart

TEXTS = [
    ("de", "Der Kinderreisepass wird nicht mehr ausgestellt"),
    ("de", "Ein Reisepass kostet mehr als ein Pass"),
    ("en", "The passport costs 70 euros"),
]


def part(folder: Path, *texts: tuple[str, str]) -> LexicalPart:
    _, kept = lexical.write(folder, texts)
    arrays.write(folder / "arrays", kept)
    return LexicalPart(folder, arrays.opened(folder / "arrays"))


def test_the_fields_count_passages_and_terms_by_language(tmp_path: Path) -> None:
    fields, _ = lexical.write(tmp_path, [("de", "Hunde sind anzumelden"), ("en", "The passport costs 70 euros")])

    assert fields == {"de": Field(1, 3), "en": Field(1, 5)}


def test_a_word_beyond_count_is_counted_up_to_the_most(tmp_path: Path) -> None:
    found = part(tmp_path, ("xx", "aa " * 1000)).postings("xx", "aa")

    assert (list(found.numbers), list(found.counts)) == ([0], [lexical.MOST_COUNTED])


def test_a_term_is_found_in_the_passages_that_say_it_in_order(tmp_path: Path) -> None:
    written = part(tmp_path, ("xx", "bb aa"), ("xx", "cc"), ("xx", "aa bb aa"), ("yy", "aa"))

    assert list(written.postings("xx", "aa").numbers) == [0, 2]
    assert list(written.postings("xx", "aa").counts) == [1, 2]
    assert list(written.postings("yy", "aa").numbers) == [3]


def test_a_term_that_nobody_wrote_is_nowhere(tmp_path: Path) -> None:
    found = part(tmp_path, *TEXTS).postings("de", "katze")

    assert len(found.numbers) == 0
    assert list(found.counted(np.array([0, 1], dtype=np.int32))) == [0, 0]


def test_it_is_told_how_often_a_term_stands_in_some_passages(tmp_path: Path) -> None:
    found = part(tmp_path, ("xx", "aa aa"), ("xx", "bb"), ("xx", "aa")).postings("xx", "aa")

    assert list(found.counted(np.array([2, 1, 0], dtype=np.int32))) == [1, 0, 2]


@pytest.mark.parametrize(
    ("start", "found"), [("reise", {"reisepass"}), ("kinder", {"kinderreisepass"}), ("the", set()), ("", None)]
)
def test_terms_are_found_by_how_they_begin(tmp_path: Path, start: str, found: set[str] | None) -> None:
    terms = set(part(tmp_path, *TEXTS).beginning("de", start))

    assert terms == found if found is not None else {"reisepass", "kinderreisepass"} < terms


def test_terms_are_found_by_how_they_end(tmp_path: Path) -> None:
    assert set(part(tmp_path, *TEXTS).ending("de", "pass")) == {"pass", "reisepass", "kinderreisepass"}
    assert part(tmp_path, *TEXTS).ending("en", "pass") == []


def test_the_terms_within_a_longer_one_are_found_at_both_ends(tmp_path: Path) -> None:
    written = part(tmp_path, *TEXTS)

    assert written.endings("de", "expressreisepass") == ["pass", "reisepass"]
    assert written.beginnings("de", "passport") == ["pass"]


def test_texts_without_a_single_term_make_an_index(tmp_path: Path) -> None:
    written = part(tmp_path, ("de", "…"), ("de", "?"))

    assert list(written.lengths) == [0, 0]
    assert written.beginning("de", "") == []
