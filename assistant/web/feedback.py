"""`/v1/answers/{id}/feedback`: whether an answer helped."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Request

from assistant.answering.masking import masked
from assistant.domain.feedback import Feedback
from assistant.web.descriptions import ASKED, problems
from assistant.web.schemas import FeedbackIn
from assistant.web.service import service_of
from assistant.web.visitors import AnswerToken, check_answer
from corpora.cleaning import one_line

router = APIRouter(tags=["answers"], responses=ASKED | problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))


@router.post("/v1/answers/{answer_id}/feedback", status_code=HTTPStatus.NO_CONTENT)
async def rate(answer_id: str, row: FeedbackIn, request: Request, token: AnswerToken = None) -> None:
    """Say whether an answer helped, with the token of its header `Answer-Token`; the last word counts."""
    service = service_of(request)
    name = await check_answer(service, request, answer_id, token)
    said = Feedback(answer_id, name, row.rating, tuple(dict.fromkeys(row.reasons)), masked(one_line(row.comment)))
    await asyncio.to_thread(service.feedback.put, said)
