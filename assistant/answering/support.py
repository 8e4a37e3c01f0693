"""Whether passages carry what a sentence claims beyond its figures: by their words, and by their meaning."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.answering.proof import Line, Proof
from assistant.domain.draft import Cited, Evidence
from corpora.documents import Passage
from retrieval.centring import Centres, unit
from retrieval.embedding import Embedder, Vectors
from retrieval.entailment import Entailment
from retrieval.errors import EmbedderFailed, EntailmentFailed

log = logging.getLogger(__name__)

# The least of the two together, and of the meaning alone where passage and sentence are in different languages:
# `docs/decisions/0014-support-by-meaning.md` has what others let through and hold back.
_LEAST = 0.35
_LEAST_MEANING = 0.06
# As much nearer as another source of the same answer may lie.
_NEARER = 0.15
_MORE_WORDS = 0.4
# Without an embedder, the share of the words alone.
_LEAST_WORDS = 0.4
# Shorter sentences have too few words to be missed.
_FEW_WORDS = 3
# More likely than not to follow from the passage.
_LIKELY = 0.5
_PART = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with what it cites, read, and the other sources that it could have cited; `rivals` in its language."""

    cited: Cited
    said: Line
    proofs: tuple[Proof, ...]
    others: tuple[Evidence, ...]
    rivals: tuple[Proof, ...] = ()

    @property
    def one_language(self) -> bool:
        """Whether all that is cited is in the language of the sentence."""
        return all(one.language == self.said.language for one in self.proofs)


class Support(Protocol):
    """Says whether a claim is carried."""

    def __call__(self, claim: Claim) -> bool:
        """Whether what is cited carries the claim."""


def by_words(claim: Claim) -> bool:
    """Whether the passages share enough words with the sentence; across languages nothing can be told from them."""
    if not claim.one_language:
        return True
    own = shared(claim.said, claim.proofs)
    return not _elsewhere(claim, own) and (len(claim.said.words) < _FEW_WORDS or own >= _LEAST_WORDS)


def _elsewhere(claim: Claim, own: float) -> bool:
    """Whether another source has so much more of the words that the wrong one was cited."""
    return any(shared(claim.said, [one]) - own > _MORE_WORDS for one in claim.rivals)


def shared(said: Line, proofs: Sequence[Proof]) -> float:
    """The share of the sentence's words, by their length, that the passages have; parts of compounds count too."""
    words = frozenset[str]().union(*(one.words for one in proofs))
    # `Passfoto` beside `Foto`.
    parts = [word for word in words if len(word) >= _PART]
    related = {word for word in said.words - words if any(part in word or word in part for part in parts)}
    return sum(map(len, (said.words & words) | related)) / max(1, sum(map(len, said.words)))


class ByMeaning:
    """Asks the embedder as well: a sentence lies near the passage that it words, and no other source much nearer.

    `vectors` gives the plain vectors of passages, one row each; `centres` must be those of the embedder.
    """

    def __init__(
        self,
        embedder: Embedder,
        centres: Centres,
        vectors: Callable[[Sequence[Passage]], Vectors],
    ) -> None:
        self._embedder = embedder
        self._centres = centres
        self._vectors = vectors

    def __call__(self, claim: Claim) -> bool:
        """Whether what is cited carries the claim; where the embedder fails by words, and in one language only."""
        try:
            return self._near(claim)
        except EmbedderFailed:
            log.exception("a sentence is judged by its words")
            return claim.one_language and by_words(claim)

    def _near(self, claim: Claim) -> bool:
        own = shared(claim.said, claim.proofs)
        if claim.one_language:
            if _elsewhere(claim, own):
                return False
            # What the words say already need not be looked up, and that is most of what is true.
            if len(claim.said.words) >= _FEW_WORDS and own >= _LEAST_WORDS:
                return True
        carrying = [one.passage for one in claim.cited.evidence]
        others = [one.passage for one in claim.others]
        near = self._nearness(claim.said, [*carrying, *others])
        cited, best = float(near[: len(carrying)].max()), float(near.max())
        if best - cited > _NEARER:
            return False
        # In few words there is not enough to be shared, in another language nothing.
        alone = not claim.one_language or len(claim.said.words) < _FEW_WORDS
        return cited >= _LEAST_MEANING if alone else own + cited >= _LEAST

    def _nearness(self, said: Line, passages: Sequence[Passage]) -> Vectors:
        """The cosine of the sentence and each passage, both without what belongs to their languages."""
        asked = self._embedder.queries([said.text])[0]
        rows = self._vectors(passages)
        means = np.stack([self._centres.passage_mean(passage.language) for passage in passages])
        sought = np.stack([self._centres.searching(asked, said.language, passage.language) for passage in passages])
        near: Vectors = (unit(rows - means) * sought).sum(axis=1)
        return near


class ByEntailment:
    """Has a sentence follow from one of its passages, after another support has found nothing against it."""

    def __init__(self, support: Support, entailment: Entailment) -> None:
        self._support = support
        self._entailment = entailment

    def __call__(self, claim: Claim) -> bool:
        """Whether what is cited carries the claim; not, where the model fails."""
        if not self._support(claim):
            return False
        pairs = [(one.passage.in_context, claim.cited.text) for one in claim.cited.evidence]
        try:
            return bool(self._entailment.probabilities(pairs).max() >= _LIKELY)
        except EntailmentFailed:
            log.exception("a sentence is taken for unproven")
            return False
