"""Behind step 2, with a model: what a follow-up asks, as a question that stands alone."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from assistant.answering.asking import Asking
from assistant.answering.cues import plain, whole
from assistant.answering.masking import masked
from assistant.answering.plain import names_nothing, names_service
from assistant.answering.route import OUTCOMES
from assistant.answering.understand import FACETS, asked_before, facets_of, subject_of
from assistant.domain.answer import Answer
from assistant.domain.draft import Draft, Turn
from assistant.domain.replies import replies
from corpora.cleaning import one_line
from retrieval import concepts
from retrieval.language import identify
from serving.errors import GenerationFailed
from serving.generation import Message, Schema

log = logging.getLogger(__name__)

_PROMPT = Path(__file__).parent / "prompts" / "rewrite.txt"
_TURNS = 4
_TURN_CHARACTERS = 600
_LONGEST = 300
_MOST_TOKENS = 90
_SCHEMA = Schema(
    {
        "type": "object",
        "properties": {"question": {"type": "string", "minLength": 1, "maxLength": _LONGEST}},
        "required": ["question"],
        "additionalProperties": False,
    }
)
_MARKUP = re.compile(r"[<>{}`#|\\]|\*\*|\]\(|//|www\.", re.IGNORECASE)
# Fewer words can be of any language.
_TELLING_WORDS = 5
# Longer questions say what they are about.
_LONG = 9
_TERSE = 5
# How and where are asked with a word that matters ("Without an appointment, too?"); a fact has a name of its own.
_FACTS = frozenset(FACETS) - {"online_service", "office"}


class Rewrite:
    """Has a model say what a follow-up means; where it does not, the draft stays as the cheap way left it.

    `by_phrase` names the route that a text takes by its words: a crisis waits for no model, and thanks ask nothing.
    """

    def __init__(self, asking: Asking, by_phrase: Callable[[str], str | None], seconds: float = 2.0) -> None:
        self._asking = asking
        self._by_phrase = by_phrase
        self._seconds = seconds

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with its question rewritten, or as it came."""
        if not unsure(draft) or self._by_phrase(draft.text) in OUTCOMES:
            return draft
        try:
            # A slow rewrite costs the citizen more than it brings.
            async with asyncio.timeout(self._seconds):
                question = usable(await self._written(draft), draft)
        except GenerationFailed as error:
            # Its text names server and reason, and nothing that a citizen said.
            return _as_it_came(draft, str(error))
        except TimeoutError:
            return _as_it_came(draft, f"The model took more than {self._seconds:g} seconds.")
        if question is None:
            return _as_it_came(draft, "What the model wrote is no such question.")
        asked_for = {*facets_of(draft.text, draft.language), *facets_of(question, draft.language)}
        return replace(draft, standalone=question, facets=tuple(facet for facet in FACETS if facet in asked_for))

    async def _written(self, draft: Draft) -> str:
        # Servers take two requests of one name for one, while the first is still being stopped.
        named = replace(draft, id=f"{draft.id}-rewrite")
        stream = self._asking(named, messages(draft), max_tokens=_MOST_TOKENS, constraint=_SCHEMA)
        async with aclosing(stream) as pieces:
            return "".join([piece async for piece in pieces if isinstance(piece, str)])


def unsure(draft: Draft) -> bool:
    """Whether a conversation goes on in a way that the cheap way can only guess at.

    It is sure of a question without one before it; of one that it left alone where that is long, or names a service
    and says what about it; of one that it put behind the subject where that asks for nothing but a fact ("What does
    it cost?"), the subject names one service, and nothing but facts was asked, tersely, in between.
    """
    before, subject, language = asked_before(draft), subject_of(draft), draft.language
    if subject is None:
        return False
    if draft.standalone == draft.text:
        return not _says_it_all(draft.text, language)
    since = before[len(before) - before[::-1].index(subject) :]
    # A longer one in between may have been about somebody else.
    terse = all(len(plain(text)) <= _TERSE for text in since)
    bare = all(_asks_for_a_fact(text, language) for text in (*since, draft.text))
    return not (terse and bare and len(concepts.named(subject, language)) == 1)


def messages(draft: Draft) -> tuple[Message, ...]:
    """The messages for one rewrite: the fixed part, then the end of the conversation, its subject and the question."""
    turns, subject = draft.history[-_TURNS:], subject_of(draft)
    if subject and not any(turn.text == subject for turn in turns):
        turns = (Turn("user", subject), *turns)
    said = "\n".join(
        f"{'Assistant' if turn.role == 'assistant' else 'Citizen'}: {turn.text[:_TURN_CHARACTERS]}" for turn in turns
    )
    names: Mapping[str, str] = replies("en").tables["languages"]
    language = names.get(draft.language, "that of the last message")
    return (
        Message("system", _PROMPT.read_text(encoding="utf-8")),
        Message("user", f"Conversation:\n{said}\nLast message: {draft.text}\nLanguage: {language}"),
    )


def usable(written: str, draft: Draft) -> str | None:
    """The question in what the model wrote, screened as a citizen's words are; None where it is of no use."""
    try:
        # Deep nesting is no JSON error, but the end of Python's stack.
        answer = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or set(answer) != {"question"} or not isinstance(answer["question"], str):
        return None
    question = masked(one_line(answer["question"]))
    if not any(character.isalnum() for character in question) or len(question) > _LONGEST or _MARKUP.search(question):
        return None
    return question if _in_language(question, draft.language) and _says_more(question, draft) else None


def _in_language(question: str, language: str) -> bool:
    return len(question.split()) < _TELLING_WORDS or identify(question, [language]) == language


def _says_more(question: str, draft: Draft) -> bool:
    """Whether it names what it is about; an echo of the question does where that names a service."""
    echo = whole(question) == whole(draft.text)
    return not names_nothing(question, draft.language) and (not echo or names_service(question, draft.language))


def _says_it_all(text: str, language: str) -> bool:
    if len(text.split()) > _LONG:
        return True
    return names_service(text, language) and (len(plain(text)) > _TERSE or bool(facets_of(text, language)))


def _asks_for_a_fact(text: str, language: str) -> bool:
    return names_nothing(text, language) and not _FACTS.isdisjoint(facets_of(text, language))


def _as_it_came(draft: Draft, reason: str) -> Draft:
    log.warning("answer %s: its question is not rewritten: %s", draft.id, reason)
    return draft
