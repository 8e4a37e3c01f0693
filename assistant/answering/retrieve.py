"""Step 4: passages from the municipality's layers."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from assistant.domain.answer import Answer, RevisionUsed
from assistant.domain.draft import Draft, Evidence
from retrieval.errors import Unpublished
from retrieval.reranked import Finder
from retrieval.retriever import Query
from retrieval.snapshot import Snapshot

TOP = 30

Layers = Callable[[tuple[str, ...]], list[Snapshot]]


class Retrieve:
    """Searches the published snapshots, the town's before the state's and the federation's."""

    def __init__(self, retriever: Finder, layers: Layers) -> None:
        self._retriever = retriever
        self._layers = layers

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with its hits; raises RetrievalError and UnknownCorpus."""
        return await asyncio.to_thread(self._search, draft)

    def _search(self, draft: Draft) -> Draft:
        corpora = draft.question.municipality.corpora
        layers = self._layers(corpora)
        if not layers or draft.vector is None:
            raise Unpublished(f"Nothing is published in {', '.join(corpora)}.")
        query = Query(draft.standalone, draft.language, draft.vector, draft.question.asked_at.date())
        hits = tuple(self._retriever.search(query, layers, TOP))
        used = tuple(RevisionUsed(s.manifest.corpus, s.manifest.revision) for s in layers)
        page: tuple[Evidence, ...] = ()
        if hits:
            best = hits[0]
            home = next(layer for layer in layers if layer.manifest.corpus == best.corpus)
            page = tuple(
                Evidence(passage, best.document, best.corpus, best.revision)
                for passage in home.passages(best.document.id)
            )
        return replace(draft, hits=hits, page=page, revisions=used)
