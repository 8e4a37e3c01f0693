"""`/v1/municipalities/{m}`: what a page or widget needs to know."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request

from assistant.domain.municipality import Municipality
from assistant.domain.replies import Replies, languages, replies
from assistant.settings import Settings
from assistant.web.descriptions import example, problems
from assistant.web.origins import admit
from assistant.web.schemas import Language, MunicipalityOut
from assistant.web.service import service_of
from retrieval.language import identify

router = APIRouter(
    tags=["municipalities"],
    responses=problems(
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.get("/v1/municipalities/{name}", responses=example("profile"))
async def profile(name: str, request: Request, language: Language | None = None) -> MunicipalityOut:
    """The public profile, with the interface's texts in a language (English where there are none)."""
    wiring = service_of(request).wiring
    municipality = await service_of(request).municipality(name)
    admit(request, municipality)
    words = replies(language or next(iter(municipality.languages), "de"))
    return MunicipalityOut(
        id=municipality.id,
        name=municipality.name,
        languages=list(languages()),
        language=words.language,
        direction=str(words.tables["language"]["direction"]),
        contact=municipality.contact,
        demonstration=municipality.demonstration,
        color=municipality.color,
        suggestions=await asyncio.to_thread(suggestions, municipality, words.language),
        question_characters=wiring.settings.question_characters,
        texts=texts(municipality, words, wiring.settings),
    )


def texts(municipality: Municipality, words: Replies, settings: Settings) -> dict[str, str]:
    """What the interface says in a language; what only it knows, such as a number, is still in {braces}."""
    known = {
        "{place}": municipality.name,
        "{contact}": municipality.contact.line,
        "{hours}": str(settings.conversation_hours),
    }
    said = dict(words.tables["interface"]) | {f"facet_{key}": text for key, text in words.tables["facets"].items()}
    said["ai_long"] = words.text("notices", "ai")
    said["too_long"] = words.text("notices", "too_long", count=str(settings.question_characters))
    if municipality.demonstration:
        said["demonstration"] = words.text("notices", "demonstration")
    for brace, value in known.items():
        said = {key: text.replace(brace, value) for key, text in said.items()}
    return said


def suggestions(municipality: Municipality, language: str) -> list[str]:
    """Those in a language, or all where there is none in it."""
    own = [text for text in municipality.suggestions if identify(text, municipality.languages) == language]
    return own or list(municipality.suggestions)
