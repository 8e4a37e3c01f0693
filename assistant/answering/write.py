"""Step 6 with a model: worded sentences, each with the sources it names; quoting where the model cannot."""

import hashlib
import hmac
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from typing import Protocol

from assistant.answering.compose import Composer
from assistant.answering.numbered import Cutter, Numbered
from assistant.answering.prompt import MOST_SOURCES, grammar, messages
from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Draft, Evidence
from serving.admission import Admission
from serving.breaker import Breaker
from serving.errors import GenerationFailed
from serving.generation import Ending, Request

log = logging.getLogger(__name__)

_MOST_TOKENS = 500
# As far below the best as a passage may be quoted from.
_BEHIND = 0.15


class Model(Protocol):
    """What writes; `serving.client.Client` does."""

    def stream(self, request: Request) -> AsyncGenerator[str | Ending, None]:
        """Text as it is written, then how it ended; raises GenerationFailed."""


class Write:
    """Words the answer by a model; where that fails, or none of its sentences can be proven, quotes instead."""

    def __init__(
        self, name: str, model: Model, admission: Admission, breaker: Breaker, quote: Composer, verify: Verify,
        secret: bytes,
    ) -> None:  # fmt: skip
        self.name = name
        self._secret = secret
        self._model = model
        self._admission = admission
        self._breaker = breaker
        self._quote = quote
        self._verify = verify

    async def __call__(self, draft: Draft) -> AsyncIterator[Cited]:
        """Sentences that are proven already, as soon as they are whole."""
        proven = 0
        try:
            with self._admission.place(), self._breaker.watch():
                async with aclosing(self._written(draft)) as written:
                    async for cited in written:
                        proven += 1
                        yield cited
        except GenerationFailed as error:
            # Its text names server and reason, and nothing that a citizen said.
            log.warning("answer %s: %s", draft.id, error)
        if not proven:
            async for cited in self._quote(draft):
                yield cited

    async def _written(self, draft: Draft) -> AsyncGenerator[Cited, None]:
        sources = sources_of(draft)
        cutter = Cutter()
        async with aclosing(self._model.stream(self._request(draft, sources))) as stream:
            async for piece in stream:
                # Cut by its limit, the model has left its last sentence without a source.
                numbered = cutter.end() if isinstance(piece, Ending) else cutter.add(piece)
                for cited in _cited(numbered, sources, draft.language):
                    if not self._verify(cited):
                        yield cited

    def _request(self, draft: Draft, sources: Sequence[Evidence]) -> Request:
        return Request(
            id=draft.id,
            session=self._pseudonym(f"answer:{draft.id}"),
            messages=messages(draft, sources),
            max_tokens=_MOST_TOKENS,
            constraint=grammar(len(sources)),
            # Tenants share no cached prompts: how fast an answer comes would tell what others asked.
            salt=self._pseudonym(f"municipality:{draft.question.municipality.id}"),
        )

    def _pseudonym(self, of: str) -> str:
        return hmac.new(self._secret, of.encode(), hashlib.sha256).hexdigest()


def sources_of(draft: Draft) -> list[Evidence]:
    """The passages to word an answer from: facts that were asked for, then what was found near the best, at most 8."""
    asked = [one for one in draft.page if one.passage.fact in draft.facets]
    near = [
        Evidence(hit.passage, hit.document, hit.corpus, hit.revision)
        for hit in draft.hits
        if hit.score >= draft.hits[0].score - _BEHIND
    ]
    found = {(one.corpus, one.passage.id): one for one in (*asked, *near)}
    return list(found.values())[:MOST_SOURCES]


def _cited(numbered: Iterator[Numbered], sources: Sequence[Evidence], language: str) -> Iterator[Cited]:
    for one in numbered:
        # A number of its own making proves nothing.
        if all(1 <= n <= len(sources) for n in one.sources):
            yield Cited(one.text, language, tuple(sources[n - 1] for n in one.sources), quoted=False)
