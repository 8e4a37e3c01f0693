"""`/m/{municipality}`: the widget on a page of its own, which answers without JavaScript too."""

import asyncio
import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.domain.answer import Answer
from assistant.domain.municipality import Municipality
from assistant.domain.replies import Replies, languages, replies
from assistant.errors import Overloaded, UnknownMunicipality
from assistant.publishing.demonstration import NAME
from assistant.tables import municipalities
from assistant.web.bundle import WIDGET, bundle
from assistant.web.municipalities import suggestions, texts
from assistant.web.origins import admit
from assistant.web.problems import CAREFUL
from assistant.web.service import service_of

router = APIRouter(include_in_schema=False)

_FRESH = {"Cache-Control": "no-cache"}
_SHARED = {**_FRESH, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_PAGES = Environment(
    loader=PackageLoader("assistant.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# Above the sentences; all others stand below.
_BEFORE = ("outcome", "too_long", "crisis", "other_language", "plain_language", "plain_language_missing")
Language = Annotated[str | None, Query(max_length=100)]


@router.get("/")
async def first(request: Request, municipality: str | None = None, language: Language = None) -> Response:
    """To the sample town where it is there, and else to the first town."""
    name = municipality or await asyncio.to_thread(_first, service_of(request).wiring.engine)
    query = f"?language={language}" if language else ""
    return RedirectResponse(f"/m/{quote(name, safe='')}{query}", 307, _FRESH) if name else _nobody(404)


@router.get("/m/{name}")
async def chat(name: str, request: Request, language: Language = None) -> Response:
    """The page of a municipality, in a language of the citizen's."""
    try:
        municipality = await service_of(request).municipality(name)
    except (UnknownMunicipality, SQLAlchemyError) as error:
        return _nobody(404 if isinstance(error, UnknownMunicipality) else 503)
    return await _chat(request, municipality, _words(request, municipality, language))


@router.post("/m/{name}")
async def ask(name: str, request: Request, language: Language = None) -> Response:
    """The same page with an answer, for browsers without JavaScript; nothing of it is kept."""
    service = service_of(request)
    try:
        municipality = await service.municipality(name)
    except (UnknownMunicipality, SQLAlchemyError) as error:
        return _nobody(404 if isinstance(error, UnknownMunicipality) else 503)
    admit(request, municipality)
    words = _words(request, municipality, language)
    form = parse_qs((await request.body()).decode(errors="replace"))
    question = form.get("question", [""])[0].strip()
    level: Any = "plain" if "plain" in form else "normal"
    if not question:
        return await _chat(request, municipality, words)
    try:
        answer = await service.answer(
            service.question(municipality, question, None, likely=words.language, level=level), request
        )
    except Overloaded:
        return await _chat(request, municipality, words, question=question, problem="busy", status=503)
    return await _chat(request, municipality, words, question=question, answer=answer)


@router.get("/m/{name}/accessibility")
async def accessibility(name: str, request: Request, language: Language = None) -> Response:
    """The accessibility statement of a municipality's assistant."""
    try:
        municipality = await service_of(request).municipality(name)
    except (UnknownMunicipality, SQLAlchemyError) as error:
        return _nobody(404 if isinstance(error, UnknownMunicipality) else 503)
    words = _words(request, municipality, language)
    said = {
        key: words.text("accessibility", key, place=municipality.name, contact=municipality.contact.line, body="{body}")
        for key in words.tables["accessibility"]
    }
    body = said["enforcement"].replace("{body}", municipality.enforcement) if municipality.enforcement else ""
    return _page("accessibility.html", municipality, words, said=said, enforcement=body)


@router.get("/widget.js")
async def script(request: Request) -> Response:
    """The widget, for pages everywhere."""
    return _sent(request, bundle().encode(), "text/javascript", _SHARED)


@router.get("/page.css")
async def style(request: Request) -> Response:
    """The style of our own pages."""
    return _sent(request, (WIDGET / "page.css").read_bytes(), "text/css", _FRESH)


@router.get("/icon.svg")
async def icon(request: Request) -> Response:
    """The icon of our own pages."""
    return _sent(request, (WIDGET / "icon.svg").read_bytes(), "image/svg+xml", _FRESH)


def _sent(request: Request, content: bytes, kind: str, headers: Mapping[str, str]) -> Response:
    """A file, pressed, or that it is still the same."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    told = {**headers, "ETag": tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=told)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(content, media_type=f"{kind}; charset=utf-8", headers=told)
    pressed = {**told, "Content-Encoding": "gzip"}
    return Response(_pressed(content), media_type=f"{kind}; charset=utf-8", headers=pressed)


@cache
def _pressed(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


async def _chat(
    request: Request,
    municipality: Municipality,
    words: Replies,
    *,
    question: str = "",
    answer: Answer | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    wiring = service_of(request).wiring
    shown = {
        "question": question,
        "answer": answer,
        "before": [one for one in answer.notices if one.kind in _BEFORE] if answer else [],
        "after": [one for one in answer.notices if one.kind not in (*_BEFORE, "ai", "demonstration")] if answer else [],
        "suggestions": await asyncio.to_thread(suggestions, municipality, words.language),
        "names": {code: replies(code).tables["language"]["name"] for code in languages()},
    }
    said = texts(municipality, words, wiring.settings)
    return _page("chat.html", municipality, words, status, texts=said, problem=said.get(problem, ""), **shown)


def _page(template: str, municipality: Municipality, words: Replies, status: int = 200, **values: Any) -> HTMLResponse:
    html = _PAGES.get_template(template).render(
        municipality=municipality, language=words.language, direction=_direction(words.language),
        direction_of=_direction, **values,
    )  # fmt: skip
    policy = CAREFUL["Content-Security-Policy"].replace(
        "frame-ancestors 'self'", " ".join(("frame-ancestors 'self'", *municipality.allowed_origins))
    )
    # A form posted without a referrer comes from nowhere, as far as browsers tell.
    headers = {**_FRESH, "Content-Security-Policy": policy, "Referrer-Policy": "same-origin", "Vary": "Accept-Language"}
    if values.get("question"):
        headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return HTMLResponse(html, status, headers)


def _nobody(status: int) -> HTMLResponse:
    """What is said where there is no municipality to say it for."""
    return HTMLResponse(_PAGES.get_template("nobody.html").render(unknown=status == 404), status, _FRESH)


def _words(request: Request, municipality: Municipality, language: str | None) -> Replies:
    accepted = _accepted(request.headers.get("accept-language", ""))
    wished = [(language or "").partition("-")[0].lower(), *accepted, *municipality.languages, "de"]
    return replies(next(one for one in wished if one in languages()))


def _accepted(header: str) -> Iterator[str]:
    """The languages of `Accept-Language`, in the order that browsers write them: the dearest first."""
    tags: Iterable[str] = (part.partition(";")[0].strip() for part in header.split(","))
    return (tag.partition("-")[0].lower() for tag in tags)


def _direction(language: str) -> str:
    return str(replies(language).tables["language"]["direction"]) if language in languages() else "auto"


def _first(engine: Engine) -> str:
    order = (municipalities.c.id != NAME, municipalities.c.id)
    try:
        with engine.connect() as connection:
            return connection.scalars(select(municipalities.c.id).order_by(*order).limit(1)).first() or ""
    except SQLAlchemyError:
        # The page says in the citizen's words that there is nobody to ask; a problem in JSON would not.
        return NAME
