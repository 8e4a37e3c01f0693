"""Step 7: nothing leaves that its evidence does not say."""

import re

from assistant.answering.figures import statements
from assistant.domain.draft import Cited
from corpora.documents import Passage


class Verify:
    """Checks a sentence against the passages it cites."""

    def __call__(self, cited: Cited) -> tuple[str, ...]:
        """Why the sentence must not be released; empty where it may be."""
        if not cited.evidence or not cited.text.strip():
            return ("no evidence",)
        proof = "\n".join(one.passage.in_context for one in cited.evidence)
        reasons = [f"not in the source: {kind}" for kind in _kinds(statements(cited.text) - statements(proof))]
        if cited.quoted and not any(_verbatim(cited.text, one.passage) for one in cited.evidence):
            reasons.append("not word for word")
        return tuple(reasons)


def _kinds(unproven: set[str]) -> list[str]:
    return sorted({statement.split(":")[0] for statement in unproven})


def _verbatim(text: str, passage: Passage) -> bool:
    """Whether a quote stands in the passage as a whole; a fact is its heading and its lines."""
    if _within(text, passage.in_context):
        return True
    heading, colon, lines = text.partition(": ")
    known = {_words(one) for one in (passage.title, *passage.headings)}
    return bool(colon) and _words(heading) in known and all(_within(one, passage.text) for one in lines.split("; "))


def _within(part: str, whole: str) -> bool:
    """Whether the words of a part stand in a row, from the beginning of a word to the end of one."""
    words = _words(part)
    return bool(words) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", _words(whole)) is not None


def _words(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")
