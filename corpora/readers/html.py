"""A document as an HTML page."""

from pathlib import Path

from bs4 import BeautifulSoup, Tag

from corpora.cleaning import clean
from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.markup import markdown_of, parse


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:
    """The one document of the page: its main part, its first heading as title, its own language and address."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror}).") from error
    if b"\0" in data[:10_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(f"{path}: this is not a text file.")
    title = _window_title(data)
    tree = parse(data)
    body = tree.find("main") or tree.find("article") or tree.find("body") or tree
    heading = body.find("h1") if isinstance(body, Tag) else None
    page = tree.find("html")
    own = page.get("lang") if isinstance(page, Tag) else None
    address = tree.find("link", rel="canonical")
    row = {
        "id": name,
        "title": (heading.get_text(" ", strip=True) if heading else title) or (name if clean(tree.get_text()) else ""),
        "language": own if isinstance(own, str) and own else None,
        "url": address.get("href") if isinstance(address, Tag) else None,
    }
    if heading:
        heading.decompose()
    return [
        rows.document(
            row | {"body": markdown_of(body) if isinstance(body, Tag) else "", "format": "markdown"},
            str(path),
            language,
        )
    ], []


def _window_title(data: bytes) -> str:
    title = BeautifulSoup(data, "lxml").find("title")
    return title.get_text(" ", strip=True) if title else ""
