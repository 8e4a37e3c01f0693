"""An immutable piece of an index: passages with their documents, vectors and words, in one folder."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from corpora.documents import Document, Entry, Passage, as_mapping, document_from, passage_from
from retrieval import arrays, dense, lexical
from retrieval.centring import Centres, unit
from retrieval.embedding import Vectors
from retrieval.lexical import Field

ARRAYS = "arrays.bin"
LANGUAGES = "languages.json"

# What opening a segment raises: faiss and the tries have RuntimeError for a file that is not there as for one that
# cannot be opened, the rest comes of content that is none of ours.
UNOPENED = (OSError, RuntimeError, ValueError, KeyError)

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
    owners = np.repeat(np.arange(len(entries), dtype=np.int32), [len(entry.passages) for entry in entries])
    languages = sorted({passage.language for passage in passages})
    spoken = np.array([languages.index(passage.language) for passage in passages], dtype=np.int16)
    differences = vectors - np.stack([centres.passage_mean(language) for language in languages])[spoken]
    fields, words = lexical.write(folder, [(p.language, _indexed(e.document, p)) for e in entries for p in e.passages])
    documents = [entry.document for entry in entries]
    kept: dict[str, NDArray[Any]] = {
        "owners": owners,
        "languages": spoken,
        # With the lengths, the plain cosine can be had back from the centred vector.
        "norms": np.linalg.norm(differences, axis=1).astype(np.float32),
        "first": np.cumsum([0, *(len(entry.passages) for entry in entries)], dtype=np.int64),
        "validity": np.array([_days(document) for document in documents], dtype=np.int32).reshape(-1, 2),
        **_grouped(folder, "ids", [document.id for document in documents]),
        **_grouped(folder, "originals", [document.original for document in documents]),
        **_lines("passages", (as_mapping(passage) | {"title": None} for passage in passages)),
        **_lines("documents", map(as_mapping, documents)),
        **dense.write(folder, unit(differences)),
        **words,
    }
    arrays.write(folder / ARRAYS, kept)
    (folder / LANGUAGES).write_text(json.dumps(languages), encoding="utf-8")
    return SegmentCounts(len(entries), len(passages), fields)


def _indexed(document: Document, passage: Passage) -> str:
    return "\n".join([passage.in_context, *document.keywords])


def _days(document: Document) -> tuple[int, int]:
    first, last = _ALWAYS
    return (
        document.valid_from.toordinal() if document.valid_from else first,
        document.valid_until.toordinal() if document.valid_until else last,
    )


def _grouped(folder: Path, name: str, keys: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The documents of each key, and where those of a key begin."""
    numbers = lexical.write_vocabulary(folder / f"{name}.marisa", keys)
    ranks = np.array([numbers[key] for key in keys], dtype=np.int64)
    return {
        name: np.argsort(ranks, kind="stable").astype(np.int32),
        f"{name}_starts": np.concatenate([[0], np.cumsum(np.bincount(ranks))]).astype(np.int32),
    }


def _lines(name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    lines = [json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False).encode() for row in rows]
    return {
        name: np.frombuffer(b"".join(lines), dtype=np.uint8),
        f"{name}_starts": np.cumsum([0, *map(len, lines)], dtype=np.int64),
    }


class Segment:
    """A segment opened for reading."""

    def __init__(self, folder: Path, removed: Sequence[str] = ()) -> None:
        self._arrays = arrays.opened(folder / ARRAYS)
        self.dense = dense.DensePart(folder, self._arrays)
        self.lexical = lexical.LexicalPart(folder, self._arrays)
        self.norms: NDArray[np.float32] = self._arrays["norms"]
        self.owners: NDArray[np.int32] = self._arrays["owners"]
        self.languages: NDArray[np.int16] = self._arrays["languages"]
        self.language_names: list[str] = json.loads((folder / LANGUAGES).read_bytes())
        self._keys = {name: marisa_trie.Trie().mmap(str(folder / f"{name}.marisa")) for name in ("ids", "originals")}
        self._gone = {number for document_id in removed for number in self._named("ids", document_id)}
        self._valid_on: tuple[date, NDArray[np.bool_] | None] | None = None

    def alive(self, day: date) -> NDArray[np.bool_] | None:
        """Which passages belong to documents that are not removed and valid on that day; None where all do."""
        if self._valid_on is None or self._valid_on[0] != day:
            self._valid_on = day, self._living(day.toordinal())
        return self._valid_on[1]

    def _living(self, today: int) -> NDArray[np.bool_] | None:
        validity = self._arrays["validity"]
        valid = (validity[:, 0] <= today) & (today <= validity[:, 1])
        valid[list(self._gone)] = False
        if valid.all():
            return None
        living: NDArray[np.bool_] = valid[self.owners]
        return living

    def passage(self, number: int, title: str | None = None) -> Passage:
        """The passage of that number, with its document's title; who knows the title saves reading the document."""
        row = self._row("passages", number)
        return passage_from(row | {"title": title or self.document(int(self.owners[number])).title})

    def document(self, number: int) -> Document:
        """The document of that number."""
        return document_from(self._row("documents", number))

    def passages_of(self, document: int) -> NDArray[np.int64]:
        """The numbers of a document's passages in the page's order."""
        first = self._arrays["first"]
        return np.arange(first[document], first[document + 1], dtype=np.int64)

    def versions(self, original: str) -> list[int]:
        """The numbers of all present documents that are versions of that original."""
        return [number for number in self._named("originals", original) if number not in self._gone]

    def named(self, document_id: str) -> int | None:
        """The number of the present document with that id."""
        return next((n for n in self._named("ids", document_id) if n not in self._gone), None)

    def documents(self) -> Iterator[Document]:
        """All documents that are not removed."""
        count = len(self._arrays["documents_starts"]) - 1
        return (self.document(number) for number in range(count) if number not in self._gone)

    def _named(self, table: str, key: str) -> list[int]:
        rank = self._keys[table].get(key)
        if rank is None:
            return []
        start, end = self._arrays[f"{table}_starts"][rank : rank + 2]
        return [int(number) for number in self._arrays[table][start:end]]

    def _row(self, table: str, number: int) -> dict[str, Any]:
        start, end = self._arrays[f"{table}_starts"][number : number + 2]
        row: dict[str, Any] = json.loads(self._arrays[table][start:end].tobytes())
        return row
