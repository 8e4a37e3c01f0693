"""Step 6: the sentences of the answer, each with its evidence; here by quoting."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.figures import statements
from assistant.domain.answer import Outcome
from assistant.domain.draft import Cited, Draft, Evidence
from corpora.sentences import sentences
from retrieval.retriever import Hit
from retrieval.tokens import terms


class Composer(Protocol):
    """Words the answer sentence by sentence; `name` stands in the answer's provenance."""

    name: str

    def __call__(self, draft: Draft) -> AsyncIterator[Cited]:
        """Proposed sentences in reading order; `verify` has the last word."""


# Facts that are quoted only when they are asked for; the service card shows them anyway.
_UNASKED = ("legal_basis", "online_service", "office")


@dataclass(frozen=True, slots=True)
class QuotingRules:
    """How much is quoted. The alternatives stand in `docs/decisions/0006-quoting.md`.

    `behind` is how far below the best score a further page may lie, and `same_page` a further passage of the
    best page. The best page gets up to `words`; the second page and those after it get an excerpt.
    """

    behind: float = 0.15
    same_page: float = 0.12
    passages: int = 3
    words: int = 120
    pages: int = 5
    second_words: int = 30
    further_words: int = 20


class Quote:
    """Quotes the facts that were asked for, then the passages that fit best, in the page's order."""

    name = "quoting"

    def __init__(self, rules: QuotingRules | None = None) -> None:
        self._rules = rules or QuotingRules()

    async def __call__(self, draft: Draft) -> AsyncIterator[Cited]:
        """Verbatim sentences of the sources."""
        facts = tuple(self._facts(draft))
        prose = (*self._best_page(draft, bool(facts)), *(() if facts else self._further_pages(draft)))
        told = statements("\n".join(one.text for one in facts))
        said: set[str] = set()
        for cited in (*facts, *(one for one in prose if not _told(one, told))):
            key = " ".join(cited.text.casefold().split())
            if key not in said:
                said.add(key)
                yield cited

    @staticmethod
    def _facts(draft: Draft) -> Iterator[Cited]:
        asked = list(draft.facets)
        if draft.outcome is Outcome.INDIVIDUAL_DECISION:
            asked = ["conditions", *(facet for facet in asked if facet != "conditions"), "office"]
        facts = {one.passage.fact: one for one in draft.page if one.passage.fact}
        for facet in dict.fromkeys(asked):
            if facet in facts:
                yield _fact(facts[facet])

    def _best_page(self, draft: Draft, facts: bool) -> Iterator[Cited]:
        best = draft.hits[0]
        near = self._near(draft)
        # Before any other page comes near, all that leads is the answer; beside another page one passage is enough.
        leading = next((place for place, hit in enumerate(near) if hit.page != best.page), self._rules.passages)
        most = 1 if facts else min(leading, self._rules.passages)
        chosen: list[Hit] = []
        for hit in draft.hits:
            fits = hit.page == best.page and hit.score >= best.score - self._rules.same_page
            if not fits or hit.passage.fact in (*draft.facets, *_UNASKED) or _repeats(hit, chosen):
                continue
            words = sum(len(one.passage.text.split()) for one in (*chosen, hit))
            if chosen and (words > self._rules.words or len(chosen) == most):
                break
            chosen.append(hit)
        for hit in sorted(chosen, key=lambda hit: (hit.passage.fact is None, hit.passage.place)):
            yield from _quoted(hit)

    def _further_pages(self, draft: Draft) -> Iterator[Cited]:
        # A fee or a list of papers of another page would be taken for an answer to this question.
        prose = [hit for hit in self._near(draft) if hit.passage.fact in (None, "summary")]
        pages = {hit.page: hit for hit in reversed(prose) if hit.page != draft.hits[0].page}
        ranked = sorted(pages.values(), key=lambda hit: -hit.score)[: self._rules.pages - 1]
        for place, hit in enumerate(ranked):
            words = self._rules.further_words if place else self._rules.second_words
            yield from _quoted(hit, words, draft.standalone)

    def _near(self, draft: Draft) -> list[Hit]:
        return [hit for hit in draft.hits if hit.score >= draft.hits[0].score - self._rules.behind]


def _told(cited: Cited, told: set[str]) -> bool:
    """Whether a sentence only repeats figures that a fact in front of it has stated."""
    mine = statements(cited.text)
    return bool(mine) and mine <= told


def _quoted(hit: Hit, words: int | None = None, question: str = "") -> Iterator[Cited]:
    """The sentences of a passage, or an excerpt of about so many words."""
    found = Evidence(hit.passage, hit.document, hit.corpus, hit.revision)
    if hit.passage.fact:
        yield _fact(found)
        return
    said = sentences(hit.passage.text)
    for sentence in (
        said if words is None else _excerpt(said, words, terms(question, hit.passage.language), hit.passage.language)
    ):
        yield Cited(sentence, hit.passage.language, (found,), quoted=True)


def _excerpt(said: list[str], words: int, asked: Sequence[str], language: str) -> list[str]:
    """The sentences from the one on that shares most terms with the question, as far as the words go."""
    shared = [len(set(asked) & set(terms(sentence, language))) for sentence in said]
    start = shared.index(max(shared, default=0)) if said else 0
    chosen: list[str] = []
    for sentence in said[start:]:
        if chosen and sum(len(one.split()) for one in (*chosen, sentence)) > words:
            break
        chosen.append(sentence)
    return chosen


def _repeats(hit: Hit, chosen: Sequence[Hit]) -> bool:
    """Whether the page has said this already: facts and prose of a page say the same."""
    mine = set(hit.passage.text.casefold().split())
    return any(len(mine & set(other.passage.text.casefold().split())) > 0.8 * len(mine) for other in chosen)


def _fact(found: Evidence) -> Cited:
    """The lines of a fact under its heading, as one sentence."""
    heading = found.passage.headings[-1] if found.passage.headings else found.passage.title
    lines = [
        line.rstrip(".;") if count else line for count, line in enumerate(found.passage.text.splitlines(), start=1)
    ]
    return Cited(f"{heading}: {'; '.join(lines)}", found.passage.language, (found,), quoted=True)
