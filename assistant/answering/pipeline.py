"""The way of a question, step by step."""

import logging
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from assistant.answering.missing import missing_facets
from assistant.answering.present import Present
from assistant.answering.release import Dropped, Release
from assistant.answering.step import Step
from assistant.domain.answer import Answer, Outcome, Sentence, Source
from assistant.domain.draft import Draft, Question
from assistant.domain.replies import replies
from assistant.errors import AssistantError
from corpora.errors import CorporaError
from retrieval.errors import RetrievalError

log = logging.getLogger(__name__)

Observe = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done, in the citizen's words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources so far; sent again when there are more."""

    sources: tuple[Source, ...]


Event = Stage | Sources | Sentence | Answer


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps in order: the first fold over a draft, then sentences are composed and released one by one."""

    steps: Sequence[Step]
    release: Release
    present: Present
    observe: Observe

    async def run(self, question: Question, answer_id: str | None = None) -> AsyncGenerator[Event, None]:
        """Stages, sources and verified sentences, and the whole answer last, whatever happens on the way.

        Closing it stops a model that is writing.
        """
        likely = next(iter(question.municipality.languages), "de")
        draft = Draft(id=answer_id or uuid.uuid4().hex, question=question, language=question.language or likely)
        reached = [draft]
        try:
            async with aclosing(self._run(draft, reached)) as events:
                async for event in events:
                    yield event
        except (AssistantError, RetrievalError, CorporaError, OSError) as error:
            # The question itself is never logged.
            log.exception("answer %s failed: %s", draft.id, type(error).__name__)
            yield self.present.ending(reached[-1], Outcome.FAILED)

    async def _run(self, draft: Draft, reached: list[Draft]) -> AsyncGenerator[Event, None]:
        yield _stage(draft, "reading")
        for step in self.steps:
            started = time.perf_counter()
            result = await step(draft)
            self.observe(type(step).__name__.lower(), time.perf_counter() - started)
            if isinstance(result, Answer):
                yield result
                return
            if result.language != draft.language or (result.standalone and not draft.standalone):
                yield _stage(result, "searching")
            draft = result
            reached.append(draft)
        yield _stage(draft, "checking")
        started = time.perf_counter()
        shown = 0
        async with aclosing(self.release(draft)) as released:
            async for one in released:
                if isinstance(one, Dropped):
                    self.observe("dropped", 1.0)
                    draft = replace(draft, dropped=draft.dropped + 1)
                    continue
                draft = replace(draft, sentences=(*draft.sentences, one))
                sources = self.present.sources(draft)
                if len(sources) > shown:
                    shown = len(sources)
                    yield Sources(sources)
                yield self.present.sentence(draft, len(draft.sentences) - 1)
        self.observe("compose", time.perf_counter() - started)
        yield self.present.answered(replace(draft, missing=missing_facets(draft)))

    async def answer(self, question: Question) -> Answer:
        """The whole answer; who reads JSON gets what a stream ends with."""
        answer = None
        async for event in self.run(question):
            answer = event if isinstance(event, Answer) else answer
        assert answer is not None  # noqa: S101 - every run ends with an answer
        return answer


def _stage(draft: Draft, name: str) -> Stage:
    place = draft.question.municipality.name
    return Stage(name, replies(draft.language).text("stages", name, place=place))
