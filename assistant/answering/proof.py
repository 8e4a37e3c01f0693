"""What a passage says, read once: its figures, and line by line its words and polarity."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from assistant.answering.figures import offered, stated
from assistant.answering.lexicon import folded, meanings
from assistant.answering.offices import beginnings
from assistant.answering.polarity import Polarity, polarity, without_cues
from assistant.answering.quantities import Figure
from assistant.answering.tokens import plain
from corpora.sentences import sentences
from retrieval.tokens import terms

_FILLERS = Path(__file__).parent / "data" / "fillers.toml"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CLAUSE = re.compile(r"[,;:–—()،؛]| (?:und|oder|and|or|but|aber|sondern|et|ou|mais|ve|veya|ama|та|або|але|і) ")
# Shorter words say little: articles, pronouns, prepositions. Arabic writes no vowels.
_SHORT = 3
_SHORT_ARABIC = 2
_FEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a passage, or a clause of one."""

    text: str
    language: str
    words: frozenset[str]
    polarity: Polarity

    def covers(self, words: frozenset[str]) -> float:
        """The share of the words that the line has."""
        return len(words & self.words) / len(words) if words else 0.0

    def likeness(self, words: frozenset[str]) -> float:
        """How much the line is about the same and nothing else, from 0 to 1."""
        return 2 * len(words & self.words) / (len(words) + len(self.words)) if words else 0.0

    def says(self, figures: Sequence[Figure]) -> bool:
        """Whether the line has each figure, as often as it is stated."""
        offers = [frozenset(one.offers) for one in stated(self.text)]
        whole = frozenset[str]().union(*offers)
        for one in figures:
            times = sum(one.key == other.key for other in figures)
            if not one.proven(whole) or (times > 1 and sum(one.proven(offer) for offer in offers) < times):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Proof:
    """A passage in its context, ready to be compared with."""

    language: str
    text: str
    offered: frozenset[str]
    heading: str
    of_heading: frozenset[str]
    words: frozenset[str]
    names: str
    lines: tuple[Line, ...]
    clauses: tuple[Line, ...]


@lru_cache(maxsize=512)
def proof(text: str, heading: str, language: str) -> Proof:
    """What a text says under its heading; the last few hundred are remembered."""
    lines = tuple(line(one, language) for one in sentences(text))
    parts = tuple(clause for one in lines for clause in _clauses(one, language))
    whole = f"{heading}\n{text}"
    return Proof(
        language,
        whole,
        offered(whole),
        heading,
        offered(heading),
        content(whole, language),
        beginnings(whole),
        lines,
        parts,
    )


def line(text: str, language: str) -> Line:
    """A sentence read for comparing."""
    return Line(text, language, content(text, language), polarity(text, language))


def content(text: str, language: str) -> frozenset[str]:
    """The stems of the words that say what a text is about: neither figures nor cues."""
    found = _WORD.findall(without_cues(folded(plain(text)), language))
    short = _SHORT_ARABIC if language == "ar" else _SHORT
    empty = _fillers().get(language, frozenset())
    kept = [word for word in found if len(word) > short and word not in empty and not _is_figure(word)]
    return frozenset(terms(" ".join(kept), language))


def _clauses(whole: Line, language: str) -> Iterator[Line]:
    parts = _CLAUSE.split(whole.text)
    for part in parts if len(parts) > 1 else ():
        if len(part.split()) > _FEW:
            yield line(part, language)


@lru_cache(maxsize=8192)
def _is_figure(word: str) -> bool:
    return any(one.number is not None or one.units or one.month for one in meanings(word))


@cache
def _fillers() -> dict[str, frozenset[str]]:
    rows = tomllib.loads(_FILLERS.read_text(encoding="utf-8"))
    return {language: frozenset(folded(words).split()) for language, words in rows.items()}
