"""Step 2: in which language, about what, and does it go on from what was said before?"""

from dataclasses import replace

from assistant.answering.cues import begins_with, has_cue
from assistant.domain.answer import Answer
from assistant.domain.draft import Draft
from assistant.domain.replies import Replies, languages, replies
from retrieval.language import identify

FACETS = (
    "fees", "required_documents", "processing_time", "deadline", "office", "online_service", "conditions", "steps",
)  # fmt: skip
# Longer questions say what they are about, whatever they begin with.
_FOLLOW_UP_WORDS = 9
_FACET_ALONE_WORDS = 3


class Understand:
    """Finds language and facets, and puts the subject of a conversation in front of a follow-up."""

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with language, facets and a question that stands alone."""
        asked = [turn.text for turn in draft.history if turn.role == "user" and turn.text]
        language = self._language(draft, asked)
        words = replies(language)
        facets = tuple(f for f in FACETS if words.language == language and has_cue(draft.text, words.cues(f)))
        standalone = (
            " ".join([*_subject(asked, words), draft.text]) if _goes_on(draft.text, facets, words) else draft.text
        )
        return replace(draft, language=language, facets=facets, standalone=standalone)

    @staticmethod
    def _language(draft: Draft, asked: list[str]) -> str:
        if draft.question.language:
            return draft.question.language
        municipality = draft.question.municipality
        expected = list(dict.fromkeys([*municipality.languages, *languages()]))
        before = identify(" ".join(asked[-2:]), expected) if asked else None
        if before:
            # Who has asked in a language goes on in it: two words prove little against a whole question.
            expected = [before, *(language for language in expected if language != before)]
        return identify(draft.text, expected) or before or expected[0]


def _goes_on(text: str, facets: tuple[str, ...], words: Replies) -> bool:
    count = len(text.split())
    begins = count <= _FOLLOW_UP_WORDS and begins_with(text, words.cues("follow_up"))
    return begins or (count <= _FACET_ALONE_WORDS and bool(facets))


def _subject(asked: list[str], words: Replies) -> list[str]:
    """The last question that stood alone, with nothing of the follow-ups after it."""
    for text in reversed(asked):
        facets = tuple(f for f in FACETS if has_cue(text, words.cues(f)))
        if not _goes_on(text, facets, words):
            return [text]
    return asked[-1:]
