"""`/healthz` for the process, `/readyz` for whether it can answer."""

import asyncio
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from assistant.web.descriptions import READY
from assistant.web.service import service_of
from assistant.wiring import Wiring
from corpora.errors import CorporaError
from retrieval.errors import RetrievalError
from serving.breaker import State
from serving.errors import GenerationFailed

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


@router.get("/readyz", response_class=JSONResponse, responses=READY)
async def ready(request: Request) -> JSONResponse:
    """The store answers and every municipality's indexes can be read; 503 names what cannot, and which corpora.

    `degraded` with 200: all questions are answered, but by quoting, since the model's server does not answer.
    """
    wiring = service_of(request).wiring
    checks = {name: await asyncio.to_thread(_said, check, wiring) for name, check in _CHECKS.items()}
    corpora = await asyncio.to_thread(_refused, wiring) if checks["store"] == "ok" else {}
    checks["indexes"] = next(iter(corpora.values()), checks["store"])
    if all(said == "ok" for said in checks.values()):
        model = await _model(wiring)
        status = "ok" if model.get("model", "ok") == "ok" else "degraded"
        return JSONResponse({"status": status, "checks": checks | model})
    return JSONResponse({"status": "unavailable", "checks": checks, "corpora": corpora}, 503)


async def _model(wiring: Wiring) -> dict[str, str]:
    """What is the matter with the model's server, where one is configured."""
    if wiring.client is None:
        return {}
    if wiring.breaker.state is State.OPEN:
        return {"model": "CircuitOpen"}
    try:
        await wiring.client.look()
    except GenerationFailed as error:
        return {"model": type(error).__name__}
    return {"model": "ok"}


def _said(check: Callable[..., None], *asked: object) -> str:
    try:
        check(*asked)
    except (SQLAlchemyError, RetrievalError, CorporaError, OSError) as error:
        return type(error).__name__
    return "ok"


def _store(wiring: Wiring) -> None:
    with wiring.engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def _embedder(wiring: Wiring) -> None:
    wiring.embedder.queries(["?"])


def _index(wiring: Wiring, corpus: str) -> None:
    wiring.shelf.check(corpus)


def _refused(wiring: Wiring) -> dict[str, str]:
    """The corpora that cannot be searched, each with what is wrong with it."""
    names = {corpus for municipality in wiring.municipalities.all() for corpus in municipality.corpora}
    said = {name: _said(_index, wiring, name) for name in sorted(names)}
    return {name: wrong for name, wrong in said.items() if wrong != "ok"}


_CHECKS: Mapping[str, Callable[[Wiring], None]] = {
    "store": _store,
    "embedder": _embedder,
}
