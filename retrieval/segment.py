"""An immutable piece of an index: passages with their documents, vectors and terms, in one folder."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.documents import Document, Entry, Passage, as_mapping, document_from, passage_from
from retrieval import dense, lexical, strings
from retrieval.centring import Centres, unit
from retrieval.embedding import Vectors
from retrieval.lexical import Field

_ALWAYS = (date.min.toordinal(), date.max.toordinal())


@dataclass(frozen=True, slots=True)
class SegmentCounts:
    """How much a segment holds."""

    documents: int
    passages: int
    fields: Mapping[str, Field]


def write(folder: Path, entries: Sequence[Entry], vectors: Vectors, centres: Centres) -> SegmentCounts:
    """Writes entries and the vectors of their passages, one row a passage in order, into an empty folder."""
    passages = [passage for entry in entries for passage in entry.passages]
    owners = [number for number, entry in enumerate(entries) for _ in entry.passages]
    means = np.stack([centres.passage_mean(passage.language) for passage in passages])
    dense.write(folder, unit(vectors - means))
    # With the lengths, the plain cosine can be had back from the centred vector.
    np.save(folder / "norms.npy", np.linalg.norm(vectors - means, axis=1).astype(np.float32))
    fields = lexical.write(
        folder,
        [(p.language, _indexed(entries[o].document, p)) for p, o in zip(passages, owners, strict=True)],
    )
    documents = [entry.document for entry in entries]
    _write_lines(folder, "passages", [as_mapping(p) | {"title": None} for p in passages])
    _write_lines(folder, "documents", [as_mapping(d) for d in documents])
    np.save(folder / "owners.npy", np.array(owners, dtype=np.int32))
    np.save(folder / "first.npy", np.cumsum([0, *(len(e.passages) for e in entries)], dtype=np.int64))
    np.save(folder / "validity.npy", np.array([_days(d) for d in documents], dtype=np.int32).reshape(-1, 2))
    _write_groups(folder, documents)
    languages = sorted({p.language for p in passages})
    np.save(folder / "languages.npy", np.array([languages.index(p.language) for p in passages], dtype=np.int16))
    (folder / "segment.json").write_text(json.dumps({"languages": languages}), encoding="utf-8")
    return SegmentCounts(len(entries), len(passages), fields)


def _indexed(document: Document, passage: Passage) -> str:
    return "\n".join([passage.in_context, *document.keywords])


def _days(document: Document) -> tuple[int, int]:
    first, last = _ALWAYS
    return (
        document.valid_from.toordinal() if document.valid_from else first,
        document.valid_until.toordinal() if document.valid_until else last,
    )


def _write_groups(folder: Path, documents: Sequence[Document]) -> None:
    """Parallel versions of a page under the id of their original."""
    for name, keys in (("ids", [d.id for d in documents]), ("originals", [d.original for d in documents])):
        ordered = strings.write(folder, name, keys)
        ranks = {key: rank for rank, key in enumerate(ordered)}
        pairs = sorted((ranks[key], number) for number, key in enumerate(keys))
        np.save(folder / f"{name}_documents.npy", np.array(pairs, dtype=np.int32).reshape(-1, 2))


def _write_lines(folder: Path, name: str, rows: Sequence[dict[str, Any]]) -> None:
    lines = [
        json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False).encode() + b"\n" for row in rows
    ]
    (folder / f"{name}.jsonl").write_bytes(b"".join(lines))
    np.save(folder / f"{name}_starts.npy", np.cumsum([0, *map(len, lines)], dtype=np.int64))


class Segment:
    """A segment opened for reading; `alive` says per passage whether it may be found."""

    def __init__(self, folder: Path, removed: Sequence[str] = ()) -> None:
        self.dense = dense.DensePart(folder)
        self.lexical = lexical.LexicalPart(folder)
        self.norms = np.load(folder / "norms.npy", mmap_mode="r")
        self.owners = np.load(folder / "owners.npy", mmap_mode="r")
        self.languages = np.load(folder / "languages.npy", mmap_mode="r")
        self.language_names: list[str] = json.loads((folder / "segment.json").read_bytes())["languages"]
        self._first = np.load(folder / "first.npy", mmap_mode="r")
        self._validity = np.load(folder / "validity.npy", mmap_mode="r")
        self._passages = _Lines(folder, "passages")
        self._documents = _Lines(folder, "documents")
        self._tables = {name: strings.StringTable(folder, name) for name in ("ids", "originals")}
        self._numbers = {name: np.load(folder / f"{name}_documents.npy", mmap_mode="r") for name in self._tables}
        self._present = np.ones(len(self._validity), dtype=bool)
        for document_id in removed:
            self._present[self._named("ids", document_id)] = False

    def alive(self, day: date) -> NDArray[np.bool_]:
        """Which passages belong to documents that are not removed and valid on that day."""
        today = day.toordinal()
        valid = self._present & (self._validity[:, 0] <= today) & (today <= self._validity[:, 1])
        living: NDArray[np.bool_] = valid[self.owners]
        return living

    def passage(self, number: int) -> Passage:
        """The passage of that number, with its document's title."""
        row = self._passages.row(number)
        return passage_from(row | {"title": self.document(int(self.owners[number])).title})

    def document(self, number: int) -> Document:
        """The document of that number."""
        return document_from(self._documents.row(number))

    def passages_of(self, document: int) -> NDArray[np.int64]:
        """The numbers of a document's passages in the page's order."""
        return np.arange(self._first[document], self._first[document + 1], dtype=np.int64)

    def versions(self, original: str) -> list[int]:
        """The numbers of all present documents that are versions of that original."""
        return [number for number in self._named("originals", original) if self._present[number]]

    def named(self, document_id: str) -> int | None:
        """The number of the present document with that id."""
        return next((n for n in self._named("ids", document_id) if self._present[n]), None)

    def documents(self) -> Iterator[Document]:
        """All documents that are not removed."""
        return (self.document(int(number)) for number in np.flatnonzero(self._present))

    def _named(self, table: str, key: str) -> list[int]:
        rank = self._tables[table].rank(key)
        if rank is None:
            return []
        pairs = self._numbers[table]
        low, high = np.searchsorted(pairs[:, 0], [rank, rank + 1])
        return [int(number) for number in pairs[low:high, 1]]


class _Lines:
    def __init__(self, folder: Path, name: str) -> None:
        self._bytes = np.memmap(folder / f"{name}.jsonl", dtype=np.uint8, mode="r")
        self._starts = np.load(folder / f"{name}_starts.npy", mmap_mode="r")

    def row(self, number: int) -> dict[str, Any]:
        row: dict[str, Any] = json.loads(self._bytes[self._starts[number] : self._starts[number + 1]].tobytes())
        return row


def fields_of(counts: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of a segment as a manifest keeps them."""
    return {language: Field(**field) for language, field in counts.items()}


def as_counts(fields: Mapping[str, Field]) -> dict[str, Any]:
    """The fields as plain JSON values."""
    return {language: asdict(field) for language, field in fields.items()}
