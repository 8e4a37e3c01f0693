"""Step 5: is there enough to answer? If not, the reason is an outcome, and the way on is shown."""

from dataclasses import replace

from assistant.answering.present import Present
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Draft
from retrieval.centring import Centres
from retrieval.likelihood import Likelihood
from retrieval.retriever import Query

# Fewer words than this that fit nothing are a slip or a fragment rather than a question.
_QUESTION_WORDS = 3
# Who asks how not to be deported is not to be shown bulky waste: below this share of the threshold nothing is near.
_NEAR = 0.25


class Judge:
    """Declines what the corpora do not cover; threshold and shifts of the languages are data of the embedder."""

    def __init__(self, likelihood: Likelihood, centres: Centres, present: Present) -> None:
        self._likelihood = likelihood
        self._centres = centres
        self._present = present

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with its likelihood, or the answer that declines."""
        if draft.vague:
            return self._present.ending(replace(draft, hits=()), Outcome.UNCLEAR)
        if draft.vector is None or not draft.hits:
            return self._present.ending(draft, Outcome.NOT_FOUND)
        query = Query(draft.standalone, draft.language, draft.vector, draft.question.asked_at.date())
        likelihood = self._likelihood.of(query, draft.hits, self._centres)
        judged = replace(draft, likelihood=likelihood)
        if likelihood < self._likelihood.threshold:
            shown = judged if likelihood >= _NEAR * self._likelihood.threshold else replace(judged, hits=())
            return self._present.ending(shown, _reason(judged))
        if draft.outcome is Outcome.OUT_OF_SCOPE:
            return replace(judged, outcome=Outcome.ANSWERED)
        return judged


def _reason(draft: Draft) -> Outcome:
    if draft.outcome is Outcome.OUT_OF_SCOPE:
        return Outcome.OUT_OF_SCOPE
    return Outcome.UNCLEAR if len(draft.standalone.split()) < _QUESTION_WORDS else Outcome.NOT_FOUND
