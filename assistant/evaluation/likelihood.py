"""Makes the likelihood of an embedder: `python -m assistant.evaluation.likelihood --help`.

Takes pages, questions they answer and questions they cannot answer, in any languages, and fits one model for all of
them. Every second page is left out by the hash of its id: what only such a page answers is a near miss, to be declined
too.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import retrieval.likelihood as likelihood
from assistant.answering.retrieve import TOP
from assistant.evaluation.centres import QUESTIONS
from assistant.evaluation.logistic import fitted, standardised
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.readers.rows import document
from corpora.samples import layers as samples
from retrieval import centring
from retrieval.concepts import spelled_out
from retrieval.embedding import Vectors
from retrieval.language import assumed
from retrieval.likelihood import SAME, SIGNS, Likelihood, kind
from retrieval.retriever import Hit, Query
from retrieval.snapshot import Snapshot

FOREIGN = QUESTIONS.parent / "foreign"
# The direction is a mean of many examples and should not learn any one of them.
_DOMAIN_PENALTY = 0.0003
_SIGN_PENALTY = 0.001
# How much near misses weigh beside questions that no office answers; chosen among 0 to 0.9.
_NEAR_SHARE = 0.5
# Enough of the questions that offices are asked to know a mean by.
_EVERY = 8
# Of fewer answerable questions the lowest few say nothing of a language; some are of another, and taken for it.
_ENOUGH = 50


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what was found for it, and what it is: "answered", "near" or "foreign"."""

    query: Query
    hits: list[Hit]
    truth: str


def direction(wiring: Wiring) -> tuple[Vectors, float]:
    """What separates questions to a public office from others, over all languages, and where."""
    rows: list[Vectors] = []
    labels: list[NDArray[np.float64]] = []
    for folder, label in ((QUESTIONS, 1.0), (FOREIGN, 0.0)):
        for file in sorted(folder.glob("*.txt")):
            rows.append(wiring.centres.centred(wiring.example_vectors(_lines(file)), file.stem))
            labels.append(np.full(len(rows[-1]), label))
    truth = np.concatenate(labels)
    weights, offset = fitted(np.vstack(rows), truth, _balanced(truth), _DOMAIN_PENALTY)
    return weights.astype(np.float32), offset


