"""Makes the likelihood of an embedder: `python -m assistant.evaluation.likelihood --help`.

Takes pages, questions they answer and questions they cannot answer, in any languages, and fits one model for
all of them. Every second page is left out by the hash of its id, so that questions stay without their page too.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import retrieval.likelihood as likelihood
from assistant.evaluation.centres import QUESTIONS
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.readers.rows import document
from retrieval.embedding import Vectors
from retrieval.language import identify
from retrieval.likelihood import Likelihood
from retrieval.retriever import Query
from retrieval.snapshot import Snapshot

FOREIGN = QUESTIONS.parent / "foreign"
# The direction is a mean of many examples and should not learn any one of them.
_DOMAIN_PENALTY = 0.001
_SIGN_PENALTY = 0.001


def direction(wiring: Wiring) -> tuple[Vectors, float]:
    """What separates questions to a public office from others, over all languages, and where."""
    rows: list[Vectors] = []
    labels: list[NDArray[np.float64]] = []
    for folder, label in ((QUESTIONS, 1.0), (FOREIGN, 0.0)):
        for file in sorted(folder.glob("*.txt")):
            vectors = wiring.embedder.queries(file.read_text(encoding="utf-8").split("\n")[:-1])
            rows.append(wiring.centres.centred(vectors, file.stem))
            labels.append(np.full(len(vectors), label))
    fitted = _logistic(np.vstack(rows), np.concatenate(labels), _DOMAIN_PENALTY)
    return fitted[:-1].astype(np.float32), float(fitted[-1])


def _logistic(rows: NDArray[Any], labels: NDArray[np.float64], penalty: float) -> NDArray[np.float64]:
    """Weights and bias of a logistic regression in which both classes weigh the same, by Newton's method."""
    rows = np.column_stack([rows, np.ones(len(rows))]).astype(np.float64)
    share = np.where(labels == 1, 0.5 / (labels == 1).sum(), 0.5 / (labels == 0).sum())
    ridge = np.append(np.full(rows.shape[1] - 1, penalty), 1e-9)
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (share * (guess - labels)) + ridge * weights
        curve = (rows * (share * guess * (1 - guess))[:, None]).T @ rows + np.diag(ridge)
        weights -= np.linalg.solve(curve, slope)
    return weights


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


def signs(wiring: Wiring, model: Likelihood, question: str, snapshot: Snapshot, language: str | None = None) -> Vectors:
    """What the model looks at for one question."""
    spoken = language or identify(question, snapshot.languages) or snapshot.languages[0]
    query: Query = wiring.retriever.query(question, spoken, datetime.now(UTC).date())
    hits = wiring.retriever.search(query, [snapshot], 30)
    return model.signs(query.vector, spoken, hits, wiring.centres)


def unanswerable(wiring: Wiring, blank: Likelihood, snapshots: Iterable[Snapshot]) -> dict[str, Vectors]:
    """The mean signs of examples that no office answers, by language: what a question is like that finds nothing."""
    return {
        file.stem: np.mean(
            [
                signs(wiring, blank, question, snapshot, file.stem)[:3]
                for snapshot in snapshots
                for question in file.read_text(encoding="utf-8").split("\n")[:-1]
            ],
            axis=0,
        )
        for file in sorted(FOREIGN.glob("*.txt"))
    }


def main() -> None:
    """Fits the model and writes it beside the code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--documents", required=True, help="JSONL of pages")
    parser.add_argument("--within", help="a field: each question is asked only of the pages that share it")
    parser.add_argument(
        "--questions", action="append", required=True, help="JSONL: question, document_id, answer_lines"
    )
    parser.add_argument("--foreign", action="append", required=True, help="JSONL of questions that no page answers")
    parser.add_argument("--answered", type=float, default=0.955, help="the share of answerable questions to answer")
    parser.add_argument("--signs", type=Path, help="keeps what the model looks at, for comparing models")
    parser.add_argument("--data-dir", type=Path, help="keeps the embedded pages for a second run")
    given = parser.parse_args()
    wiring = Wiring(Settings(data_dir=given.data_dir or Path(tempfile.mkdtemp(prefix="amtslotse-"))))
    snapshots = _snapshots(wiring, _rows(given.documents), given.within)
    towards, offset = direction(wiring)
    blank = Likelihood(np.zeros(4, dtype=np.float32), 0.0, 0.0, towards, offset, {}, 0.0)
    blank = replace(blank, unanswerable=unanswerable(wiring, blank, snapshots.values()))
    seen: list[Vectors] = []
    labels: list[float] = []
    for path in given.questions:
        for row in _rows(path):
            if row.get("answer_lines", True) and _kept(str(row["document_id"])):
                seen.append(
                    signs(
                        wiring,
                        blank,
                        row["question"],
                        snapshots[str(row[given.within]) if given.within else "all"],
                    )
                )
                labels.append(1.0)
    for path in given.foreign:
        for row in _rows(path):
            for snapshot in snapshots.values():
                seen.append(signs(wiring, blank, row["question"], snapshot))
                labels.append(0.0)
    rows, truth = np.array(seen), np.array(labels)
    # Between what questions with and without an answer share with their pages, words speak for neither.
    shares = [rows[(truth == label) & (rows[:, 3] != 0), 3] for label in (0, 1)]
    neutral = float(np.mean([share.mean() for share in shares])) if all(map(len, shares)) else 0.0
    rows[:, 3] = np.where(rows[:, 3] != 0, rows[:, 3] - neutral, 0)
    if given.signs:
        np.savez(given.signs, rows=rows, truth=truth)
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    fitted = _logistic((rows - mean) / spread, truth, _SIGN_PENALTY)
    weights = fitted[:-1] / spread
    bias = float(fitted[-1] - weights @ mean)
    likely = 1 / (1 + np.exp(-(rows @ weights + bias)))
    threshold = float(np.quantile(likely[truth == 1], 1 - given.answered))
    model = replace(blank, neutral_words=neutral, weights=weights.astype(np.float32), bias=bias, threshold=threshold)
    sys.stdout.write(f"{likelihood.save(wiring.embedder.name, model)}\n")
    declined = float((likely[truth == 0] < threshold).mean())
    sys.stdout.write(f"threshold {threshold:.3f}, weights {weights.round(2)}, declined {declined:.3f}\n")


if __name__ == "__main__":
    main()
