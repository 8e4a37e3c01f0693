"""`/v1/conversations`: a citizen's visit, with its transcript and its erasure."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import TypeAdapter

from assistant.answering.masking import masked
from assistant.conversations.store import Conversation
from assistant.domain.answer import Answer
from assistant.domain.municipality import Municipality
from assistant.errors import ForeignOrigin
from assistant.web.descriptions import ANSWERED, ASKED, example, problems
from assistant.web.origins import admit
from assistant.web.schemas import ConversationIn, ConversationOut, MessageIn, MessageOut, TranscriptOut
from assistant.web.service import Service, service_of
from assistant.web.streams import streamed, wants_stream
from assistant.web.visitors import Visitor, check_visitor
from corpora.cleaning import one_line

router = APIRouter(tags=["conversations"], responses=ASKED)
_LOCKED = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="conversation", description="The token that came with the conversation."
)
Authorization = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


@router.post("/v1/conversations", status_code=HTTPStatus.CREATED, responses=example("conversation", 201) | _LOCKED)
async def begin(row: ConversationIn, request: Request, visitor: Visitor = None) -> ConversationOut:
    """Open a conversation; it expires by itself. Begun on a page, it can be continued on pages of that origin only."""
    service = service_of(request)
    origin = check_visitor(service, request, await service.municipality(row.municipality), visitor)
    begun, token = await asyncio.to_thread(service.conversations.begin, row.municipality, row.language, origin)
    return ConversationOut(id=begun.id, token=token, expires_at=begun.expires_at)


@router.post("/v1/conversations/{conversation_id}/messages", response_model=Answer, responses=ANSWERED | _LOCKED)
async def say(
    conversation_id: str,
    row: MessageIn,
    request: Request,
    response: Response,
    authorization: Authorization = None,
) -> Answer | Response:
    """Say something in a conversation; follow-ups are understood."""
    service = service_of(request)
    conversation, municipality = await _opened(service, request, conversation_id, authorization)
    history = await asyncio.to_thread(service.conversations.history, conversation_id)
    question = service.question(
        municipality,
        row.text,
        row.language,
        history,
        likely=conversation.language,
        conversation=conversation_id,
        level=row.level,
    )

    async def keep(data: str) -> bool:
        said = _ANSWER.validate_json(data)
        text = "\n".join(sentence.text for sentence in said.sentences) or said.text
        return await asyncio.to_thread(service.conversations.say, conversation_id, "assistant", text, data)

    # Kept as screened: nobody's bank account belongs into our database.
    screened = masked(one_line(row.text))
    await asyncio.to_thread(service.conversations.say, conversation_id, "user", screened)
    if wants_stream(request):
        return streamed(service, await service.start(question, keep), municipality)
    answer = await service.answer(question, request)
    response.headers["Answer-Token"] = service.tokens.answer(answer.id, municipality.id)
    await keep(_ANSWER.dump_json(answer).decode())
    return answer


@router.get("/v1/conversations/{conversation_id}", responses=_LOCKED | example("transcript"))
async def transcript(conversation_id: str, request: Request, authorization: Authorization = None) -> TranscriptOut:
    """Read everything said so far."""
    service = service_of(request)
    conversation, _ = await _opened(service, request, conversation_id, authorization)
    said = await asyncio.to_thread(service.conversations.messages, conversation_id)
    messages = [
        MessageOut(
            role=m.role,
            text=m.text,
            created_at=m.created_at,
            answer=m.answer,
            answer_token=service.tokens.answer(m.answer["id"], conversation.municipality) if m.answer else None,
        )
        for m in said
    ]
    return TranscriptOut(
        id=conversation.id,
        municipality=conversation.municipality,
        expires_at=conversation.expires_at,
        messages=messages,
    )


@router.delete("/v1/conversations/{conversation_id}", status_code=HTTPStatus.NO_CONTENT, responses=_LOCKED)
async def erase(conversation_id: str, request: Request, authorization: Authorization = None) -> None:
    """Erase a conversation everywhere."""
    service = service_of(request)
    await _opened(service, request, conversation_id, authorization)
    await asyncio.to_thread(service.conversations.erase, conversation_id)


async def _opened(
    service: Service, request: Request, conversation_id: str, authorization: Authorization
) -> tuple[Conversation, Municipality]:
    if authorization is None:
        detail = "Send the conversation's token as: Authorization: Bearer …"
        raise HTTPException(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
    token = authorization.credentials.strip()
    conversation = await asyncio.to_thread(service.conversations.get, conversation_id, token)
    municipality = await service.municipality(conversation.municipality)
    origin = admit(request, municipality)
    if origin and conversation.origin and origin != conversation.origin:
        raise ForeignOrigin("The conversation was begun on a page of another origin.")
    return conversation, municipality
