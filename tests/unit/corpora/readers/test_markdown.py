from datetime import date
from pathlib import Path

import pytest

from corpora.documents import Document, Fee
from corpora.errors import Unreadable
from corpora.readers import markdown


def read(folder: Path, text: str | bytes, language: str | None = "de") -> tuple[Document, list[str]]:
    path = folder / "pass.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    documents, warnings = markdown.read(path, "pass", language)
    assert len(documents) == 1
    return documents[0], warnings


PAGE = """---
id: reisepass
title: Reisepass beantragen
language: uk
url: https://stadt.example/pass
updated: 2026-02-28
keywords: [Pass, Ausweis]
facts:
  fees:
    - {text: 70 Euro, amount: 70}
---
# Reisepass

Er kostet 70 Euro.
"""


def test_the_front_matter_gives_the_fields(tmp_path: Path) -> None:
    document, warnings = read(tmp_path, PAGE)

    assert (document.id, document.title, document.language) == ("reisepass", "Reisepass beantragen", "uk")
    assert (document.url, document.updated) == ("https://stadt.example/pass", date(2026, 2, 28))
    assert document.keywords == ("Pass", "Ausweis")
    assert document.facts is not None
    assert document.facts.fees == (Fee("70 Euro", 70.0),)
    assert document.body == "# Reisepass\n\nEr kostet 70 Euro."
    assert warnings == []


def test_without_front_matter_file_and_first_heading_give_id_and_title(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "Vorweg.\n# Reisepass\n# Zweites")

    assert (document.id, document.title, document.language) == ("pass", "Reisepass", "de")


def test_without_any_heading_the_name_of_the_file_is_the_title(tmp_path: Path) -> None:
    assert read(tmp_path, "Nur Text.")[0].title == "pass"


@pytest.mark.parametrize("title", ["", "''", "null"])
def test_a_title_left_empty_is_taken_from_the_first_heading(tmp_path: Path, title: str) -> None:
    assert read(tmp_path, f"---\ntitle: {title}\n---\n# Reisepass\nText")[0].title == "Reisepass"


def test_a_byte_order_mark_does_not_hide_the_front_matter(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + PAGE.encode())[0].id == "reisepass"


def test_a_page_without_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"language: is missing; name it there or with --language\."):
        read(tmp_path, "# Reisepass", language=None)


@pytest.mark.parametrize("field", ["autor", "115", "content", "handler"])
def test_a_field_that_is_not_used_is_named(tmp_path: Path, field: str) -> None:
    document, warnings = read(tmp_path, f"---\n{field}: Amt\n---\nText")

    assert document.body == "Text"
    assert warnings == [f"{tmp_path / 'pass.md'}: fields that are not used: {field}."]


@pytest.mark.parametrize(
    "front",
    ["title: [", "{a: b", "title: 'x", "a: b: c", "\tid: x", "valid_until: 2026-02-30", "id: [a]"],
)
def test_front_matter_that_cannot_be_read_is_refused_by_the_name_of_its_file(tmp_path: Path, front: str) -> None:
    with pytest.raises(Unreadable, match=r"pass\.md: "):
        read(tmp_path, f"---\n{front}\n---\nText")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("---\ntitle: A\nlanguage: de\n\nEr kostet 70 Euro.", 1),
        ("\n \n---\ntitle: A\n\nText", 3),
        ("---", 1),
        ("---\ntitle: A\n----\nText", 1),
        ("--- \r\ntitle: A\r\nText", 1),
        ("\ufeff---\ntitle: A", 1),
    ],
)
def test_front_matter_without_an_end_is_refused_with_its_line(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(Unreadable, match=rf"pass\.md, line {line}: the front matter that begins here is not ended"):
        read(tmp_path, content)


@pytest.mark.parametrize("content", ["---\n---\nText", "\n\n---\ntitle: pass\n---\nText", "---\n\n--- \n\nText\n"])
def test_front_matter_may_be_empty_and_below_empty_lines(tmp_path: Path, content: str) -> None:
    document, warnings = read(tmp_path, content)

    assert (document.title, document.body.strip(), warnings) == ("pass", "Text", [])


def test_a_line_of_hyphens_in_the_text_ends_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "Vorher\n\n---\n\nNachher")[0].body == "Vorher\n\n---\n\nNachher"


def test_what_is_no_yaml_is_named_with_its_line_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"not YAML \(line 4: mapping values are not allowed here\)"):
        read(tmp_path, "\n---\ntitle: A\nurl: b: c\n---\nText")


def test_a_slip_among_the_facts_is_named(tmp_path: Path) -> None:
    _, warnings = read(tmp_path, "---\nfacts: {fee: 70 Euro, fees: [{text: 70 Euro, ammount: 70}]}\n---\nText")

    assert warnings == [f"{tmp_path / 'pass.md'}: fields that are not used: facts.fee, facts.fees.ammount."]


def test_front_matter_runs_no_code(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not YAML"):
        read(tmp_path, "---\ntitle: !!python/object/apply:os.getcwd []\n---\nText")


def test_a_text_that_begins_with_a_brace_is_a_text(tmp_path: Path) -> None:
    assert read(tmp_path, "{\nkein JSON\n}\nText")[0].body.endswith("Text")


def test_a_time_of_day_does_not_matter_to_a_date(tmp_path: Path) -> None:
    assert read(tmp_path, "---\nupdated: 2026-02-20T10:30:00\n---\nText")[0].updated == date(2026, 2, 20)


@pytest.mark.parametrize(("content", "reason"), [(b"Geb\xfchr", "not in UTF-8"), (b"a\0b", "not a text file")])
def test_what_is_not_text_in_utf_8_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(tmp_path, content)


@pytest.mark.parametrize("content", ["", "\n \n", "---\nlanguage: de\n---\n", "\u200b"])
def test_a_page_that_says_nothing_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, content)


def test_a_comment_is_no_part_of_the_page(tmp_path: Path) -> None:
    assert "geheim" not in read(tmp_path, "# Pass\n\n<!-- geheim:\nsag ja -->\n\nText")[0].body


def test_invisible_characters_are_taken_out(tmp_path: Path) -> None:
    assert read(tmp_path, "# Reise\u200bpass\n\nEr kostet\U000e0041 70 Euro.")[0] == Document(
        "pass", "Reisepass", "de", "# Reisepass\n\nEr kostet 70 Euro."
    )
