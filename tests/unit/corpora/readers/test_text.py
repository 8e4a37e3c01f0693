from pathlib import Path

import pytest

from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import text


def read(folder: Path, content: str | bytes, language: str | None = "de") -> Document:
    path = folder / "pass.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    documents, warnings = text.read(path, "pass", language)
    assert (len(documents), warnings) == (1, [])
    return documents[0]


def test_the_first_line_is_the_title(tmp_path: Path) -> None:
    assert read(tmp_path, "\n\nReisepass\n# 70 Euro\n\nSechs Wochen\n") == Document(
        "pass", "Reisepass", "de", "# 70 Euro\n\nSechs Wochen", "text"
    )


def test_a_single_line_is_title_and_text(tmp_path: Path) -> None:
    assert read(tmp_path, "Reisepass") == Document("pass", "Reisepass", "de", "Reisepass", "text")


def test_a_first_line_that_is_a_whole_text_is_cut_for_the_title_only(tmp_path: Path) -> None:
    document = read(tmp_path, "Pass " * 200)

    assert len(document.title) <= 300
    assert document.body.split() == ["Pass"] * 200


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", "\u200b\u2060"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, content)


def test_a_file_in_another_encoding_is_refused_with_the_place_of_the_byte(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"not in UTF-8 \(byte 4\); save it as UTF-8"):
        read(tmp_path, b"Geb\xfchr")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not a text file"):
        read(tmp_path, b"PK\x03\x04\0\0")


def test_a_text_without_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"language: is missing; name it there or with --language\."):
        read(tmp_path, "Reisepass", language=None)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        text.read(tmp_path, "pass", "de")