def _balanced(labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares with which both classes weigh the same."""
    shares: NDArray[np.float64] = np.where(labels == 1, 0.5 / (labels == 1).sum(), 0.5 / (labels == 0).sum())
    return shares


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split("\n")[:-1]


def _rows(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def _kept(document_id: str) -> bool:
    return int(hashlib.sha1(document_id.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def _snapshots(wiring: Wiring, path: str, within: str | None) -> dict[str, Snapshot]:
    """The kept pages of a file as snapshots, by what they share."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in _rows(path):
        if _kept(str(page["id"])):
            groups[str(page[within]) if within else "all"].append(page)
    snapshots = {}
    for group, members in groups.items():
        documents = [document(page, f"page {page['id']}") for page in members]
        corpus = f"likelihood-{documents[0].language}-{group}"
        wiring.publisher.import_documents(corpus, documents, replace=True, publish=True)
        found = wiring.shelf.snapshot(corpus)
        assert found is not None  # noqa: S101 - it was published in the line above
        snapshots[group] = found
    return snapshots


def _places(wiring: Wiring, pages: Sequence[dict[str, Snapshot]]) -> list[list[Snapshot]]:
    """Where levels are measured: the pages that were given, and the sample town's, which are in several languages."""
    wiring.demonstration.ready()
    return [*([one] for snapshots in pages for one in snapshots.values()), wiring.shelf.layers(samples.LAYERS)]


def example(
    wiring: Wiring, question: str, layers: Sequence[Snapshot], truth: str, language: str | None = None
) -> Example:
    """The question with what is found for it."""
    spoken = language or assumed(question, layers[0].languages)
    [vector] = wiring.example_vectors([spelled_out(question, spoken)])
    query = Query(question, spoken, vector, datetime.now(UTC).date())
    return Example(query, wiring.retriever.search(query, layers, TOP), truth)


def examples(wiring: Wiring, given: argparse.Namespace, pages: Sequence[dict[str, Snapshot]]) -> list[Example]:
    """All questions of the files, asked of the first pages and of those in their own language."""
    found = []
    for path in [*given.questions, *given.foreign]:
        for row in _rows(path):
            for place, snapshots in enumerate(pages):
                asked = _asked(wiring, row, snapshots, given.within, path in given.foreign)
                found += [one for one in asked if place == 0 or kind(one.query, one.hits).startswith(SAME)]
    return found


def _asked(
    wiring: Wiring, row: dict[str, Any], snapshots: dict[str, Snapshot], within: str | None, foreign: bool
) -> list[Example]:
    if foreign:
        return [example(wiring, row["question"], [one], "foreign", row.get("language")) for one in snapshots.values()]
    if not row.get("answer_lines", True):
        return []
    truth = "answered" if _kept(str(row["document_id"])) else "near"
    group = str(row[within]) if within else "all"
    return [example(wiring, row["question"], [snapshots[group]], truth, row.get("language"))]


def levels(wiring: Wiring, blank: Likelihood, places: Sequence[Sequence[Snapshot]]) -> dict[str, Vectors]:
    """The mean signs of what no office answers and of what offices are asked, by scale, each of shape (2, 3)."""
    seen: dict[str, tuple[list[Vectors], list[Vectors]]] = defaultdict(lambda: ([], []))
    for file in sorted(FOREIGN.glob("*.txt")):
        for place, lines in enumerate((_lines(file), _lines(QUESTIONS / file.name)[::_EVERY])):
            for one in (
                example(wiring, line, layers, "", file.stem)
                for layers in places
                if {centring.REFERENCE, file.stem} & set(layers[0].languages)
                for line in lines
            ):
                seen[kind(one.query, one.hits)][place].append(blank.plain(one.query, one.hits, wiring.centres))
    return {
        scale: np.array([np.mean(signs, axis=0) for signs in pair], dtype=np.float32)
        for scale, pair in seen.items()
        if min(map(len, pair)) >= _ENOUGH
    }


def modelled(blank: Likelihood, seen: list[Example], rows: NDArray[Any], answered: float) -> Likelihood:
    """The model fitted to examples and their signs; so large a share of the answerable passes in each language."""
    truths = np.array([one.truth for one in seen])
    scales = np.array([kind(one.query, one.hits) for one in seen])
    weights, bias = standardised(rows, (truths == "answered").astype(np.float64), _shares(truths), _SIGN_PENALTY)
    weighed = rows @ weights + bias
    right = {scale: weighed[(truths == "answered") & (scales == scale)] for scale in sorted(set(scales))}
    floors = {scale: float(np.quantile(v, 1 - answered)) for scale, v in right.items() if len(v) >= _ENOUGH}
    every = float(np.quantile(weighed[truths == "answered"], 1 - answered))
    # Where pages in the question's own language can be had, the others are measured by them.
    own = [value for scale, value in floors.items() if scale.startswith(SAME)]
    floor = max(own or floors.values(), default=every)
    return replace(
        blank,
        weights=weights.astype(np.float32),
        bias=bias,
        threshold=float(1 / (1 + np.exp(-floor))),
        shifts={scale: floor - value for scale, value in floors.items()},
    )


def _shares(truths: NDArray[Any]) -> NDArray[np.float64]:
    weights = {"answered": 1.0, "near": _NEAR_SHARE, "foreign": 1 - _NEAR_SHARE}
    counts = {truth: max(1, int((truths == truth).sum())) for truth in weights}
    return np.array([weights[truth] / counts[truth] for truth in truths])


def main() -> None:
    """Fits the model and writes it beside the code."""
    given = _arguments()
    if given.data_dir:
        _made(given, given.data_dir)
        return
    with tempfile.TemporaryDirectory(prefix="amtslotse-") as folder:
        _made(given, Path(folder))


def _made(given: argparse.Namespace, data_dir: Path) -> None:
    wiring = Wiring(Settings(data_dir=data_dir))
    pages = [_snapshots(wiring, path, given.within) for path in given.documents]
    towards, offset = direction(wiring)
    blank = Likelihood(np.zeros(SIGNS, dtype=np.float32), 0.0, 0.0, towards, offset, {}, {})
    blank = replace(blank, levels=levels(wiring, blank, _places(wiring, pages)))
    seen = examples(wiring, given, pages)
    rows = np.array([blank.signs(one.query, one.hits, wiring.centres) for one in seen])
    model = modelled(blank, seen, rows, given.answered)
    sys.stdout.write(f"{likelihood.save(wiring.embedder.name, model)}\n")
    sys.stdout.write(f"threshold {model.threshold:.3f}, weights {model.weights.round(2)}\n")
    _report(model, seen, [model.of(one.query, one.hits, wiring.centres) for one in seen])


def _report(model: Likelihood, seen: list[Example], likely: list[float]) -> None:
    for language in sorted({one.query.language for one in seen}):
        mine = [(one.truth, p) for one, p in zip(seen, likely, strict=True) if one.query.language == language]
        for truth in ("answered", "near", "foreign"):
            share = [p >= model.threshold for said, p in mine if said == truth]
            if share:
                sys.stdout.write(f"{language} {truth}: {sum(share) / len(share):.3f} of {len(share)} pass\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--documents", action="append", required=True, help="JSONL of pages in one language")
    parser.add_argument("--within", help="a field: each question is asked only of the pages that share it")
    parser.add_argument(
        "--questions", action="append", required=True, help="JSONL: question, document_id, answer_lines"
    )
    parser.add_argument("--foreign", action="append", required=True, help="JSONL of questions that no page answers")
    parser.add_argument("--answered", type=float, default=0.957, help="the share of answerable questions to answer")
    parser.add_argument("--data-dir", type=Path, help="keeps the embedded pages and questions for a second run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
