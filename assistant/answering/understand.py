"""Step 2: in which language, about what, and does it go on from what was said before?"""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from assistant.answering.cues import begins_with, has_cue, whole
from assistant.answering.plain import names_nothing, names_service
from assistant.domain.answer import Answer
from assistant.domain.draft import Draft
from assistant.domain.replies import LIKELY, replies
from retrieval.language import identify

FACETS = (
    "fees", "required_documents", "processing_time", "deadline", "office", "online_service", "conditions", "steps",
)  # fmt: skip
_ROUTES = Path(__file__).parent / "data" / "routes.toml"
# Longer questions say what they are about, whatever they begin with.
_FOLLOW_UP_WORDS = 9
_FACET_ALONE_WORDS = 3


class Understand:
    """Finds language and facets, and puts the subject of a conversation in front of a follow-up."""

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with language, facets and a question that stands alone."""
        language = self._language(draft)
        facets = facets_of(draft.text, language)
        understood = replace(draft, language=language, facets=facets, standalone=draft.text)
        if not _goes_on(draft.text, language):
            return understood
        subject = subject_of(understood)
        if subject is None:
            return replace(understood, vague=names_nothing(draft.text, language))
        # "And for my child?" asks for what was asked before it.
        return replace(understood, standalone=f"{subject} {draft.text}", facets=facets or facets_of(subject, language))

    @staticmethod
    def _language(draft: Draft) -> str:
        if draft.question.language:
            return draft.question.language
        asked = asked_before(draft)
        expected = list(dict.fromkeys([*draft.question.municipality.languages, *LIKELY]))
        before = identify(" ".join(asked[-2:]), expected) if asked else None
        if before:
            # Who has asked in a language goes on in it: two words prove little against a whole question.
            expected = [before, *(language for language in expected if language != before)]
        return identify(draft.text, expected) or before or expected[0]


def subject_of(draft: Draft) -> str | None:
    """The last question of the conversation that stood alone; None at its beginning."""
    asked = asked_before(draft)
    return next((text for text in reversed(asked) if not _goes_on(text, draft.language)), asked[-1] if asked else None)


def asked_before(draft: Draft) -> list[str]:
    """What the citizen asked before; a greeting or thanks in between is no question."""
    said = [turn.text for turn in draft.history if turn.role == "user" and turn.text]
    return [text for text in said if whole(text) not in _courtesies()]


@cache
def _courtesies() -> frozenset[str]:
    tables = tomllib.loads(_ROUTES.read_text(encoding="utf-8"))
    return frozenset(whole(phrase) for name in ("greeting", "thanks") for phrase in tables[name]["phrases"])


def facets_of(text: str, language: str) -> tuple[str, ...]:
    """The facts that a text asks for, in the order of the card; none in a language without cues."""
    words = replies(language)
    if words.language != language:
        # Another language's cues would be found by chance.
        return ()
    found = tuple(facet for facet in FACETS if has_cue(text, words.cues(facet)))
    # How long something is valid has nothing to do with how long it takes.
    return (
        tuple(facet for facet in found if facet != "processing_time")
        if has_cue(text, words.cues("validity"))
        else found
    )


def _goes_on(text: str, language: str) -> bool:
    count = len(text.split())
    begins = count <= _FOLLOW_UP_WORDS and begins_with(text, replies(language).cues("follow_up"))
    alone = count <= _FACET_ALONE_WORDS and bool(facets_of(text, language)) and not names_service(text, language)
    return begins or alone or names_nothing(text, language)
