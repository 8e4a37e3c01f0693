import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpora.errors import Unreadable
from corpora.readers import registry
from corpora.readers.registry import read


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def row(id_: str, **fields: object) -> str:
    return json.dumps({"id": id_, "language": "de", "title": id_, "body": "Text"} | fields) + "\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pass.jsonl", row("pass")),
        ("pass.ndjson", row("pass")),
        ("pass.md", "# pass\nText"),
        ("pass.markdown", "# pass\nText"),
        ("pass.html", "<h1>pass</h1>Text"),
        ("pass.htm", "<h1>pass</h1>Text"),
        (
            "pass.xhtml",
            '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><h1>pass</h1>Text</body></html>',
        ),
        ("pass.txt", "pass\nText"),
        ("pass.MD", "# pass\nText"),
    ],
)
def test_a_file_is_read_by_its_kind(tmp_path: Path, name: str, content: str) -> None:
    put(tmp_path, {name: content})

    documents = read(tmp_path / name, "de").documents

    assert [(one.id, one.title, one.language) for one in documents] == [("pass", "pass", "de")]
    assert documents[0].body.endswith("Text")


def test_a_folder_is_read_with_all_that_lies_below(tmp_path: Path) -> None:
    put(
        tmp_path,
        {"b.md": "B", "de/pass.md": "Pass", "de/amt/kita.txt": "Kita\nText", "a.jsonl": row("zeile")},
    )

    assert [one.id for one in read(tmp_path, "de").documents] == ["zeile", "b", "de/amt/kita", "de/pass"]


def test_files_of_other_kinds_in_a_folder_are_passed_over_and_named(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": "A", "bild.png": "x", "de/merkblatt.pdf": "x"})

    reading = read(tmp_path, "de")

    assert [one.id for one in reading.documents] == ["a"]
    assert reading.warnings == ["2 of other kinds passed over: bild.png, de/merkblatt.pdf."]


@pytest.mark.parametrize("hidden", [".b.md", ".git/b.md", "de/.cache/b.md"])
def test_what_is_hidden_in_a_folder_is_passed_over(tmp_path: Path, hidden: str) -> None:
    put(tmp_path, {"a.md": "A", hidden: "B"})

    reading = read(tmp_path, "de")

    assert ([one.id for one in reading.documents], reading.warnings) == (["a"], [])


def test_a_folder_without_a_known_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"no file in this folder can be read; known are \.jsonl"):
        read(put(tmp_path, {"bild.png": "x"}))


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file or folder"):
        read(tmp_path / "pass.md")


@pytest.mark.parametrize("name", ["pass.pdf", "pass", "pass.docx", "pass.json"])
def test_a_file_of_an_unknown_kind_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="files of this kind cannot be read"):
        read(put(tmp_path, {name: "x"}) / name)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "pass.jsonl"
    with path.open("wb") as file:
        file.truncate(registry.MOST_BYTES + 1)

    with pytest.raises(Unreadable, match="larger than 500 MB"):
        read(path)


def test_an_id_in_two_lines_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"a.jsonl": row("pass") + row("kita") + row("pass")})

    with pytest.raises(Unreadable, match=r"more than once: pass\. Nothing was imported"):
        read(tmp_path / "a.jsonl")


def test_an_id_in_two_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="more than once: pass") as refused:
        read(put(tmp_path, {"pass.md": "A", "pass.html": "<p>B</p>", "de/a.jsonl": row("pass") + row("pass")}), "de")

    assert "pass (de/a.jsonl and pass.html and pass.md). Nothing" in str(refused.value)


def test_a_file_with_an_id_twice_is_named(tmp_path: Path) -> None:
    put(tmp_path, {"a.jsonl": row("pass") * 2})

    with pytest.raises(Unreadable, match=r"a\.jsonl: these ids"):
        read(tmp_path / "a.jsonl")


def test_of_many_double_ids_the_first_are_named(tmp_path: Path) -> None:
    put(tmp_path, {"a.jsonl": "".join(row(f"p{n}") * 2 for n in range(10))})

    with pytest.raises(Unreadable, match=r"p0, p1, p2, p3, p4, p5, p6, p7 and 2 more\."):
        read(tmp_path / "a.jsonl")


def test_one_bad_file_refuses_the_folder(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"b\.jsonl, line 1"):
        read(put(tmp_path, {"a.md": "A", "b.jsonl": "{", "c.md": "C"}), "de")


def test_a_page_without_text_is_told_of(tmp_path: Path) -> None:
    put(tmp_path, {"a.jsonl": row("pass", body="") + row("kita")})

    assert read(tmp_path / "a.jsonl").warnings == ["1 without text, found by their title only: pass."]


def test_empty_facts_are_no_text(tmp_path: Path) -> None:
    put(tmp_path, {"a.jsonl": row("pass", body="", facts={})})

    assert read(tmp_path / "a.jsonl").warnings == ["1 without text, found by their title only: pass."]


def test_a_page_that_is_valid_no_more_is_told_of(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    days = {"gestern": today - timedelta(days=2), "heute": today, "morgen": today + timedelta(days=1)}
    lines = (row(name, valid_until=day.isoformat()) for name, day in days.items())
    put(tmp_path, {"a.jsonl": "".join(lines) + row("immer")})

    assert read(tmp_path / "a.jsonl").warnings == ["1 expired already, found by nobody: gestern."]
