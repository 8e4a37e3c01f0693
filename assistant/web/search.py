"""`/v1/search`: passages of published revisions, never of drafts."""

import asyncio

from fastapi import APIRouter, Request

from assistant.web.descriptions import ASKED, example
from assistant.web.origins import admit
from assistant.web.schemas import PassageOut, SearchIn, SearchOut
from assistant.web.service import service_of

router = APIRouter(tags=["search"], responses=ASKED)


@router.post("/v1/search", responses=example("search"))
async def search(row: SearchIn, request: Request) -> SearchOut:
    """Find passages in a municipality's layers or in corpora by name."""
    service = service_of(request)
    wiring = service.wiring
    corpora = tuple(row.corpora or ())
    municipality = await service.municipality(row.municipality) if row.municipality else None
    admit(request, municipality)
    if municipality:
        corpora = municipality.corpora
    async with service.place():
        hits = await asyncio.to_thread(wiring.search, row.query, corpora, row.language, row.top)
    return SearchOut(
        results=[
            PassageOut(
                document_id=hit.document.id,
                passage_id=hit.passage.id,
                corpus=hit.corpus,
                revision=hit.revision,
                language=hit.document.language,
                title=hit.document.title,
                heading=hit.passage.heading,
                url=hit.document.url,
                text=hit.passage.text,
                score=hit.score,
            )
            for hit in hits
        ]
    )
