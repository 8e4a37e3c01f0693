"""Whether what may be said is still an answer, and what would only say it again."""

from collections.abc import Sequence

from assistant.answering.figures import statements
from assistant.domain.draft import Cited, Draft
from corpora.documents import Passage
from retrieval.centring import Centres
from retrieval.embedding import Embedder
from retrieval.errors import EmbedderFailed
from retrieval.tokens import terms

# A quote of which so much stands in what was said before adds nothing.
_TOLD = 0.7
# As near as one sentence must be to the question: 2 of 100 good answers have none, 88 of 100 that went astray neither
# (`tests/quality/worded`).
_NEAR = 0.1


class Enough:
    """Says whether sentences answer a question, or whether quoting has to go on."""

    def __init__(self, embedder: Embedder, centres: Centres) -> None:
        self._embedder = embedder
        self._centres = centres

    def __call__(self, draft: Draft, said: Sequence[Cited], dropped: int) -> bool:
        """Whether most could be proven, each known fact that was asked for is told, and one is about the question."""
        # "From 24 years you pay 46 euros" is far from "What does an identity card cost?", and is its answer.
        return told(draft, said, dropped) and (bool(_facts(draft)) or any(self._near(draft, cited) for cited in said))

    def _near(self, draft: Draft, cited: Cited) -> bool:
        if cited.quoted or draft.vector is None:
            return True
        try:
            said = self._centres.centred(self._embedder.queries([cited.text])[0], cited.language)
        except EmbedderFailed:
            return False
        return float(said @ self._centres.centred(draft.vector, draft.language)) >= _NEAR


def told(draft: Draft, said: Sequence[Cited], dropped: int) -> bool:
    """Whether most of an answer could be proven, and every fact that was asked for and is known was told."""
    if not said or dropped > len(said):
        return False
    cited = {one.passage.id for sentence in said for one in sentence.evidence}
    stated = {statement for sentence in said for statement in statements(sentence.text)}
    return all(passage.id in cited or stated & statements(passage.text) for passage in _facts(draft))


def _facts(draft: Draft) -> list[Passage]:
    """The facts that were asked for, as far as the page has them."""
    return [one.passage for one in draft.page if one.passage.fact in draft.facets]


def repeats(cited: Cited, said: Sequence[Cited]) -> bool:
    """Whether a sentence says nothing that another one of its language has not said, with all of its figures."""
    mine, figures = frozenset(terms(cited.text, cited.language)), statements(cited.text)
    return any(
        other.language == cited.language
        and figures <= statements(other.text)
        and len(mine & frozenset(terms(other.text, other.language))) >= _TOLD * len(mine)
        for other in said
    )
