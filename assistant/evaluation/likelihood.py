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
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import retrieval.likelihood as likelihood
from assistant.evaluation.centres import QUESTIONS
from assistant.evaluation.logistic import fitted, standardised
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.readers.rows import document
from retrieval.embedding import Vectors
from retrieval.language import assumed
from retrieval.likelihood import SAME, SIGNS, Likelihood, kind
from retrieval.retriever import Hit, Query
from retrieval.snapshot import Snapshot

FOREIGN = QUESTIONS.parent / "foreign"
TOP = 30
# The direction is a mean of many examples and should not learn any one of them.
_DOMAIN_PENALTY = 0.0003
_SIGN_PENALTY = 0.001
# How much near misses weigh beside questions that no office answers; chosen among 0 to 0.9.
_NEAR_SHARE = 0.5
# Enough of the questions that offices are asked to know a mean by.
_EVERY = 8


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


def _snapshots(wiring: Wiring, pages: list[dict[str, Any]], within: str | None) -> dict[str, Snapshot]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in pages:
        if _kept(str(page["id"])):
            groups[str(page[within]) if within else "all"].append(page)
    snapshots = {}
    for group, members in groups.items():
        documents = [document(page, f"page {page['id']}") for page in members]
        wiring.publisher.import_documents(f"likelihood-{group}", documents, replace=True, publish=True)
        found = wiring.shelf.snapshot(f"likelihood-{group}")
        assert found is not None  # noqa: S101 - it was published in the line above
        snapshots[group] = found
    return snapshots


def example(wiring: Wiring, question: str, snapshot: Snapshot, truth: str, language: str | None = None) -> Example:
    """The question with what is found for it."""
    spoken = language or assumed(question, snapshot.languages)
    query = Query(question, spoken, wiring.example_vectors([question])[0], datetime.now(UTC).date())
    return Example(query, wiring.retriever.search(query, [snapshot], TOP), truth)


def examples(wiring: Wiring, given: argparse.Namespace, snapshots: dict[str, Snapshot]) -> list[Example]:
    """All questions of the files with what is found for them."""
    found = []
    for path in given.questions:
        for row in _rows(path):
            if row.get("answer_lines", True):
                group = str(row[given.within]) if given.within else "all"
                truth = "answered" if _kept(str(row["document_id"])) else "near"
                found.append(example(wiring, row["question"], snapshots[group], truth))
    for path in given.foreign:
        for row in _rows(path):
            found += [example(wiring, row["question"], snapshot, "foreign") for snapshot in snapshots.values()]
    return found


def levels(wiring: Wiring, blank: Likelihood, snapshots: Iterable[Snapshot]) -> dict[str, Vectors]:
    """The mean signs of what no office answers and of what offices are asked, by scale, each of shape (2, 3)."""
    means: dict[str, list[Vectors]] = {}
    opened = list(snapshots)
    for file in sorted(FOREIGN.glob("*.txt")):
        pair = []
        for lines in (_lines(file), _lines(QUESTIONS / file.name)[::_EVERY]):
            seen = [example(wiring, line, one, "", file.stem) for line in lines for one in opened]
            pair.append(np.mean([blank.plain(one.query, one.hits, wiring.centres) for one in seen], axis=0))
        means[kind(seen[0].query, seen[0].hits)] = pair
    return {scale: np.array(pair, dtype=np.float32) for scale, pair in means.items()}


def modelled(blank: Likelihood, seen: list[Example], rows: NDArray[Any], answered: float) -> Likelihood:
    """The model fitted to examples and their signs; so large a share of the answerable passes in each language."""
    truths = np.array([one.truth for one in seen])
    scales = np.array([kind(one.query, one.hits) for one in seen])
    weights, bias = standardised(rows, (truths == "answered").astype(np.float64), _shares(truths), _SIGN_PENALTY)
    weighed = rows @ weights + bias
    right = {scale: weighed[(truths == "answered") & (scales == scale)] for scale in sorted(set(scales))}
    floors = {scale: float(np.quantile(values, 1 - answered)) for scale, values in right.items() if len(values)}
    floor = floors.get(SAME, max(floors.values()))
    return replace(
        blank,
        weights=weights.astype(np.float32),
        bias=bias,
        threshold=float(1 / (1 + np.exp(-floor))),
        shifts={scale: floor - own for scale, own in floors.items()},
    )


def _shares(truths: NDArray[Any]) -> NDArray[np.float64]:
    weights = {"answered": 1.0, "near": _NEAR_SHARE, "foreign": 1 - _NEAR_SHARE}
    counts = {truth: max(1, int((truths == truth).sum())) for truth in weights}
    return np.array([weights[truth] / counts[truth] for truth in truths])


def main() -> None:
    """Fits the model and writes it beside the code."""
    given = _arguments()
    wiring = Wiring(Settings(data_dir=given.data_dir or Path(tempfile.mkdtemp(prefix="amtslotse-"))))
    snapshots = _snapshots(wiring, _rows(given.documents), given.within)
    towards, offset = direction(wiring)
    blank = Likelihood(np.zeros(SIGNS, dtype=np.float32), 0.0, 0.0, towards, offset, {}, {})
    blank = replace(blank, levels=levels(wiring, blank, snapshots.values()))
    seen = examples(wiring, given, snapshots)
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
    parser.add_argument("--documents", required=True, help="JSONL of pages")
    parser.add_argument("--within", help="a field: each question is asked only of the pages that share it")
    parser.add_argument(
        "--questions", action="append", required=True, help="JSONL: question, document_id, answer_lines"
    )
    parser.add_argument("--foreign", action="append", required=True, help="JSONL of questions that no page answers")
    parser.add_argument("--answered", type=float, default=0.96, help="the share of answerable questions to answer")
    parser.add_argument("--data-dir", type=Path, help="keeps the embedded pages and questions for a second run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
