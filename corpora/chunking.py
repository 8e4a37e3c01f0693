"""Cuts documents into passages of about sixty words, never across a heading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from langchain_text_splitters import RecursiveCharacterTextSplitter
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpora.documents import Document, Entry, Passage
from corpora.rendering import fact_texts
from corpora.sentences import sentences

WORDS = 60


@dataclass(frozen=True, slots=True)
class _Section:
    headings: tuple[str, ...]
    text: str


def entry(document: Document) -> Entry:
    """The document with its passages: the facts first, then the prose in the page's order."""
    facts = [(heading, text, name) for name, heading, text in fact_texts(document)]
    prose = [(section.headings, piece, None) for section in _sections(document) for piece in _pieces(section.text)]
    if not (facts or prose):
        # Found by its title, which is all it says.
        prose = [((), document.title, None)] if document.title else []
    passages = tuple(
        Passage(
            document.id,
            place,
            document.language,
            document.title,
            headings,
            text,
            fact,
            keywords=() if place else document.keywords,
        )
        for place, (headings, text, fact) in enumerate([*facts, *prose])
    )
    return Entry(document, passages)


def _pieces(text: str) -> list[str]:
    lines = "\n".join(sentence for line in text.splitlines() for sentence in sentences(line) or [""])
    return [piece for piece in _splitter().split_text(lines) if any(c.isalnum() for c in piece)]


@cache
def _splitter() -> RecursiveCharacterTextSplitter:
    # Counted in words, so that a passage means the same in every script that writes them apart;
    # six letters stand for a word, so that one without spaces is still cut.
    return RecursiveCharacterTextSplitter(
        separators=["\n\n", "\n", " ", ""],
        chunk_size=WORDS,
        chunk_overlap=0,
        length_function=lambda text: max(len(text.split()), len(text) // 12),
    )


def _sections(document: Document) -> list[_Section]:
    if document.format == "text":
        return [_Section((), document.body)]
    sections: list[_Section] = []
    path: dict[int, str] = {}
    lines: list[str] = []
    for kind, level, text in _blocks(document.body):
        if kind == "heading":
            sections.append(_Section(tuple(path.values()), "\n".join(lines)))
            lines = []
            path = {depth: name for depth, name in path.items() if depth < level} | {level: text}
        else:
            lines.append(text)
    sections.append(_Section(tuple(path.values()), "\n".join(lines)))
    return [section for section in sections if section.text.strip()]


def _blocks(markdown: str) -> Iterator[tuple[str, int, str]]:
    tokens = iter(MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown))
    for token in tokens:
        if token.type == "heading_open":
            yield "heading", int(token.tag[1:]), _plain(next(tokens).children or [])
        elif token.type == "table_open":
            yield from (("text", 0, row) for row in _rows(takewhile(lambda one: one.type != "table_close", tokens)))
        elif token.type == "inline":
            yield "text", 0, _plain(token.children or [])
        elif token.type in ("fence", "code_block"):
            yield "text", 0, token.content.strip()


def _rows(tokens: Iterable[Token]) -> list[str]:
    """What a table says, row by row."""
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_plain(token.children or []))
    head, *body = rows
    return [_read(row, head) for row in body] or [_read(head, [])]


def _read(row: list[str], head: list[str]) -> str:
    """What a row says, each cell behind its header; without headers, behind the first cell."""
    if any(head) and (len(row) == 1 or any(row[1:])):
        named = zip(head, row, strict=True)
        first, rest = "", [f"{name.rstrip(' :')}: {cell}" if name and cell else cell for name, cell in named]
    else:
        first, rest = row[0].rstrip(" :"), row[1:]
    # A cell that reaches across several columns says the same in each.
    cells = list(dict.fromkeys(filter(None, rest)))
    told = "; ".join([*(cell.rstrip(".;") for cell in cells[:-1]), *cells[-1:]])
    return ": ".join(filter(None, (first, told)))


def _plain(tokens: list[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" " if token.type == "softbreak" else "\n")
        elif token.type == "image":
            parts.append(token.content)
        else:
            parts.append(token.content)
    return "".join(parts).strip()
