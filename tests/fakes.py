"""Stand-ins that behave like the real parts, and small builders of what the tests need."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine

from assistant.publishing.folders import Folders
from assistant.publishing.lock import CorpusLock
from assistant.publishing.publisher import Publisher
from assistant.publishing.shelf import Shelf
from corpora.chunking import entry
from corpora.documents import Document, Entry
from corpora.revisions import Revision
from corpora.store import CorpusStore
from corpora.vectors import VectorCache
from retrieval import snapshot
from retrieval.centring import Centres, load
from retrieval.embedding import Vectors
from retrieval.fusion import Weights
from retrieval.retriever import Hit, Retriever
from retrieval.snapshot import Manifest, SegmentEntry, Snapshot, open_snapshot

TODAY = date(2026, 5, 4)
WEIGHTS = Weights(same_language=0.6, other_language=0.3, layer=0.03)


class FakeEmbedder:
    """Hashes character trigrams into a unit vector, so that texts that look alike lie near each other."""

    def __init__(self, name: str = "fake", dimensions: int = 32) -> None:
        self.name = name
        self.dimensions = dimensions
        self.embedded: list[str] = []

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions; they lie in the space of the passages."""
        return self._rows(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages; remembers what it was asked for."""
        self.embedded += texts
        return self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f"  {text.casefold()} "
            for start in range(len(padded) - 2):
                row[zlib.crc32(padded[start : start + 3].encode()) % self.dimensions] += 1
            row /= np.linalg.norm(row)
        return rows


def page(id_: str, body: str = "", title: str | None = None, language: str = "de", **fields: Any) -> Document:
    """A document; its title is its id where none is given."""
    return Document(id_, title or id_, language, body, **fields)


def entries(*documents: Document) -> list[Entry]:
    """The documents cut into passages."""
    return [entry(document) for document in documents]


def segment(folder: Path, documents: Sequence[Document], centres: Centres | None = None) -> SegmentEntry:
    """A segment of those documents, built in the folder."""
    embedder = FakeEmbedder()
    cut = entries(*documents)
    vectors = embedder.passages([passage.embedded for one in cut for passage in one.passages])
    return snapshot.build(folder, cut, vectors, centres or load(embedder))


def opened(
    folder: Path, *groups: Iterable[Document], corpus: str = "stadt", centres: Centres | None = None
) -> Snapshot:
    """A snapshot with one segment for each group of documents."""
    embedder = FakeEmbedder()
    centres = centres or load(embedder)
    parts = tuple(segment(folder, list(group), centres) for group in groups)
    manifest = Manifest(corpus, 1, embedder.name, embedder.dimensions, centres.fingerprint, parts)
    return open_snapshot(manifest, folder, embedder, centres)


def retriever(embedder: FakeEmbedder | None = None, weights: Weights = WEIGHTS) -> Retriever:
    """A retriever over the fake embedder."""
    embedder = embedder or FakeEmbedder()
    return Retriever(embedder, load(embedder), weights)


def found(
    layers: Sequence[Snapshot], question: str, language: str = "de", day: date = TODAY, top: int = 10
) -> list[Hit]:
    """What a question finds in some layers."""
    searcher = retriever()
    return searcher.search(searcher.query(question, language, day), layers, top)


def document_of(snapshot: Snapshot, document_id: str) -> Document | None:
    """The document of that id, if a snapshot has it."""
    for part in snapshot.segments:
        number = part.named(document_id)
        if number is not None:
            return part.document(number)
    return None


class CrashingStore(CorpusStore):
    """A store whose process dies before it commits."""

    def commit(self, *args: object, **kwargs: object) -> Revision:
        """Never comes to it."""
        raise KeyboardInterrupt


@dataclass(slots=True)
class Office:
    """All that publishes and serves in one data directory, over a fake embedder."""

    data_dir: Path
    engine: Engine
    embedder: FakeEmbedder = field(default_factory=FakeEmbedder)
    store: CorpusStore = field(init=False)
    lock: CorpusLock = field(init=False)
    folders: Folders = field(init=False)
    centres: Centres = field(init=False)
    publisher: Publisher = field(init=False)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self.store = CorpusStore(self.engine)
        self.lock = CorpusLock(self.engine)
        self.folders = Folders(self.data_dir)
        self.centres = load(self.embedder)
        self.publisher = self.publishing(self.store)
        self.shelf = Shelf(self.store, self.folders, self.embedder, self.centres)

    def publishing(self, store: CorpusStore) -> Publisher:
        """A publisher over another store, as one that fails."""
        cache = VectorCache(self.engine)
        return Publisher(store, cache, self.lock, self.folders, lambda: (self.embedder, self.centres))

    def publish(self, *documents: Document, corpus: str = "stadt", replace: bool = False) -> int:
        """Imports and publishes documents; the number of the revision."""
        _, revision = self.publisher.import_documents(corpus, documents, replace=replace, publish=True)
        assert revision is not None
        return revision.number

    def opened(self, corpus: str = "stadt") -> Snapshot:
        """What is published now, opened afresh."""
        revision = self.store.current(corpus)
        assert revision is not None
        path = self.folders.manifest(corpus, revision)
        manifest = snapshot.read_manifest(path, revision.manifest_checksum)
        return open_snapshot(manifest, self.folders.segments, self.embedder, self.centres)

    def served(self, corpus: str = "stadt") -> dict[str, str]:
        """The bodies that a reader of the current index gets, by document id."""
        return {d.id: d.body for part in self.opened(corpus).segments for d in part.documents()}

    def files_with(self, text: str) -> list[Path]:
        """The files of the data directory in whose bytes the text stands."""
        wanted = (text.encode(), json.dumps(text)[1:-1].encode())
        files = (path for path in self.data_dir.rglob("*") if path.is_file())
        return [path for path in files if any(one in path.read_bytes() for one in wanted)]
