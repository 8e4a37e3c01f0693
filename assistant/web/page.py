"""`/`: a plain page to chat with the sample town. Three files, no build step."""

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

router = APIRouter(include_in_schema=False)

_STATIC = Path(__file__).parent / "static"


@router.get("/")
async def page() -> FileResponse:
    """The page."""
    return FileResponse(_STATIC / "page.html", headers={"Cache-Control": "no-cache"})


@router.get("/page.{kind}")
async def asset(kind: str) -> FileResponse:
    """Its script, style and icon; anything else is not there."""
    known = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    if kind not in known:
        raise HTTPException(404, "There is no such page.")
    return FileResponse(_STATIC / f"page.{kind}", media_type=known[kind], headers={"Cache-Control": "no-cache"})
