"""Tells a question that names no subject: "What does it cost?", "And for my child?"."""

import tomllib
from functools import cache
from pathlib import Path

from assistant.answering.cues import without
from assistant.domain.replies import replies
from retrieval import concepts
from retrieval.tokens import terms

_WORDS = Path(__file__).parent / "data" / "plain_words.toml"
_MOST_WORDS = 9
# Concepts that every service has.
_NO_SERVICES = {"termin-vereinbaren"}
# Cues that name no subject: where and how to reach an office is a question of its own.
_FACETS = ("fees", "required_documents", "processing_time", "deadline", "conditions", "steps")


def names_nothing(text: str, language: str) -> bool:
    """Whether a short text is made of cues and words without a subject; False in a language that has no such words."""
    if language not in _plain() or len(text.split()) > _MOST_WORDS or names_service(text, language):
        return False
    words = replies(language)
    cues = [cue for facet in _FACETS for cue in words.cues(facet)]
    return set(concepts.folded(terms(without(text, cues), language))) <= _plain()[language]


def names_service(text: str, language: str) -> bool:
    """Whether the text names a service of a public office."""
    return not _NO_SERVICES.issuperset(concepts.named(text, language))


@cache
def _plain() -> dict[str, frozenset[str]]:
    tables = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    # Hurried people leave marks out before a word is stemmed.
    return {
        language: frozenset(concepts.folded(terms(f"{words} {' '.join(concepts.folded(words.split()))}", language)))
        for language, words in tables.items()
    }
