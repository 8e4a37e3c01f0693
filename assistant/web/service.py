"""What the routes of the API share: the pipeline behind a limit, and the log of running answers."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import Request
from pydantic import TypeAdapter

from assistant import storage
from assistant.answering.pipeline import Event, Sources, Stage
from assistant.conversations.events import EventLog
from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.store import ConversationStore
from assistant.conversations.tokens import Tokens
from assistant.domain.answer import Answer, Sentence
from assistant.domain.draft import Level, Question, Turn
from assistant.domain.municipality import Municipality
from assistant.errors import Overloaded
from assistant.wiring import Wiring

_JSON: TypeAdapter[Event] = TypeAdapter(Event)
_WAIT_SECONDS = 5.0
_LOOK_SECONDS = 0.5


class Service:
    """One running service; made when the application starts."""

    def __init__(
        self, wiring: Wiring, conversations: ConversationStore, events: EventLog, feedback: FeedbackStore
    ) -> None:
        self.wiring = wiring
        self.conversations = conversations
        self.events = events
        self.feedback = feedback
        self.tokens = Tokens(storage.secret(wiring.data_dir))
        settings = wiring.settings
        # Who waits for the model does not work here, and must not keep others from being answered by quoting.
        waiting = settings.model_answers if settings.model_url else 0
        self._places = asyncio.Semaphore(settings.concurrency + waiting)

    async def municipality(self, name: str) -> Municipality:
        """The municipality of that id; raises UnknownMunicipality."""
        return await asyncio.to_thread(self.wiring.municipalities.get, name)

    def question(
        self,
        municipality: Municipality,
        text: str,
        language: str | None,
        history: tuple[Turn, ...] = (),
        *,
        likely: str | None = None,
        conversation: str | None = None,
        level: Level = "normal",
    ) -> Question:
        """The question to a municipality, with the language it is in or a likely one."""
        if likely:
            # First among the languages of the town it decides for a word or two, and no longer for a sentence.
            municipality = replace(municipality, languages=(likely, *municipality.languages))
        return Question(text, municipality, datetime.now(UTC), language, history, conversation, level)

    async def answer(self, question: Question, request: Request) -> Answer:
        """The whole answer; raises Overloaded where too many are being answered."""
        gone = asyncio.Event()
        async with self.place():
            watching = asyncio.create_task(_watch(request, gone))
            try:
                return await self.wiring.pipeline.answer(replace(question, wanted=lambda: not gone.is_set()))
            finally:
                watching.cancel()

    async def start(self, question: Question, done: Callable[[str], Awaitable[bool]] | None = None) -> str:
        """Begins to answer and returns the answer's id; its events are read from the log."""
        answer_id = uuid.uuid4().hex
        heard = replace(question, wanted=lambda: self.events.heard(answer_id))
        await self._enter()

        async def events() -> AsyncIterator[tuple[str, str]]:
            try:
                async for event in self.wiring.pipeline.run(heard, answer_id):
                    yield _kind(event), _JSON.dump_json(event).decode()
            finally:
                self._places.release()

        self.events.run(answer_id, events(), done or _nothing)
        return answer_id

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Holds one of the places for work at the same time; raises Overloaded where none gets free."""
        await self._enter()
        try:
            yield
        finally:
            self._places.release()

    async def _enter(self) -> None:
        try:
            await asyncio.wait_for(self._places.acquire(), _WAIT_SECONDS)
        except TimeoutError as error:
            raise Overloaded("Too many questions are being answered; try again in a moment.") from error


async def _watch(request: Request, gone: asyncio.Event) -> None:
    """Notices a client that closes the connection before it has its answer."""
    while not await request.is_disconnected():  # noqa: ASYNC110 - it can only be asked
        await asyncio.sleep(_LOOK_SECONDS)
    gone.set()


async def _nothing(_data: str) -> bool:
    return True


def _kind(event: Event) -> str:
    kinds = {Stage: "stage", Sources: "sources", Sentence: "sentence", Answer: "answer"}
    return kinds[type(event)]


def service_of(request: Request) -> Service:
    """The running service of a request."""
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101 - set when the application starts
    return service
