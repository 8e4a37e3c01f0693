"""`/v1/municipalities/{m}`: what a page or widget needs to know."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request

from assistant.domain.replies import languages, replies
from assistant.web.descriptions import problems
from assistant.web.schemas import Language, MunicipalityOut
from assistant.web.service import service_of

router = APIRouter(
    tags=["municipalities"],
    responses=problems(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)


@router.get("/v1/municipalities/{name}")
async def profile(name: str, request: Request, language: Language | None = None) -> MunicipalityOut:
    """The public profile, with the interface's texts in a language (English where there are none)."""
    wiring = service_of(request).wiring
    municipality = await asyncio.to_thread(wiring.municipalities.get, name)
    words = replies(language or next(iter(municipality.languages), "de"))
    page = dict(words.tables["page"])
    texts = {key: text.replace("{place}", municipality.name) for key, text in page.items()}
    texts |= {"ai": words.text("notices", "ai"), "failed": words.text("outcomes", "failed")}
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
        suggestions=list(municipality.suggestions),
        question_characters=wiring.settings.question_characters,
        texts=texts,
    )
