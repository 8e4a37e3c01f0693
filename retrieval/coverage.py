"""What of a question stands in the pages that were found: the services it names, and names of its own."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
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


def named_services(query: Query, hits: Sequence[Hit]) -> tuple[float, float]:
    """Whether the question names a service (1 or 0), and the share of them that the first pages name, from -1 to 1.

    The second is 0 where the question names none.
    """
    keys = concepts.load(query.language).within(terms(query.text, query.language))
    if not keys:
        return 0.0, 0.0
    pages = list(_pages(hits))
    found = [any(_names(page, language, key) for language, page in pages) for key in keys]
    return 1.0, 2 * sum(found) / len(found) - 1


def own_names(query: Query, hits: Sequence[Hit]) -> float:
    """The share of the question's proper names that the first pages have, from -1 to 1; 0 where it has none.

    Only for pages in another language, where a name is the one word that stays the same.
    """
    pages = [(language, page) for language, page in _pages(hits) if language != query.language]
    if not pages:
        return 0.0
    language = pages[0][0]
    names = [term for name in _proper(query.text) for term in terms(name, language)]
    found = [any(_has(page, (term,)) for _, page in pages) for term in names]
    return 2 * sum(found) / len(found) - 1 if found else 0.0


def _pages(hits: Sequence[Hit]) -> Iterator[tuple[str, set[str]]]:
    """The first pages: their language and the terms of what was found of them."""
    pages: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        pages.setdefault((hit.corpus, hit.document.id), []).append(hit)
    for found in islice(pages.values(), _PAGES):
        document = found[0].document
        text = "\n".join([document.title, *document.keywords, *(hit.passage.text for hit in found)])
        yield document.language, {*concepts.folded(terms(text, document.language))}


def _names(page: set[str], language: str, key: str) -> bool:
    return any(_has(page, name) for name in concepts.load(language).names.get(key, ()))


def _has(page: set[str], name: Term) -> bool:
    """Whether every term of a name stands on the page, be it with another ending than its stem shows."""
    return all(term in page or _inflected(page, term) for term in name)


def _inflected(page: set[str], term: str) -> bool:
    start = term[: max(_LEAST_START, len(term) - _MOST_ENDING)]
    return len(term) > _LEAST_START and any(other.startswith(start) for other in page)


def _proper(text: str) -> list[str]:
    """Words in Latin letters: all of them in a text of another script, else those with a capital after the first."""
    words = _NAME.findall(text)
    latin = [word for word in words if unicodedata.name(word[0], "").startswith("LATIN")]
    if 2 * len(latin) < len(words):
        return latin
    return [word for word in words[1:] if word[0].isupper()]
