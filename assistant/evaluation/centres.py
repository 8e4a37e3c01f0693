"""Makes the centres of an embedder: `python -m assistant.evaluation.centres`.

The mean of typical questions comes from `retrieval/data/questions`, one file a language, and the mean of
typical passages from the sample pages. None of it is anybody's corpus: a publisher's pages are centred by
the same means, so that the scores of all corpora can be compared.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import retrieval.centring as centring
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.chunking import entry
from corpora.samples import layers
from retrieval.centring import Centres
from retrieval.context import contextual
from retrieval.embedding import Vectors

QUESTIONS = Path(centring.__file__).parent / "data" / "questions"


def measured(wiring: Wiring) -> Centres:
    """The means of questions and passages by language, as the embedder sees them."""
    embedder = wiring.embedder
    questions = {
        file.stem: _mean(embedder.queries(file.read_text(encoding="utf-8").split("\n")[:-1]))
        for file in sorted(QUESTIONS.glob("*.txt"))
    }

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
    return Centres(questions, passages)


def _mean(vectors: Vectors) -> Vectors:
    mean: Vectors = vectors.mean(axis=0)
    return mean


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wiring = Wiring(Settings(data_dir=Path(folder)))
        sys.stdout.write(f"{centring.save(wiring.embedder.name, measured(wiring))}\n")
