"""Makes the centres of an embedder: `python -m assistant.evaluation.centres`.

The mean of typical questions comes from `retrieval/data/questions`, one file a language, and the mean of
typical passages from the sample pages. None of it is anybody's corpus: a publisher's pages are centred by
the same means, so that the scores of all corpora can be compared. The files of questions are parallel, line by
line as far as they go. From them, and from an invented passage that answers each question
(`retrieval/data/answers`), the map of each language is learned.
"""

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

import retrieval.centring as centring
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.chunking import entry
from corpora.documents import Passage
from corpora.samples import layers
from retrieval.centring import REFERENCE, Centres, unit
from retrieval.context import contextual
from retrieval.embedding import Embedder, Vectors

QUESTIONS = Path(centring.__file__).parent / "data" / "questions"
ANSWERS = QUESTIONS.parent / "answers"
# How much of the answer's vector is mixed into that of the question in the language of reference.
_ANSWER_SHARE = 0.5
# Chosen among 0.3 to 30 and 32 to 384; the table is in docs/decisions.
_PENALTY = 1.0
_MOST_RANK = 128
_QUESTIONS_A_RANK = 3


def measured(wiring: Wiring) -> Centres:
    """The means of questions and passages by language, as the embedder sees them."""
    embedder = wiring.embedder
    asked = {
        file.stem: embedder.queries(file.read_text(encoding="utf-8").split("\n")[:-1])
        for file in sorted(QUESTIONS.glob("*.txt"))
    }
    # Only what all languages have: then the means differ by language, and not by what is asked.
    shared = min(map(len, asked.values()))
    questions = {language: _mean(vectors[:shared]) for language, vectors in asked.items()}
    centred = {language: unit(vectors - questions[language]) for language, vectors in asked.items()}

    def kept(passages: list[str]) -> Vectors:
        return wiring.vectors.get(embedder.name, passages, embedder.passages)

    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for layer in layers.LAYERS:
        for one in map(entry, layers.documents(layer)):
            texts[one.document.language] += [(p.embedded, p.title) for p in one.passages]
    passages = {
        language: _mean(contextual(kept([p for p, _ in pairs]), kept([t for _, t in pairs])))
        for language, pairs in texts.items()
    }
    centres = Centres(questions, passages)
    wanted = unit(centred[REFERENCE] + _ANSWER_SHARE * answers(embedder, centres))
    return replace(centres, maps={language: learned(vectors, wanted) for language, vectors in centred.items()})


def answers(embedder: Embedder, centres: Centres) -> Vectors:
    """The centred vectors of the passages that answer the questions of the language of reference, in their order."""
    text = (ANSWERS / f"{REFERENCE}.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    passages = [Passage("", 0, REFERENCE, row["title"], (), row["text"]) for row in rows]
    titles = embedder.passages([passage.title for passage in passages])
    vectors = contextual(embedder.passages([passage.embedded for passage in passages]), titles)
    return unit(vectors - centres.passage_mean(REFERENCE))


def learned(questions: Vectors, reference: Vectors) -> tuple[Vectors, Vectors]:
    """The factors of a map that brings questions near what is wanted of them, row by row.

    Ridge regression towards the identity, cut to a low rank by its singular values. Rows beyond the shorter of the
    two are left out; the factors have the shape (rank, dimensions).
    """
    count = min(len(questions), len(reference))
    asked, wanted = questions[:count].astype(np.float64), reference[:count].astype(np.float64)
    square = asked.T @ asked + _PENALTY * np.eye(asked.shape[1])
    left, values, right = np.linalg.svd(np.linalg.solve(square, asked.T @ (wanted - asked)))
    rank = max(1, min(_MOST_RANK, count // _QUESTIONS_A_RANK, len(values)))
    return (left[:, :rank] * values[:rank]).T.astype(np.float32), right[:rank].astype(np.float32)


def _mean(vectors: Vectors) -> Vectors:
    mean: Vectors = vectors.mean(axis=0)
    return mean


def main() -> None:
    """Measures the embedder of the settings and writes the file beside the code."""
    with tempfile.TemporaryDirectory() as folder:
        wiring = Wiring(Settings(data_dir=Path(folder)))
        sys.stdout.write(f"{centring.save(wiring.embedder.name, measured(wiring))}\n")


if __name__ == "__main__":
    main()
