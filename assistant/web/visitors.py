"""`/v1/visitors`: what a page needs before it may ask."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.conversations.tokens import VISITOR_SECONDS
from assistant.domain.municipality import Municipality
from assistant.web.descriptions import ASKED, example, problems
from assistant.web.origins import admit
from assistant.web.schemas import VisitorIn, VisitorOut
from assistant.web.service import Service, service_of

router = APIRouter(tags=["visitors"], responses=ASKED | problems(HTTPStatus.FORBIDDEN))

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="visitor",
    description="The token of `/v1/visitors`; needed by browsers, that is where there is an `Origin`.",
)
Visitor = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
_ANSWER_BEARER = HTTPBearer(
    auto_error=False, scheme_name="answer", description="The token in the header `Answer-Token` of the answer."
)
AnswerToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_ANSWER_BEARER)]


@router.post("/v1/visitors", status_code=HTTPStatus.CREATED, responses=example("visitor", 201))
async def welcome(row: VisitorIn, request: Request) -> VisitorOut:
    """Let a page ask a municipality for some minutes; what is not a browser needs no token."""
    service = service_of(request)
    municipality = await asyncio.to_thread(service.wiring.municipalities.get, row.municipality)
    origin = admit(request, municipality) or ""
    return VisitorOut(token=service.tokens.visitor(municipality.id, origin), expires_in=VISITOR_SECONDS)


def check_visitor(service: Service, request: Request, municipality: Municipality, visitor: Visitor) -> str | None:
    """The origin of the page that asks, None for other clients; raises ForeignOrigin, WrongToken or 401."""
    origin = admit(request, municipality)
    if origin is None:
        return None
    if visitor is None:
        detail = "Browsers need a visitor's token, from POST /v1/visitors, as: Authorization: Bearer …"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
    service.tokens.check_visitor(visitor.credentials.strip(), municipality.id, origin)
    return origin


async def check_answer(service: Service, request: Request, answer_id: str, token: AnswerToken) -> str:
    """The municipality that gave an answer; raises ForeignOrigin, WrongToken or 401."""
    if token is None:
        detail = "Send the answer's token as: Authorization: Bearer …"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
    name = service.tokens.municipality_of(token.credentials.strip(), answer_id)
    admit(request, await service.municipality(name))
    return name
