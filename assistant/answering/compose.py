"""Step 6: the sentences of the answer, each with its evidence; here by quoting."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain.answer import Outcome
from assistant.domain.draft import Cited, Draft, Evidence
from corpora.sentences import sentences
from retrieval.retriever import Hit


class Composer(Protocol):
    """Words the answer sentence by sentence; `name` stands in the answer's provenance."""

    name: str

    def __call__(self, draft: Draft) -> AsyncIterator[Cited]:
        """Proposed sentences in reading order; `verify` has the last word."""


@dataclass(frozen=True, slots=True)
class QuotingRules:
    """How much is quoted: prose passages, words in all, and how far behind the best a passage may be."""

    passages: int = 3
    words: int = 130
    behind: float = 0.12


class Quote:
    """Quotes the facts that were asked for, then the passages that fit best, in the page's order."""

    name = "quoting"

    def __init__(self, rules: QuotingRules | None = None) -> None:
        self._rules = rules or QuotingRules()

    async def __call__(self, draft: Draft) -> AsyncIterator[Cited]:
        """Verbatim sentences of the sources."""
        said: set[str] = set()
        for cited in (*self._facts(draft), *self._prose(draft)):
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

    def _prose(self, draft: Draft) -> Iterator[Cited]:
        for hit in self._chosen(draft):
            found = Evidence(hit.passage, hit.document, hit.corpus, hit.revision)
            if hit.passage.fact:
                yield _fact(found)
                continue
            for sentence in sentences(hit.passage.text):
                yield Cited(sentence, hit.passage.language, (found,), quoted=True)

    def _chosen(self, draft: Draft) -> list[Hit]:
        """The best passages within the budget, page by page, each page in its own order."""
        best = draft.hits[0].score
        near = [hit for hit in draft.hits if hit.score >= best - self._rules.behind]
        chosen: list[Hit] = []
        words = 0
        for hit in near:
            count = len(hit.passage.text.split())
            if chosen and (words + count > self._rules.words or len(chosen) == self._rules.passages):
                break
            if hit.passage.fact in draft.facets or _repeats(hit, chosen):
                continue
            chosen.append(hit)
            words += count
        pages = list(dict.fromkeys(hit.page for hit in chosen))
        return sorted(chosen, key=lambda hit: (pages.index(hit.page), hit.passage.fact is None, hit.passage.place))


def _repeats(hit: Hit, chosen: Sequence[Hit]) -> bool:
    """Whether the page has said this already: facts and prose of a page say the same."""
    mine = set(hit.passage.text.casefold().split())
    return any(
        len(mine & set(other.passage.text.casefold().split())) > 0.8 * len(mine) for other in chosen if other.page == hit.page
    )


def _fact(found: Evidence) -> Cited:
    """The lines of a fact under its heading, as one sentence."""
    heading = found.passage.headings[-1] if found.passage.headings else found.passage.title
    lines = [line.rstrip(".;") if count else line for count, line in enumerate(found.passage.text.splitlines(), start=1)]
    return Cited(f"{heading}: {'; '.join(lines)}", found.passage.language, (found,), quoted=True)
