"""What a model is given to word an answer: instructions, conversation, numbered sources and the question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.links import Links
from assistant.domain.draft import Draft, Evidence, Level
from assistant.domain.replies import replies
from serving.generation import Grammar, Message

_PROMPTS = Path(__file__).parent / "prompts"
_INSTRUCTIONS: Mapping[Level, str] = {"normal": "answer.txt", "plain": "plain.txt"}
MOST_SOURCES = 8
MOST_SENTENCES = 5
# Of the conversation only the end matters, and it may not push the sources out.
_TURNS = 4
_TURN_CHARACTERS = 600
LONGEST_SENTENCE = 300
# As far below the best as a passage may be quoted from.
_BEHIND = 0.15
# What a chat template writes around each message.
_AROUND = 8


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent, the sources as they are numbered in it, and the links that it hides."""

    messages: tuple[Message, ...]
    sources: tuple[Evidence, ...]
    links: Links


class Prompts:
    """Builds prompts of at most `budget` tokens; `count` is how many tokens a text has."""

    def __init__(self, count: Callable[[str], int], budget: int) -> None:
        self._count = count
        self._budget = budget

    def answer(self, draft: Draft) -> Prompt:
        """The messages for one answer and the sources numbered in them; what is too long loses its beginning first.

        What stays the same from question to question comes first, for the prefix cache: the conversation goes before
        the sources. Of both, the oldest turns are left out before the last sources.
        """
        before, sources = _before(draft), sources_of(draft)
        while True:
            links = Links()
            messages = (_fixed(draft), *before, _asked(draft, sources, links))
            if self._tokens(messages) <= self._budget or not (before or sources[1:]):
                return Prompt(messages, tuple(sources), links)
            before, sources = (before[1:], sources) if before else (before, sources[:-1])

    def _tokens(self, messages: Sequence[Message]) -> int:
        return sum(self._count(message.text) + _AROUND for message in messages)


def sources_of(draft: Draft) -> list[Evidence]:
    """The passages to word an answer from: facts that were asked for, then what was found near the best, at most 8."""
    asked = [one for one in draft.page if one.passage.fact in draft.facets]
    near = [
        Evidence(hit.passage, hit.document, hit.corpus, hit.revision)
        for hit in draft.hits
        if hit.score >= draft.hits[0].score - _BEHIND
    ]
    found = {(one.corpus, one.passage.id): one for one in (*asked, *near)}
    return list(found.values())[:MOST_SOURCES]


def grammar(sources: int) -> Grammar:
    """Whole sentences, each ending in one or two of so many source numbers; the same text for the same number."""
    numbers = " | ".join(f'"{n}"' for n in range(1, sources + 1))
    return Grammar(
        f'root ::= sentence (" " sentence){{0,{MOST_SENTENCES - 1}}}\n'
        f'sentence ::= [^\\[\\]\\n]{{10,{LONGEST_SENTENCE}}} " [" source "]" (" [" source "]")?\n'
        f"source ::= {numbers}\n"
    )


def _fixed(draft: Draft) -> Message:
    template = (_PROMPTS / _INSTRUCTIONS[draft.question.level]).read_text(encoding="utf-8")
    # In the language of all that we say ourselves: only there can a sentence be proven.
    language = replies("en").language_name(replies(draft.language).language)
    tone = draft.question.municipality.tone
    said = template.format(language=language, sentences=MOST_SENTENCES, tone=f"- {tone}" if tone else "")
    return Message("system", said.rstrip())


def _before(draft: Draft) -> tuple[Message, ...]:
    return tuple(
        Message("assistant" if turn.role == "assistant" else "user", turn.text[:_TURN_CHARACTERS])
        for turn in draft.history[-_TURNS:]
    )


def _asked(draft: Draft, sources: Sequence[Evidence], links: Links) -> Message:
    listed = "\n\n".join(f"[{n}] {links.hidden(_shown(one))}" for n, one in enumerate(sources, start=1))
    return Message("user", f"Sources:\n\n{listed}\n\nQuestion: {draft.standalone}")


def _shown(one: Evidence) -> str:
    """A passage under its headings, without anything that could be taken for a source number."""
    text = f"{' › '.join((one.passage.title, *one.passage.headings))}\n{one.passage.text}"
    return text.replace("[", "(").replace("]", ")")
