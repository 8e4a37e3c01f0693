"""The application: what opens when it starts, closes when it stops, and which routes it has."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from assistant.answering.compose import Quote
from assistant.answering.release import Release
from assistant.conversations.events import EventLog
from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.store import ConversationStore
from assistant.domain.draft import Question
from assistant.publishing.shelf import Shelf
from assistant.publishing.verifying import verifying
from assistant.settings import Settings
from assistant.web import (
    answers,
    conversations,
    feedback,
    health,
    limits,
    municipalities,
    origins,
    page,
    problems,
    search,
    visitors,
)
from assistant.web.service import Service
from assistant.wiring import Wiring
from retrieval.errors import RetrievalError

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 300

_DESCRIPTION = """Answers citizens' questions from the documents of public services, every sentence with its source.

Errors are `application/problem+json` (RFC 9457). With `Accept: text/event-stream`, answers come as events: `stage`,
`sources`, `sentence` for each verified sentence, and `answer` with the whole answer last. The header `Answer-Id`
names the answer; a stream that broke is read on at `/v1/answers/{id}/events` with `Last-Event-ID`."""


def create() -> FastAPI:
    """The application with the settings of the environment, for `uvicorn --factory`."""
    return application(Wiring(Settings()))


def application(wiring: Wiring) -> FastAPI:
    """The application over some wiring."""
    settings = wiring.settings

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        lifetime = timedelta(hours=settings.conversation_hours)
        talks = ConversationStore(wiring.engine, lifetime)
        events = EventLog(wiring.engine, timedelta(minutes=settings.event_minutes), settings.abandoned_seconds)
        ratings = FeedbackStore(wiring.engine)
        app.state.service = Service(wiring, talks, events, ratings)
        with verifying(wiring.shelf, wiring.folders.segments):
            await asyncio.to_thread(_warm, wiring)
            works = [asyncio.create_task(_sweep(wiring.shelf, talks, events, ratings))]
            if wiring.write:
                works.append(asyncio.create_task(wiring.write.prepare()))
            yield
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
        await events.close()
        if wiring.client:
            await wiring.client.close()
        wiring.engine.dispose()

    app = FastAPI(
        title="Amtslotse",
        version=version("amtslotse"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        # Their pages load scripts from elsewhere; the description itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(limits.BodyLimit, most_bytes=settings.body_bytes)
    app.add_middleware(limits.CarefulHeaders)
    app.add_middleware(origins.CrossOrigin)
    problems.install(app)
    for part in (answers, feedback, visitors, conversations, search, municipalities, health, page):
        app.include_router(part.router)
    return app


def _warm(wiring: Wiring) -> None:
    """Loads what the first question would wait for; what is damaged is said now and refused later by name."""
    wiring.publisher.sweep()
    for municipality in wiring.municipalities.all():
        try:
            wiring.shelf.layers(municipality.corpora)
        except RetrievalError:
            log.exception("the corpora of %s cannot be searched", municipality.id)
    for municipality in wiring.municipalities.all()[:1]:
        question = Question("Welche Unterlagen brauche ich?", municipality, datetime.now(UTC))
        # The model's connections belong to the loop of the service.
        quoting = replace(wiring.pipeline, release=Release((Quote(),), wiring.verify))
        asyncio.run(quoting.answer(question))


async def _sweep(shelf: Shelf, talks: ConversationStore, events: EventLog, ratings: FeedbackStore) -> None:
    """Closes what nobody asks for and deletes what has expired, now and every few minutes."""
    while True:
        await asyncio.to_thread(shelf.drop_unused)
        try:
            await asyncio.to_thread(talks.expire)
            await asyncio.to_thread(events.expire)
            await asyncio.to_thread(ratings.expire)
        except SQLAlchemyError:
            log.exception("what has expired could not be deleted")
        await asyncio.sleep(_SWEEP_SECONDS)
