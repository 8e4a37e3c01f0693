"""Errors as problem+json (RFC 9457), their statuses in one table."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from assistant import errors
from assistant.web.origins import readable
from corpora.errors import CorporaError, CorpusBusy, UnknownCorpus
from retrieval.errors import RetrievalError, Unpublished

STATUSES: Mapping[type[Exception], HTTPStatus] = {
    errors.UnknownMunicipality: HTTPStatus.NOT_FOUND,
    errors.UnknownConversation: HTTPStatus.NOT_FOUND,
    errors.UnknownAnswer: HTTPStatus.NOT_FOUND,
    errors.WrongToken: HTTPStatus.FORBIDDEN,
    errors.ForeignOrigin: HTTPStatus.FORBIDDEN,
    errors.Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownCorpus: HTTPStatus.NOT_FOUND,
    Unpublished: HTTPStatus.NOT_FOUND,
    CorpusBusy: HTTPStatus.CONFLICT,
    errors.AssistantError: HTTPStatus.INTERNAL_SERVER_ERROR,
    CorporaError: HTTPStatus.INTERNAL_SERVER_ERROR,
    RetrievalError: HTTPStatus.SERVICE_UNAVAILABLE,
    SQLAlchemyError: HTTPStatus.SERVICE_UNAVAILABLE,
}
# What every response says to browsers, those of errors included.
CAREFUL = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_RETRY_SECONDS = "2"
# What an administrator should read in the log is not for the citizen.
_KEPT_BACK = "The service cannot do this right now."
_TOO_MANY = "Too many are asking at the moment; try again in a few seconds."
# What the framework says of its own types, for people who send JSON.
_PLAIN = dict.fromkeys(("model_type", "model_attributes_type"), "This must be a JSON object.")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """A problem+json response; 429 and 503 say when to try again."""
    retry = {"Retry-After": _RETRY_SECONDS} if status in (429, 503) else {}
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return JSONResponse(body, status, {**CAREFUL, **retry, **(headers or {})}, media_type="application/problem+json")


def status_of(error: Exception) -> HTTPStatus:
    """The status of the nearest class in the table."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), HTTPStatus.INTERNAL_SERVER_ERROR)


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem."""
    for kind in STATUSES:
        app.add_exception_handler(kind, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    status = status_of(error)
    if isinstance(error, errors.Overloaded):
        return problem(status, _TOO_MANY)
    return problem(status, str(error) if status < HTTPStatus.INTERNAL_SERVER_ERROR else _KEPT_BACK)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    # Without the input: a citizen's words are not sent back, let alone logged.
    found = error.errors() if isinstance(error, RequestValidationError) else []
    parts = [{"field": _field(one), "message": _message(one)} for one in found]
    detail = "; ".join(f"{part['field']}: {part['message']}" for part in parts)
    if request.method == "POST" and "json" not in request.headers.get("content-type", ""):
        # What curl sends unless it is told otherwise; every field would be called missing.
        detail = "Send the body as JSON, with the header Content-Type: application/json."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=parts)


def _field(found: Mapping[str, Any]) -> str:
    # A body that is no JSON has a place in its text where others have a name.
    named = () if found["type"] == "json_invalid" else found["loc"][1:]
    return ".".join(map(str, named)) or str(found["loc"][0])


def _message(found: Mapping[str, Any]) -> str:
    if found["type"] == "json_invalid":
        what = found["ctx"]["error"].removesuffix(" at")
        return f"This is no JSON: {what} at character {found['loc'][-1] + 1}."
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    return str(_PLAIN.get(found["type"], found["msg"]))


def _unreadable(cause: BaseException) -> JSONResponse:
    """A body that is no text, or JSON in a thousand brackets, is the same problem as one that is no JSON."""
    message = "This is no JSON that can be read."
    if isinstance(cause, UnicodeDecodeError):
        message = f"This is no JSON: it is not {cause.encoding.upper()} at byte {cause.start + 1}."
    parts = [{"field": "body", "message": message}]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"body: {message}", errors=parts)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    if error.status_code == HTTPStatus.BAD_REQUEST and error.__cause__:
        return _unreadable(error.__cause__)
    return problem(error.status_code, str(error.detail), error.headers)


async def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    # It comes from outside of what adds them to everything else.
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _KEPT_BACK, readable(request.headers))
