"""What a model is given to word an answer: instructions, conversation, numbered sources and the question."""

from collections.abc import Sequence
from pathlib import Path

from assistant.domain.draft import Draft, Evidence
from assistant.domain.replies import replies
from serving.generation import Grammar, Message

_PROMPTS = Path(__file__).parent / "prompts"
MOST_SOURCES = 8
MOST_SENTENCES = 5
# Of the conversation only the end matters, and it may not push the sources out.
_TURNS = 4
_TURN_CHARACTERS = 600
_LONGEST_SENTENCE = 300


def messages(draft: Draft, sources: Sequence[Evidence]) -> tuple[Message, ...]:
    """The messages for one answer; what stays the same from question to question comes first, for the prefix cache."""
    language = replies("en").language_name(draft.language)
    template = (_PROMPTS / "answer.txt").read_text(encoding="utf-8")
    fixed = Message("system", template.format(language=language, sentences=MOST_SENTENCES))
    before = tuple(
        Message("assistant" if turn.role == "assistant" else "user", turn.text[:_TURN_CHARACTERS])
        for turn in draft.history[-_TURNS:]
    )
    listed = "\n\n".join(f"[{n}] {_shown(one)}" for n, one in enumerate(sources, start=1))
    return (fixed, *before, Message("user", f"Sources:\n\n{listed}\n\nQuestion: {draft.standalone}"))


def grammar(sources: int) -> Grammar:
    """Whole sentences, each ending in one or two of so many source numbers; the same text for the same number."""
    numbers = " | ".join(f'"{n}"' for n in range(1, sources + 1))
    return Grammar(
        f'root ::= sentence (" " sentence){{0,{MOST_SENTENCES - 1}}}\n'
        f'sentence ::= [^\\[\\]\\n]{{10,{_LONGEST_SENTENCE}}} " [" source "]" (" [" source "]")?\n'
        f"source ::= {numbers}\n"
    )


def _shown(one: Evidence) -> str:
    """A passage under its headings, without anything that could be taken for a source number."""
    text = f"{' › '.join((one.passage.title, *one.passage.headings))}\n{one.passage.text}"
    return text.replace("[", "(").replace("]", ")")
