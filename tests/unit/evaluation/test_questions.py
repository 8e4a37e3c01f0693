from pathlib import Path

import pytest

from assistant.evaluation.errors import BadInput
from assistant.evaluation.questions import Asked, questions

GOOD = '{"id": "a", "question": "Was kostet ein Hund?", "document_id": "hund", "corpus": "stadt"}'

BAD = {
    "no JSON": ("{", "not JSON"),
    "a list": ("[1]", "not a JSON object"),
    "no id": ('{"question": "Was?", "gold": ["x"]}', "id: is missing"),
    "an id that is a number": ('{"id": 1, "question": "Was?", "gold": ["x"]}', "id: must be text"),
    "a blank question": ('{"id": "b", "question": "  ", "gold": ["x"]}', "question: must not be empty"),
    "gold that is no list": ('{"id": "b", "question": "Was?", "gold": "x"}', "gold: must be a list"),
    "gold that is empty": ('{"id": "b", "question": "Was?", "gold": []}', "gold: must not be empty"),
    "no document": ('{"id": "b", "question": "Was?"}', "names no document"),
    "an id twice": (GOOD, "its id, a, stands in an earlier line"),
}


def read(folder: Path, text: str, *corpora: str, gold: bool = True) -> list[Asked]:
    path = folder / "q.jsonl"
    path.write_text(text, encoding="utf-8")
    return questions(path, corpora, gold=gold)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_named_with_its_line(name: str, tmp_path: Path) -> None:
    row, wanted = BAD[name]

    with pytest.raises(BadInput, match=r"q\.jsonl, line 3: ") as refused:
        read(tmp_path, f"{GOOD}\n\n{row}\n", "stadt")

    assert wanted in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_a_citizen_asked_is_not_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read(tmp_path, '{"id": "b", "question": ["Bin ich schwanger?"], "gold": ["x"]}', "stadt")

    assert "schwanger" not in str(refused.value)


def test_a_row_without_a_corpus_takes_the_ones_given(tmp_path: Path) -> None:
    row = '{"id": "b", "question": "Was?", "gold": ["x", "y"], "language": "de"}'

    first, second = read(tmp_path, f"{GOOD}\n{row}\n", "stadt", "land")

    assert first == Asked("a", "Was kostet ein Hund?", None, ("hund",), ("stadt",))
    assert second == Asked("b", "Was?", "de", ("x", "y"), ("stadt", "land"))


def test_a_row_without_any_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="line 1: names no corpus, and --corpus is not given"):
        read(tmp_path, '{"id": "b", "question": "Was?", "gold": ["x"]}')


def test_the_judge_needs_no_document(tmp_path: Path) -> None:
    assert read(tmp_path, '{"id": "b", "question": "Was?"}', "stadt", gold=False)[0].gold == ()


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no question"):
        read(tmp_path, "\n", "stadt")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"x\.jsonl: cannot be read"):
        questions(tmp_path / "x.jsonl", ("stadt",), gold=True)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b"\xff\xfe")

    with pytest.raises(BadInput, match="not in UTF-8"):
        questions(tmp_path / "q.jsonl", ("stadt",), gold=True)
