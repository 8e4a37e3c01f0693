"""`/v1/municipalities/{m}`: what a page or widget needs to know."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request

from assistant.domain.municipality import Municipality
from assistant.domain.replies import languages, replies
from assistant.web.descriptions import example, problems
from assistant.web.schemas import Language, MunicipalityOut
from assistant.web.service import service_of
from retrieval.language import identify

router = APIRouter(
    tags=["municipalities"],
    responses=problems(
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
    municipality = await asyncio.to_thread(wiring.municipalities.get, name)
    words = replies(language or next(iter(municipality.languages), "de"))
    page = dict(words.tables["page"])
    texts = {key: text.replace("{place}", municipality.name) for key, text in page.items()}
    most = wiring.settings.question_characters
    texts |= {"ai": words.text("notices", "ai"), "failed": words.text("outcomes", "failed")}
    texts["too_long"] = words.text("notices", "too_long", count=str(most))
    texts |= {f"facet_{key}": text for key, text in words.tables["facets"].items()}
    if municipality.demonstration:
        texts["demonstration"] = words.text("notices", "demonstration")
    return MunicipalityOut(
        id=municipality.id,
        name=municipality.name,
        languages=list(languages()),
        language=words.language,
        direction=str(words.tables["language"]["direction"]),
        contact=municipality.contact,
        demonstration=municipality.demonstration,
        suggestions=await asyncio.to_thread(_suggestions, municipality, words.language),
        question_characters=most,
        texts=texts,
    )


def _suggestions(municipality: Municipality, language: str) -> list[str]:
    """Those in a language, or all where there is none in it."""
    own = [text for text in municipality.suggestions if identify(text, municipality.languages) == language]
    return own or list(municipality.suggestions)
