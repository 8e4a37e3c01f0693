"""Whether what may be said is still an answer, and what would only say it again."""

from collections.abc import Sequence

from assistant.answering.figures import statements
from assistant.domain.draft import Cited, Draft
from retrieval.tokens import terms

# A quote of which so much stands in what was said before adds nothing.
_TOLD = 0.7


def answers(draft: Draft, said: Sequence[Cited], dropped: int) -> bool:
    """Whether most of an answer could be proven, and every fact that was asked for and is known was told."""
    if not said or dropped > len(said):
        return False
    known = {one.passage.fact: one.passage for one in draft.page if one.passage.fact in draft.facets}
    cited = {one.passage.id for sentence in said for one in sentence.evidence}
    told = {statement for sentence in said for statement in statements(sentence.text)}
    return all(passage.id in cited or told & statements(passage.text) for passage in known.values())


def repeats(cited: Cited, said: Sequence[Cited]) -> bool:
    """Whether a sentence says nothing that another of its language or with all of its figures has not said."""
    mine = frozenset(terms(cited.text, cited.language))
    figures = statements(cited.text)
    for other in said:
        if other.language == cited.language:
            theirs = frozenset(terms(other.text, other.language))
            if figures <= statements(other.text) and len(mine & theirs) >= _TOLD * len(mine):
                return True
    return False
