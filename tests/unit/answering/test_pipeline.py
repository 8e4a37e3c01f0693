from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from assistant.answering.pipeline import Event, Pipeline, Sources, Stage
from assistant.answering.present import Present
from assistant.answering.release import Release
from assistant.answering.step import Step
from assistant.answering.understand import Understand
from assistant.answering.verify import Verify
from assistant.domain.answer import Answer, Outcome, Sentence
from assistant.domain.draft import Cited, Draft
from assistant.domain.replies import replies
from corpora.documents import Fee, ServiceFacts
from corpora.errors import UnknownCorpus
from retrieval.errors import EmbedderFailed, SnapshotCorrupt, Unpublished
from tests.fakes import page
from tests.unit.answering.drafts import cited, done, evidence, question

PASS = page(
    "pass", "Kommen Sie vorbei.\n\n## Dauer\nSechs Wochen dauert es.", facts=ServiceFacts(fees=(Fee("70 Euro"),))
)
FEES, PROSE, DURATION = (evidence(PASS, place) for place in range(3))
PRESENT = Present()


class Screened:
    """A step that takes the text as it is."""

    async def __call__(self, draft: Draft) -> Draft | Answer:
        return replace(draft, text=draft.question.text, standalone=draft.question.text)


class Ending:
    """A step that ends the run."""

    async def __call__(self, draft: Draft) -> Draft | Answer:
        return PRESENT.ending(draft, Outcome.GREETING)


@dataclass
class Broken:
    """A step that fails."""

    error: Exception

    async def __call__(self, draft: Draft) -> Draft | Answer:
        raise self.error


@dataclass
class Saying:
    """Says these sentences, then fails if it shall."""

    said: tuple[Cited, ...] = ()
    error: Exception | None = None
    name: str = field(default="fake", init=False)

    async def __call__(self, draft: Draft) -> AsyncGenerator[Cited, None]:
        for one in self.said:
            yield one
        if self.error:
            raise self.error


@dataclass
class Run:
    """A pipeline of fakes and what it observed."""

    compose: Saying = field(default_factory=Saying)
    steps: Sequence[Step] = (Screened(),)
    observed: list[tuple[str, float]] = field(default_factory=list)

    @property
    def pipeline(self) -> Pipeline:
        return Pipeline(self.steps, Release((self.compose,), Verify()), PRESENT, lambda *one: self.observed.append(one))

    def events(self, text: str = "Was kostet ein Reisepass?") -> list[Event]:
        async def collected() -> list[Event]:
            return [event async for event in self.pipeline.run(question(text), "a1")]

        return done(collected())

    def answer(self, text: str = "Was kostet ein Reisepass?") -> Answer:
        last = self.events(text)[-1]
        assert isinstance(last, Answer)
        return last


TRUE = cited("Kommen Sie vorbei.", PROSE)
LATER = cited("Sechs Wochen dauert es.", DURATION)
FALSE = cited("Kommen Sie um 8 Uhr vorbei.", PROSE)


def test_stages_come_first_and_the_answer_last() -> None:
    events = Run(Saying((TRUE,))).events()

    assert [type(event) for event in events] == [Stage, Stage, Stage, Sources, Sentence, Answer]
    assert [event.name for event in events if isinstance(event, Stage)] == ["reading", "searching", "checking"]


def test_sources_come_before_the_sentences_that_cite_them() -> None:
    known: set[int] = set()
    for event in Run(Saying((TRUE, LATER, TRUE))).events():
        if isinstance(event, Sources):
            known = {source.n for source in event.sources}
        if isinstance(event, Sentence):
            assert set(event.sources) <= known


def test_sources_are_sent_again_only_when_there_are_more() -> None:
    events = Run(Saying((TRUE, LATER, cited("Kommen Sie vorbei.", PROSE)))).events()

    assert [len(event.sources) for event in events if isinstance(event, Sources)] == [1, 2]


def test_the_answer_holds_what_was_streamed() -> None:
    run = Run(Saying((TRUE, LATER)))
    events = run.events()

    assert run.answer().sentences == tuple(event for event in events if isinstance(event, Sentence))


def test_a_sentence_that_cannot_be_proved_never_leaves() -> None:
    run = Run(Saying((FALSE, TRUE)))
    events = run.events()

    assert [event.text for event in events if isinstance(event, Sentence)] == ["Kommen Sie vorbei."]
    assert "8 Uhr" not in run.answer().text
    assert ("dropped", 1.0) in run.observed


@pytest.mark.parametrize("said", [(), (FALSE,)], ids=["nothing was composed", "nothing could be proved"])
def test_where_nothing_is_left_to_say_nothing_was_found(said: tuple[Cited, ...]) -> None:
    answer = Run(Saying(said)).answer()

    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.sources == ()


def test_what_is_missing_is_told() -> None:
    answer = Run(Saying((TRUE,)), steps=(Screened(), Understand())).answer("Was kostet das und bis wann geht das?")

    assert answer.outcome is Outcome.PARTLY_ANSWERED


def test_a_step_that_answers_ends_the_run() -> None:
    run = Run(Saying((TRUE,)), steps=(Screened(), Ending(), Broken(AssertionError("never reached"))))

    assert run.answer().outcome is Outcome.GREETING
    assert [type(event) for event in run.events()] == [Stage, Stage, Answer]


def test_every_step_is_timed() -> None:
    run = Run(Saying((TRUE,)), steps=(Screened(), Understand()))
    run.events()

    assert [name for name, _ in run.observed] == ["screened", "understand", "compose"]
    assert all(seconds >= 0 for _, seconds in run.observed)


ERRORS = [
    EmbedderFailed("x"), SnapshotCorrupt("x"), Unpublished("x"), UnknownCorpus("x"), OSError("disk"), TimeoutError(),
]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_step_that_fails_ends_in_a_sentence(error: Exception) -> None:
    answer = Run(steps=(Screened(), Broken(error))).answer()

    assert answer.outcome is Outcome.FAILED
    assert answer.id == "a1"
    assert "069 90009 0" in answer.text


def test_a_composer_that_fails_ends_in_a_sentence() -> None:
    events = Run(Saying((TRUE,), EmbedderFailed("x"))).events()

    assert isinstance(events[-1], Answer)
    assert events[-1].outcome is Outcome.FAILED


def test_a_failure_is_told_in_the_language_of_the_question() -> None:
    run = Run(steps=(Screened(), Understand(), Broken(EmbedderFailed("x"))))
    answer = run.answer("Yeni pasaport ne kadar tutuyor?")

    assert answer.language == "tr"
    assert replies("tr").text("outcomes", "failed") in answer.text


def test_the_question_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    Run(steps=(Screened(), Broken(EmbedderFailed("x")))).events("Mein Geheimnis kostet was?")

    assert "a1" in caplog.text
    assert "Geheimnis" not in caplog.text


def test_stages_are_told_in_the_language_of_the_question() -> None:
    events = Run(Saying((TRUE,)), steps=(Screened(), Understand())).events("How much is a new passport?")

    assert [event.text for event in events if isinstance(event, Stage)][-1] == replies("en").text("stages", "checking")


def test_who_reads_json_gets_what_a_stream_ends_with() -> None:
    run = Run(Saying((TRUE, LATER)))
    answer = done(run.pipeline.answer(question("Was kostet ein Reisepass?")))

    assert replace(answer, id="a1") == run.answer()


def test_every_run_has_an_id_of_its_own() -> None:
    run = Run(Saying((TRUE,)))
    ids = {done(run.pipeline.answer(question("Reisepass?"))).id for _ in range(3)}

    assert len(ids) == 3
