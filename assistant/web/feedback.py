"""`/v1/answers/{id}/feedback`: whether an answer helped."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.answering.masking import masked
from assistant.domain.feedback import Feedback
from assistant.web.descriptions import ASKED, problems
from assistant.web.origins import admit
from assistant.web.schemas import FeedbackIn
from assistant.web.service import service_of
from corpora.cleaning import one_line

router = APIRouter(tags=["answers"], responses=ASKED | problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="answer", description="The token in the header `Answer-Token` of the answer."
)
Authorization = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


@router.post("/v1/answers/{answer_id}/feedback", status_code=HTTPStatus.NO_CONTENT)
async def rate(answer_id: str, row: FeedbackIn, request: Request, token: Authorization = None) -> None:
    """Say whether an answer helped, with the token of its header `Answer-Token`; the last word counts."""
    service = service_of(request)
    if token is None:
        detail = "Send the answer's token as: Authorization: Bearer …"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
    name = service.tokens.municipality_of(token.credentials.strip(), answer_id)
    admit(request, await asyncio.to_thread(service.wiring.municipalities.get, name))
    said = Feedback(answer_id, name, row.rating, tuple(dict.fromkeys(row.reasons)), masked(one_line(row.comment)))
    await asyncio.to_thread(service.feedback.put, said)
