import json
from pathlib import Path

import pytest

from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import jsonl


def line(**fields: object) -> str:
    return json.dumps({"id": "pass", "title": "Reisepass", "language": "de", "body": "70 Euro."} | fields)


def written(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "pages.jsonl"
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines))
    return path


def read(path: Path, language: str | None = None) -> tuple[list[Document], list[str]]:
    return jsonl.read(path, "pages", language)


def test_every_line_is_a_document(tmp_path: Path) -> None:
    documents, warnings = read(written(tmp_path, line(), line(id="kita", title="Kita")))

    assert [(one.id, one.title, one.body) for one in documents] == [
        ("pass", "Reisepass", "70 Euro."),
        ("kita", "Kita", "70 Euro."),
    ]
    assert warnings == []


def test_empty_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    documents, _ = read(written(tmp_path, b"\xef\xbb\xbf" + line().encode(), "", "  ", line(id="kita"), ""))

    assert [one.id for one in documents] == ["pass", "kita"]


def test_the_language_given_holds_where_a_line_names_none(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps({"id": "a", "title": "A"}), line(id="b", language="uk"))

    assert [one.language for one in read(path, "fr")[0]] == ["fr", "uk"]


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": "kita", "language":',
        "[1, 2]",
        '"kita"',
        "{" * 100_000,
        '{"n": ' + "9" * 5000 + "}",
        '{"id": "kita", "language": "de"}',
        '{"id": "kita", "language": "de", "title": "Kita", "url": "javascript:alert(1)"}',
        b'{"id": "kita", "title": "Geb\xfchr"}',
        b'{"id": "kita", "title": "\0"}',
    ],
    ids=[
        "torn",
        "a list",
        "a string",
        "too deep",
        "too long a number",
        "no title",
        "bad url",
        "latin-1",
        "binary",
    ],
)
def test_a_line_that_cannot_be_taken_in_is_named_by_its_number(tmp_path: Path, broken: str | bytes) -> None:
    with pytest.raises(Unreadable, match=r"pages\.jsonl, line 3: "):
        read(written(tmp_path, line(), "", broken, line(id="c")))


def test_a_broken_line_says_that_nothing_was_imported(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Nothing was imported"):
        read(written(tmp_path, line(), "{"))


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_a_file_without_a_document_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable, match="holds no document"):
        read(written(tmp_path, content))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read(tmp_path)


def test_fields_that_are_not_used_are_named_once(tmp_path: Path) -> None:
    _, warnings = read(written(tmp_path, line(autor="x", abteilung=1), line(id="b", autor="y")))

    assert warnings == ["Fields that are not used: abteilung, autor."]


def test_half_a_character_is_refused_with_the_number_of_its_line(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="line 2"):
        read(written(tmp_path, line(), r'{"id": "b", "language": "de", "title": "\ud800"}'))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"id": "b",', "not JSON (Expecting property name enclosed in double quotes at column 12)"),
        ('{"id": "b', "not JSON (Unterminated string starting at column 8)"),
        ('{"id": "b"} x', "not JSON (Extra data at column 13)"),
        ('{"n": ' + "9" * 5000 + "}", "not JSON that can be read (too deep, or a number too long)"),
        ("{" + '"a": {' * 100_000, "not JSON that can be read (too deep, or a number too long)"),
        ("[1]", "not a JSON object"),
        ('{"id": "b", "title": "B"}', "language: is missing; name it there or with --language"),
    ],
    ids=["torn", "a string without end", "two values", "a long number", "deep", "a list", "no language"],
)
def test_a_line_that_is_wrong_has_one_place_and_one_sentence(tmp_path: Path, broken: str, reason: str) -> None:
    path = written(tmp_path, line(), broken)

    with pytest.raises(Unreadable) as refused:
        read(path)

    assert str(refused.value) == f"{path}, line 2: {reason}. Nothing was imported."
