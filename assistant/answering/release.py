"""Step 7: what the composers propose, as far as it is proven; quoting where that does not answer."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from assistant.answering.compose import Composer
from assistant.answering.enough import repeats, told
from assistant.answering.holding import Holding
from assistant.answering.prompt import sources_of
from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Draft, Evidence
from serving.errors import GenerationFailed

log = logging.getLogger(__name__)

# Whether the sentences that were released answer, beside so many that were dropped; `answering.enough` has two.
Enough = Callable[[Draft, Sequence[Cited], int], bool]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was not released, and why."""

    reasons: tuple[str, ...]


class Release:
    """Asks the composers in order until what was released answers; each goes on where the one before has stopped."""

    def __init__(self, composers: Sequence[Composer], verify: Verify, enough: Enough = told) -> None:
        self._composers = composers
        self._verify = verify
        self._enough = enough

    async def __call__(self, draft: Draft) -> AsyncGenerator[Cited | Dropped, None]:
        """Sentences that may be said, in reading order, and those dropped on the way."""
        said: list[Cited] = []
        for compose in self._composers:
            holding, dropped, whole = Holding(), 0, True
            try:
                async with aclosing(self._proven(compose, draft, said)) as proven:
                    async for one in proven:
                        if isinstance(one, Dropped):
                            dropped += 1
                            yield one
                            continue
                        for cited in holding.add(one):
                            yield cited
            except GenerationFailed as error:
                # Its text names server and reason, and nothing that a citizen said.
                log.warning("answer %s: %s", draft.id, error)
                whole = False
            for cited in holding.end():
                if cited.quoted and (reasons := self._verify(cited)):
                    yield Dropped(reasons)
                    continue
                if cited not in said:
                    said.append(cited)
                yield cited
            last = compose is self._composers[-1]
            if last or (whole and await asyncio.to_thread(self._enough, draft, said, dropped)):
                return

    async def _proven(
        self, compose: Composer, draft: Draft, said: list[Cited]
    ) -> AsyncGenerator[Cited | Dropped, None]:
        """What a composer proposes and `said` does not hold yet; what is proven is added to it."""
        before, sources = tuple(said), sources_of(draft)
        async with aclosing(_closable(compose(draft))) as proposed:
            async for cited in proposed:
                # Quotes of one page belong together; a model says things twice.
                if repeats(cited, before if cited.quoted else said):
                    continue
                if reasons := await self._reasons(cited, sources):
                    yield Dropped(reasons)
                    continue
                said.append(cited)
                yield cited

    async def _reasons(self, cited: Cited, sources: Sequence[Evidence]) -> tuple[str, ...]:
        if cited.quoted:
            return self._verify(cited)
        # The embedder takes some milliseconds for what is not quoted.
        return await asyncio.to_thread(self._verify, cited, sources)


def _closable(proposed: AsyncIterator[Cited]) -> AsyncGenerator[Cited, None]:
    return cast("AsyncGenerator[Cited, None]", proposed)
