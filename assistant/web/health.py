"""`/healthz` for the process, `/readyz` for whether it can answer."""

import asyncio
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from assistant.web.service import service_of
from assistant.wiring import Wiring
from corpora.errors import CorporaError
from retrieval.errors import RetrievalError

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@router.get("/readyz", response_class=JSONResponse)
async def ready(request: Request) -> JSONResponse:
    """The store answers and every municipality's indexes can be read; 503 names what cannot."""
    wiring = service_of(request).wiring
    checks = {name: await asyncio.to_thread(_said, check, wiring) for name, check in _CHECKS.items()}
    well = all(said == "ok" for said in checks.values())
    return JSONResponse({"status": "ok" if well else "unavailable", "checks": checks}, 200 if well else 503)


def _said(check: Callable[[Wiring], None], wiring: Wiring) -> str:
    try:
        check(wiring)
    except (SQLAlchemyError, RetrievalError, CorporaError, OSError) as error:
        return type(error).__name__
    return "ok"


def _store(wiring: Wiring) -> None:
    with wiring.engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def _embedder(wiring: Wiring) -> None:
    wiring.embedder.queries(["?"])


def _indexes(wiring: Wiring) -> None:
    for municipality in wiring.municipalities.all():
        wiring.shelf.layers(municipality.corpora)


_CHECKS: Mapping[str, Callable[[Wiring], None]] = {
    "store": _store,
    "embedder": _embedder,
    "indexes": _indexes,
}
