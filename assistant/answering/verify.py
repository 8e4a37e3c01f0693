"""Step 7: nothing leaves that its evidence does not say."""

from assistant.answering.figures import statements
from assistant.domain.draft import Cited


class Verify:
    """Checks a sentence against the passages it cites."""

    def __call__(self, cited: Cited) -> tuple[str, ...]:
        """Why the sentence must not be released; empty where it may be."""
        if not cited.evidence or not cited.text.strip():
            return ("no evidence",)
        proof = "\n".join(one.passage.in_context for one in cited.evidence)
        reasons = [f"not in the source: {kind}" for kind in _kinds(statements(cited.text) - statements(proof))]
        if cited.quoted and not _verbatim(cited.text, proof):
            reasons.append("not word for word")
        return tuple(reasons)


def _kinds(unproven: set[str]) -> list[str]:
    return sorted({statement.split(":")[0] for statement in unproven})


def _verbatim(text: str, proof: str) -> bool:
    """Whether every part of a quote stands in the source; a fact is its heading and its lines."""
    said = _words(proof)
    heading, colon, lines = text.partition(": ")
    if _words(text) in said:
        return True
    parts = [heading, *lines.split("; ")] if colon else [text]
    return all(_words(part) in said for part in parts)


def _words(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")
