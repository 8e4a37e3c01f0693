"""Step 1: what came in, without what nobody can see and without personal data."""

from dataclasses import replace

from assistant.answering.masking import masked
from assistant.answering.present import Present
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Draft, Turn
from corpora.cleaning import one_line
from retrieval.language import identify


class Screen:
    """Cleans and masks the question and its history; what is empty or far too long ends here."""

    def __init__(self, present: Present, most_characters: int) -> None:
        self._present = present
        self._most = most_characters

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with its screened text."""
        question = draft.question
        if len(question.text) > self._most:
            language = question.language or identify(question.text[: self._most], question.municipality.languages)
            return self._present.ending(
                replace(draft, language=language or draft.language, most=self._most), Outcome.REFUSED
            )
        cleaned = one_line(question.text)
        text = masked(cleaned)
        history = tuple(Turn(turn.role, masked(one_line(turn.text[: self._most]))) for turn in question.history)
        screened = replace(draft, text=text, standalone=text, masked=text != cleaned, history=history)
        if not any(character.isalnum() for character in text):
            return self._present.ending(screened, Outcome.UNCLEAR)
        return screened
