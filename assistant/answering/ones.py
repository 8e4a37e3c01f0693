"""Words that count one, or are no more than an article or a pronoun: which of them it is, nobody can tell for sure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from corpora.documents import Document

_ONE = re.compile(r"\b(?:one|ein(?:e[mnrs]?)?|un)\b", re.IGNORECASE)
_IN_FIGURES = re.compile(r"(?<!\d)[1١](?!\d)")


def counts_one(text: str, pages: Iterable[Document]) -> bool:
    """Whether a sentence speaks of one where no cited page has one of anything, in words or in figures."""
    return bool(_ONE.search(text)) and not any(_has_one(page.title, page.body) for page in pages)


@lru_cache(maxsize=512)
def _has_one(title: str, body: str) -> bool:
    whole = f"{title}\n{body}"
    return bool(_ONE.search(whole) or _IN_FIGURES.search(whole))
