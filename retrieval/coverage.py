"""What of a question stands in the pages that were found: the services it names, and names of its own."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from retrieval import concepts
from retrieval.concepts import Term
from retrieval.retriever import Hit, Query
from retrieval.tokens import terms

# Beyond the first pages there is always one that has the word.
_PAGES = 3
# Stems of one word may differ by so many letters at the end where a language joins many endings.
_MOST_ENDING = 2
_LEAST_START = 4
_NAME = re.compile(r"[^\W\d_][\w.-]+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was found: its language and the terms of what was found of it, without marks."""

    language: str
    terms: frozenset[str]


def first_pages(hits: Sequence[Hit]) -> list[Page]:
    """The best pages, with what of them is among the hits."""
    found: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        found.setdefault((hit.corpus, hit.document.id), []).append(hit)
    return [_page(parts) for parts in islice(found.values(), _PAGES)]


def _page(parts: Sequence[Hit]) -> Page:
    document = parts[0].document
    text = "\n".join([document.title, *document.keywords, *(hit.passage.text for hit in parts)])
    return Page(document.language, frozenset(concepts.folded(terms(text, document.language))))


def named_services(query: Query, pages: Sequence[Page]) -> tuple[float, float]:
    """Whether the question names a service (1 or 0), and the share of them that the first pages name, from -1 to 1.

    The second is 0 where the question names none.
    """
    keys = concepts.named(query.text, query.language)
    if not keys:
        return 0.0, 0.0
    found = [any(_names(page, key) for page in pages) for key in keys]
    return 1.0, 2 * sum(found) / len(found) - 1


def own_names(query: Query, pages: Sequence[Page]) -> float:
    """The share of the question's proper names that the first pages have, from -1 to 1; 0 where it has none.

    Only for pages in another language, where a name is the one word that stays the same.
    """
    others = [page for page in pages if page.language != query.language]
    if not others:
        return 0.0
    names = [term for name in _proper(query.text) for term in concepts.folded(terms(name, others[0].language))]
    found = [any(_has(page.terms, (term,)) for page in others) for term in names]
    return 2 * sum(found) / len(found) - 1 if found else 0.0


def _names(page: Page, key: str) -> bool:
    return any(_has(page.terms, name) for name in concepts.load(page.language).names.get(key, ()))


def _has(page: frozenset[str], name: Term) -> bool:
    """Whether every term of a name stands on the page, be it with another ending than its stem shows."""
    return all(term in page or _inflected(page, term) for term in name)


def _inflected(page: frozenset[str], term: str) -> bool:
    start = term[: max(_LEAST_START, len(term) - _MOST_ENDING)]
    return len(term) > _LEAST_START and any(other.startswith(start) for other in page)


def _proper(text: str) -> list[str]:
    """Words in Latin letters: all of them in a text of another script, else those with a capital after the first."""
    words = _NAME.findall(text)
    latin = [word for word in words if unicodedata.name(word[0], "").startswith("LATIN")]
    if 2 * len(latin) < len(words):
        return latin
    return [word for word in words[1:] if word[0].isupper()]
