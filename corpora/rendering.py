"""Writes the facts of a service as passages, so that they are found, cited and verified like prose."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from corpora.documents import Document, Office, ServiceFacts

_WORDS = Path(__file__).parent / "data" / "fact_words.json"


def fact_texts(document: Document) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Name, heading path and text of every fact the document states, in the document's language."""
    if document.facts is None:
        return
    words = fact_words(document.language)
    for name, lines in _lines(document.facts):
        if lines:
            yield name, (words[name],), "\n".join(lines)


@cache
def fact_words(language: str) -> dict[str, str]:
    """The headings of the facts in a language; in English where we have no words for it."""
    words: dict[str, dict[str, str]] = json.loads(_WORDS.read_text(encoding="utf-8"))
    return words.get(language, words["en"])


def _lines(facts: ServiceFacts) -> Iterator[tuple[str, list[str]]]:
    yield "summary", [facts.summary] if facts.summary else []
    yield "conditions", list(facts.conditions)
    yield "required_documents", list(facts.required_documents)
    yield "steps", list(facts.steps)
    yield "fees", [fee.text for fee in facts.fees]
    yield "processing_time", [facts.processing_time] if facts.processing_time else []
    yield "deadline", [facts.deadline] if facts.deadline else []
    yield "office", _office(facts.office) if facts.office else []
    yield "online_service", _links(facts)
    yield "legal_basis", list(facts.legal_basis)


def _office(office: Office) -> list[str]:
    where = ", ".join(part for part in (office.name, office.address) if part)
    return [part for part in (where, office.hours, office.phone, office.email) if part]


def _links(facts: ServiceFacts) -> list[str]:
    links = [facts.online_service] if facts.online_service else []
    return [f"{link.label}: {link.url}" for link in (*links, *facts.forms)]
