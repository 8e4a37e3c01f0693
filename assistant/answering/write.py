"""Step 6 with a model: worded sentences, each with the sources it names."""

import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

from assistant.answering.asking import Asking
from assistant.answering.numbered import Cutter, Numbered
from assistant.answering.prompt import LONGEST_SENTENCE, MOST_SOURCES, Prompts, grammar
from assistant.domain.draft import Cited, Draft, Evidence
from assistant.domain.replies import replies
from corpora.sentences import sentences
from serving.errors import GenerationFailed
from serving.generation import Ending

log = logging.getLogger(__name__)

MOST_TOKENS = 500


class Write:
    """Words the answer by a model; raises GenerationFailed, also after some sentences."""

    def __init__(self, asking: Asking, prompts: Prompts, *, constrained: bool = True) -> None:
        self.name = asking.model
        self._asking = asking
        self._prompts = prompts
        self._constrained = constrained

    async def __call__(self, draft: Draft) -> AsyncGenerator[Cited, None]:
        """Proposed sentences, each as soon as it is whole; what names no source of the prompt is left out."""
        messages, sources = self._prompts.answer(draft)
        constraint = grammar(len(sources)) if self._constrained else None
        language = replies(draft.language).language
        cutter = Cutter()
        written = self._asking(draft, messages, max_tokens=MOST_TOKENS, constraint=constraint)
        async with aclosing(written) as pieces:
            try:
                async for piece in pieces:
                    # Cut by its limit, the model has left its last sentence without a source.
                    numbered = cutter.end() if isinstance(piece, Ending) else cutter.add(piece)
                    for cited in _cited(numbered, sources, language):
                        yield cited
            except GenerationFailed:
                # What has its number was whole before the server broke off.
                for cited in _cited(cutter.end(), sources, language):
                    yield cited
                raise

    async def prepare(self) -> None:
        """Has the server read every grammar before the first citizen has to wait for it; logs where it does not."""
        for sources in range(1, MOST_SOURCES + 1) if self._constrained else ():
            try:
                await self._asking.prepare(grammar(sources))
            except GenerationFailed as error:
                log.warning("grammars are not prepared: %s", error)
                return


def _cited(numbered: Iterator[Numbered], sources: Sequence[Evidence], language: str) -> Iterator[Cited]:
    for one in numbered:
        # A number of its own making proves nothing; what is as long as may be was cut in the middle.
        if len(one.text) < LONGEST_SENTENCE and all(1 <= n <= len(sources) for n in one.sources):
            evidence = tuple(sources[n - 1] for n in one.sources)
            yield from (Cited(text, language, evidence, quoted=False) for text in sentences(one.text))
