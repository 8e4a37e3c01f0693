"""Cuts documents into passages of about sixty words, never across a heading."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    row: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            text = _plain(token.children or [])
            if before and before.type == "heading_open":
                yield "heading", int(before.tag[1:]), text
            elif before and before.type in ("th_open", "td_open"):
                row.append(text)
            else:
                yield "text", 0, text
        elif token.type == "tr_close":
            yield "text", 0, " | ".join(cell for cell in row if cell)
            row = []
        elif token.type in ("fence", "code_block"):
            yield "text", 0, token.content.strip()


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
