"""`/`: a plain page to chat with a town. Three files, no build step."""

import asyncio
from html import escape
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.publishing.demonstration import NAME
from assistant.tables import municipalities
from assistant.web.service import service_of

router = APIRouter(include_in_schema=False)

_STATIC = Path(__file__).parent / "static"
_FRESH = {"Cache-Control": "no-cache"}


@router.get("/", response_class=HTMLResponse)
async def page(request: Request) -> HTMLResponse:
    """The page, for the sample town where it is there and else for the first town."""
    name = await asyncio.to_thread(_first, service_of(request).wiring.engine)
    html = (_STATIC / "page.html").read_text(encoding="utf-8")
    return HTMLResponse(html.replace("{municipality}", escape(name)), headers=_FRESH)


@router.get("/page.{kind}")
async def asset(kind: str) -> FileResponse:
    """Its script, style and icon; anything else is not there."""
    known = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    if kind not in known:
        raise HTTPException(404, "There is no such page.")
    return FileResponse(_STATIC / f"page.{kind}", media_type=known[kind], headers=_FRESH)


def _first(engine: Engine) -> str:
    order = (municipalities.c.id != NAME, municipalities.c.id)
    try:
        with engine.connect() as connection:
            return connection.scalars(select(municipalities.c.id).order_by(*order).limit(1)).first() or ""
    except SQLAlchemyError:
        # The page says in the citizen's words that there is nobody to ask; a problem in JSON would not.
        return NAME
