"""`one` counts, or is no more than a pronoun: which of them it is, nobody can tell for sure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from corpora.documents import Document

_ONE = re.compile(r"\bone\b", re.IGNORECASE)
_HAS_ONE = re.compile(r"\b(?:one|ein(?:e[mnrs]?)?|une?)\b|(?<!\d)[1١](?!\d)|\bодн|\bодин|\bbir\b|واحد", re.IGNORECASE)


def counts_one(text: str, pages: Iterable[Document]) -> bool:
    """Whether a sentence speaks of `one` where no cited page has one of anything, in words or in figures."""
    return bool(_ONE.search(text)) and not any(_has_one(page.title, page.body) for page in pages)


@lru_cache(maxsize=512)
def _has_one(title: str, body: str) -> bool:
    return bool(_HAS_ONE.search(f"{title}\n{body}"))
