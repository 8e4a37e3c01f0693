"""`/v1/answers`: a question, answered as JSON or as a stream of events."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from assistant.domain.answer import Answer
from assistant.domain.draft import Turn
from assistant.web.descriptions import ANSWERED, ASKED, STREAM, problems
from assistant.web.schemas import QuestionIn
from assistant.web.service import service_of
from assistant.web.streams import as_response, streamed, wants_stream
from assistant.web.visitors import AnswerToken, Visitor, check_answer, check_visitor

router = APIRouter(tags=["answers"], responses=ASKED)
_GUARDED = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@router.post("/v1/answers", response_model=Answer, responses=ANSWERED | _GUARDED)
async def answer(row: QuestionIn, request: Request, response: Response, visitor: Visitor = None) -> Answer | Response:
    """Answer one question. `history` is what was said before; nothing of it is kept."""
    service = service_of(request)
    municipality = await service.municipality(row.municipality)
    check_visitor(service, request, municipality, visitor)
    history = tuple(Turn(turn.role, turn.text) for turn in row.history)
    question = service.question(municipality, row.question, row.language, history, level=row.level)
    if wants_stream(request):
        return streamed(service, await service.start(question), municipality)
    answered = await service.answer(question, request)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Answer-Token"] = service.tokens.answer(answered.id, municipality.id)
    return answered


@router.get("/v1/answers/{answer_id}/events", response_class=Response, responses=STREAM | _GUARDED)
async def resume(
    answer_id: str,
    request: Request,
    token: AnswerToken = None,
    last_event_id: Annotated[int, Header(ge=0, le=100_000)] = 0,
) -> Response:
    """Read a stream on after `Last-Event-ID`; the answer is not made a second time. Pages elsewhere need its token."""
    service = service_of(request)
    if "origin" in request.headers:
        await check_answer(service, request, answer_id, token)
    await service.events.require(answer_id)
    return as_response(service, answer_id, last_event_id)
