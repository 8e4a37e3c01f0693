"""Step 6 with a model: worded sentences, each with the sources it names."""

import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from assistant.answering.asking import Asking
from assistant.answering.numbered import Cutter, Numbered
from assistant.answering.polarity import known
from assistant.answering.prompt import LONGEST_SENTENCE, MOST_SOURCES, Prompt, Prompts, grammar
from assistant.domain.draft import Cited, Draft
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
        language = replies(draft.language).language
        if not known(language):
            # What it says in such a language could not be proven.
            return
        prompt = self._prompts.answer(draft)
        constraint = grammar(len(prompt.sources)) if self._constrained else None
        cutter = Cutter()
        written = self._asking(draft, prompt.messages, max_tokens=MOST_TOKENS, constraint=constraint)
        async with aclosing(written) as pieces:
            try:
                async for piece in pieces:
                    # Cut by its limit, the model has left its last sentence without a source.
                    numbered = cutter.end() if isinstance(piece, Ending) else cutter.add(piece)
                    for cited in _cited(numbered, prompt, language):
                        yield cited
            except GenerationFailed:
                # What has its number was whole before the server broke off.
                for cited in _cited(cutter.end(), prompt, language):
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


def _cited(numbered: Iterator[Numbered], prompt: Prompt, language: str) -> Iterator[Cited]:
    for one in numbered:
        text = prompt.links.shown(one.text)
        # A number or a link of its own making proves nothing; what is as long as may be was cut in the middle.
        known = all(1 <= n <= len(prompt.sources) for n in one.sources)
        if text is None or not known or len(one.text) >= LONGEST_SENTENCE:
            continue
        evidence = tuple(prompt.sources[n - 1] for n in one.sources)
        yield from (Cited(sentence, language, evidence, quoted=False) for sentence in sentences(text))
