"""A collection of any size out of real pages, the same on every run.

The real pages come first. Every further page has a run of four to eight passages of a real page as its pattern: half of
the sentences of a passage are exchanged for others of the same language, and its vector is the pattern's with noise, so
that words and neighbourhoods stay lifelike. The vocabulary does not grow with the size, as it would in life: rare words
are met more often here, which is harder on an index of words. Passages lie in parts of ten thousand, each made by its
own seed, and a smaller collection is the beginning of a larger one. A document's id is the number of its first passage.
"""

import hashlib
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from corpora.chunking import WORDS, entry
from corpora.documents import Document, Entry, Passage
from corpora.readers.rows import document
from corpora.sentences import sentences
from retrieval.centring import unit
from retrieval.context import contextual
from retrieval.embedding import Embedder, Vectors

PART = 10_000
SEED = 2611
# Between a vector and the one that was its pattern.
COSINE = 0.9
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is kept; `rows` say whose vectors its passages have."""

    title: str
    language: str
    texts: tuple[str, ...]
    rows: tuple[int, ...]


class Patterns:
    """Real pages with the vectors that the publisher would give their passages."""

    def __init__(self, pages: Sequence[Page], vectors: Vectors) -> None:
        self.pages = pages
        self.vectors = vectors

    @cached_property
    def passages(self) -> list[tuple[str, ...]]:
        """The sentences of each passage."""
        return [tuple(sentences(text)) or (text,) for page in self.pages for text in page.texts]

    @cached_property
    def sentences(self) -> dict[str, list[str]]:
        """All sentences of a language."""
        found: dict[str, list[str]] = defaultdict(list)
        for page in self.pages:
            for row in page.rows:
                found[page.language] += self.passages[row]
        return found

    @cached_property
    def by_language(self) -> dict[str, list[Page]]:
        """All pages of a language."""
        found: dict[str, list[Page]] = defaultdict(list)
        for page in self.pages:
            found[page.language].append(page)
        return found

    @property
    def fingerprint(self) -> str:
        """Tells a collection of these pages from one of others."""
        total = hashlib.sha256(f"{SEED} {COSINE} {PART}".encode() + self.vectors.tobytes())
        for page in self.pages:
            total.update("\n".join((page.title, page.language, *page.texts)).encode())
        return total.hexdigest()[:16]


def patterns(files: Sequence[Path], folder: Path, embedder: Embedder) -> Patterns:
    """The pages of JSONL files; what was embedded once is read from the folder."""
    entries = [one for file in files for one in map(entry, _documents(file)) if one.passages]
    random.Random(SEED).shuffle(entries)
    titles = sorted({one.document.title for one in entries})
    place = {title: number for number, title in enumerate(titles)}
    owners = [place[passage.title] for one in entries for passage in one.passages]
    texts = [passage.embedded for one in entries for passage in one.passages]
    vectors = _embedded([*titles, *texts], folder / "vectors", embedder)
    pages, row = [], 0
    for one in entries:
        rows = tuple(range(row, row + len(one.passages)))
        said = tuple(passage.text for passage in one.passages)
        pages.append(Page(one.document.title, one.document.language, said, rows))
        row += len(rows)
    return Patterns(pages, contextual(vectors[len(titles) :], vectors[: len(titles)][owners]))


def _documents(file: Path) -> Iterator[Document]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row: dict[str, Any] = json.loads(line)
            body = row.get("body") or row.get("text")
            if body:
                plain = {
                    "id": row["id"],
                    "title": row.get("title") or row.get("name") or "",
                    "language": row.get("language") or row.get("lang") or "de",
                    "body": body,
                    "format": row.get("format", "text"),
                }
                yield document(plain, f"{file}, line {number}")


def _embedded(texts: Sequence[str], folder: Path, embedder: Embedder) -> Vectors:
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        key = hashlib.sha256("\0".join((embedder.name, *batch)).encode()).hexdigest()[:32]
        path = folder / f"{key}.npy"
        if not path.exists():
            np.save(folder / "new.npy", embedder.passages(batch))
            (folder / "new.npy").rename(path)
            sys.stderr.write(f"embedded {start + len(batch)} of {len(texts)}\n")
        rows.append(np.load(path))
    return np.concatenate(rows)


class Collection:
    """The parts in a folder, read one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def extend(self, passages: int, real: Patterns) -> None:
        """Makes the parts that are not there yet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in range(-(-passages // PART)):
            if not self._lines(number).exists():
                self._make(number, real)

    def parts(self, passages: int) -> Iterator[tuple[list[Entry], Vectors]]:
        """The first so many passages in parts: the pages and a vector for each of their passages."""
        for number in range(-(-passages // PART)):
            first = number * PART
            count = min(PART, passages - first)
            with self._lines(number).open(encoding="utf-8") as lines:
                entries = _entries([json.loads(line) for line in lines], first, first + count)
            yield entries, np.load(self._vectors(number))[:count]

    def _make(self, number: int, real: Patterns) -> None:
        # Of nothing but the number, so that a part is the same whenever it is made.
        dice = random.Random(SEED + number)
        pages = [*_real_pages(real, number * PART)]
        left = PART - sum(len(page.texts) for page in pages)
        while left:
            page = _page(real, dice, f"{number}-{len(pages)}", left)
            pages.append(page)
            left -= len(page.texts)
        vectors = real.vectors[[row for page in pages for row in page.rows]]
        deviation = np.sqrt((1 / COSINE**2 - 1) / vectors.shape[1])
        noise = np.random.default_rng(SEED + number).standard_normal(vectors.shape, dtype=np.float32) * deviation
        # Real pages keep their own vectors.
        noise[: sum(len(page.texts) for page in _real_pages(real, number * PART))] = 0
        np.save(self._vectors(number), unit(vectors + noise))
        aside = self.folder / "new.jsonl"
        with aside.open("w", encoding="utf-8") as lines:
            for page in pages:
                row = {"title": page.title, "language": page.language, "texts": page.texts}
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        aside.rename(self._lines(number))

    def _lines(self, number: int) -> Path:
        return self.folder / f"{number:05d}.jsonl"

    def _vectors(self, number: int) -> Path:
        return self.folder / f"{number:05d}.npy"


def _real_pages(real: Patterns, first: int) -> Iterator[Page]:
    for page in real.pages:
        fit = min(len(page.rows), first + PART - page.rows[0])
        if page.rows[0] >= first and fit > 0:
            yield Page(page.title, page.language, page.texts[:fit], page.rows[:fit])


def _page(real: Patterns, dice: random.Random, name: str, most: int) -> Page:
    pattern = dice.choice(real.pages)
    wanted = min(dice.randint(4, 8), most)
    start = dice.randrange(max(1, len(pattern.rows) - wanted + 1))
    rows = list(pattern.rows[start : start + wanted])
    while len(rows) < wanted:
        rows += dice.choice(real.by_language[pattern.language]).rows[: wanted - len(rows)]
    others = real.sentences[pattern.language]
    texts = tuple(_exchanged(real.passages[row], others, dice) for row in rows)
    return Page(f"{pattern.title} {name}", pattern.language, texts, tuple(rows))


def _exchanged(said: Sequence[str], others: Sequence[str], dice: random.Random) -> str:
    chosen = [dice.choice(others) if dice.random() < 0.5 else sentence for sentence in said]
    kept, words = chosen[:1], len(chosen[0].split())
    for sentence in chosen[1:]:
        words += len(sentence.split())
        if words <= WORDS:
            kept.append(sentence)
    return "\n".join(kept)


def _entries(rows: Sequence[dict[str, Any]], first: int, end: int) -> list[Entry]:
    entries = []
    for row in rows:
        texts = row["texts"][: end - first]
        if texts:
            name, title, language = f"{first:08d}", row["title"], row["language"]
            page = Document(name, title, language, "\n\n".join(texts), "text")
            entries.append(
                Entry(page, tuple(Passage(name, i, language, title, (), text) for i, text in enumerate(texts)))
            )
        first += len(texts)
    return entries


def number_of(passage: Passage) -> int:
    """Which row of the vectors is the passage's."""
    return int(passage.document_id) + passage.place
