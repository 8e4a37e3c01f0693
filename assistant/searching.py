"""Searches published corpora by name, as `/v1/search` and `amtslotse search` do."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from assistant.domain import replies
from corpora.cleaning import one_line
from retrieval.errors import Unpublished
from retrieval.language import assumed
from retrieval.reranked import Finder
from retrieval.retriever import Hit
from retrieval.snapshot import Snapshot

Layers = Callable[[tuple[str, ...]], list[Snapshot]]


class Search:
    """The best passages for a query; raises UnknownCorpus and RetrievalError."""

    def __init__(self, finder: Finder, layers: Layers) -> None:
        self._finder = finder
        self._layers = layers

    def __call__(self, query: str, corpora: tuple[str, ...], language: str | None, top: int) -> list[Hit]:
        """At most `top` passages, best first."""
        query = one_line(query)
        layers = self._published(corpora)
        asked = self._finder.query(query, language or _spoken(query, layers), datetime.now(UTC).date())
        return self._finder.search(asked, layers, top)

    def spoken(self, query: str, corpora: tuple[str, ...]) -> str:
        """The language as which a query is taken that comes without one."""
        return _spoken(query, self._published(corpora))

    def _published(self, corpora: tuple[str, ...]) -> list[Snapshot]:
        layers = self._layers(corpora)
        if not layers:
            raise Unpublished(f"Nothing is published in {', '.join(corpora)}: amtslotse corpus publish {corpora[0]}")
        return layers


def _spoken(query: str, layers: Sequence[Snapshot]) -> str:
    return assumed(query, [*layers[0].languages, *replies.LIKELY])
