"""What a passage makes a grant depend on, and whether another sentence says it."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from assistant.answering.figures import figures, offered
from assistant.answering.lexicon import folded
from assistant.answering.polarity import polarity
from assistant.answering.proof import Line, content, line
from assistant.answering.tokens import plain
from assistant.domain.draft import Cited, Evidence
from corpora.documents import Document, Passage
from corpora.rendering import fact_texts
from corpora.sentences import sentences

_DATA = Path(__file__).parent / "data" / "conditions.toml"
_NAMES = (
    "idle", "refuses", "given", "eased", "needs", "waived", "burdens", "joins", "when", "opening", "follows", "asking",
)  # fmt: skip
# A comma within a figure ends nothing.
_CLAUSE = re.compile(r"[;؛–—]|[,:،](?!\d)")
_ASIDE = re.compile(r"\([^()]*\)")
_ASKS = ("?", "؟")
# A sentence that leaves a condition out has few of the line's words, but the line has most of the sentence's.
_SAME_LINE = 0.5
_AS_NEAR = 0.1
_MOST = 0.5
_FIRST = 2
# How many words an opening phrase has where no comma ends it, and how many lines a list.
_PHRASE = 5
_LIST = 5
# These say whom to ask, when and by which law, not how much.
_NO_LIMITS = ("link", "mail", "phone", "iban", "weekday", "date", "code", "time")


@dataclass(frozen=True, slots=True)
class Condition:
    """A line of a passage, word for word, that something granted depends on; `parts` of it were left out."""

    text: str
    evidence: Evidence
    parts: tuple[str, ...]

    @property
    def quoted(self) -> Cited:
        """The line as a sentence of an answer."""
        return Cited(self.text, self.evidence.passage.language, (self.evidence,), quoted=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """A line of a passage or a sentence, read for what it grants and what restricts it."""

    line: Line
    grants: frozenset[str]
    when: tuple[str, ...]
    opening: tuple[str, ...]
    follows: bool
    offers: frozenset[str]


def grants(text: str, language: str) -> bool:
    """Whether a sentence says that someone may, gets or need not do something, or pays nothing or less for it."""
    return bool(_granted(text, language))


def attached(cited: Cited) -> tuple[Condition, ...]:
    """The conditions of the cited passages on what the sentence grants, without those that it states itself."""
    if not grants(cited.text, cited.language):
        return ()
    said = _told(cited.text, cited.language)
    found: dict[tuple[str, str, str], Condition] = {}
    for one in cited.evidence:
        for condition in (*_of_lines(said, one), *_of_heading(said, one), *_of_service(said, one)):
            found.setdefault((one.corpus, condition.evidence.passage.id, condition.text), condition)
    return tuple(found.values())


def states(said: Cited, condition: Condition) -> bool:
    """Whether a sentence says what the condition demands."""
    told, of = _told(said.text, said.language), condition.evidence
    alike = said.language == of.passage.language
    cites = [one.passage for one in said.evidence if one.corpus == of.corpus and one.document.id == of.document.id]
    # In one language all of the page counts: it says the same in its facts and its prose.
    if not any(alike or one.place == of.passage.place for one in cites):
        return False
    # Where no words can be compared, a restriction with the same figures is the same.
    restricts = bool(told.when or told.opening or told.line.polarity.must)
    other = [part for part in condition.parts if not _shares(told, part, of.passage.language, loosely=True)]
    return all(restricts and _has_figures(told, part) and (not alike or figures(part)) for part in other)


def _of_lines(said: _Told, one: Evidence) -> Iterator[Condition]:
    lines = _lines(one.passage.text, one.passage.language)
    for place in _worded(said, lines):
        restricting = [*_leading(place, lines), place, *_following(place, lines)]
        parts = [(at, part) for at in restricting for part in _parts(said, lines[at], whole=at != place)]
        left = _left_out(said, parts, lines[place])
        for at in restricting:
            if missing := tuple(part for where, part in left if where == at):
                yield Condition(lines[at].line.text, one, missing)


def _of_heading(said: _Told, one: Evidence) -> Iterator[Condition]:
    """A heading such as `Kinder unter 6 Jahren`, in front of the line that it restricts."""
    passage = one.passage
    heading = passage.headings[-1] if passage.headings and not passage.fact else ""
    told = _told(heading, passage.language)
    asks = heading.endswith(_ASKS) or _cues(passage.language)["asking"].match(folded(plain(heading)))
    if not told.when or told.follows or asks or ": " in heading:
        return
    lines = _lines(passage.text, passage.language)
    for worded in (lines[place] for place in _worded(said, lines)[:1]):
        parts = [(0, part) for part in told.when if not _shares(worded, part, passage.language)]
        if left := _left_out(said, parts, worded):
            yield Condition(f"{heading}: {worded.line.text}", one, tuple(part for _, part in left))


def _of_service(said: _Told, one: Evidence) -> Iterator[Condition]:
    """The conditions of a service, where the sentence grants the service as such and nothing of how."""
    document, language = one.document, one.passage.language
    how = any(map(any, said.line.polarity.opposites))  # `Online`, `mit Termin`.
    if how or said.when or "allowed" not in said.grants or said.line.language != language:
        return
    service = content(_data().get(language, {}).get("service", ""), language)
    title, rest = content(document.title, language) - service, said.line.words - service
    if rest & title and rest <= title | content(" ".join(document.keywords), language):
        for passage in _conditions(document):
            found = Evidence(passage, document, one.corpus, one.revision)
            left = (text for text in sentences(passage.text) if not _shares(said, text, language))
            yield from (Condition(text, found, (text,)) for text in left)


def _conditions(document: Document) -> Iterator[Passage]:
    """The conditions among the facts of a document, as the passage that an import has made of them."""
    for place, (name, headings, text) in enumerate(fact_texts(document)):
        if name == "conditions":
            keywords = () if place else document.keywords
            yield Passage(document.id, place, document.language, document.title, headings, text, name, keywords)


def _parts(said: _Told, told: _Told, whole: bool) -> tuple[str, ...]:
    """What restricts, in the line that is worded or in one that restricts it as a whole."""
    if whole:
        return told.when or (told.line.text,)
    # `Zwei Abholungen im Jahr sind kostenlos`: how much is free is a condition too.
    amounts = [one for one in figures(told.line.text) if one.kind not in _NO_LIMITS and not one.key.endswith(":0")]
    unsaid = amounts and "free" in told.grants and not _has_figures(said, told.line.text)
    return (*told.when, *told.opening, *((told.line.text,) if unsaid else ()))


def _left_out(said: _Told, parts: Sequence[tuple[int, str]], worded: _Told) -> list[tuple[int, str]]:
    """The parts that the sentence does not say; a restriction in its own words stands for one of the passage."""
    left = [(at, part) for at, part in parts if not _shares(said, part, worded.line.language)]
    spare = len(said.when) - (len(parts) - len(left))
    kept: list[tuple[int, str]] = []
    for at, part in left:
        if said.opening and part in worded.opening:
            continue
        if spare > 0 and _has_figures(said, part):
            spare -= 1
        else:
            kept.append((at, part))
    return kept


def _shares(said: _Told, part: str, language: str, *, loosely: bool = False) -> bool:
    """Whether the sentence has the figures of a part and, in its language, its first words and most of all."""
    if not _has_figures(said, part):
        return False
    words = _matter(part, language) if said.line.language == language else ()
    # `Bei Bedürftigkeit kann das Amt die Gebühr erlassen`: what stands behind is no longer the restriction.
    near = [bool(one & said.line.words) for one in words]
    first = any(near[:_FIRST]) if loosely else all(near[:_FIRST])
    return first and sum(near) >= _MOST * len(near) if near else bool(figures(part))


@lru_cache(maxsize=4096)
def _matter(part: str, language: str) -> tuple[frozenset[str], ...]:
    """The words of a part that say something, the nearest to its cue first."""
    plainly = _cues(language)["follows"].fullmatch  # `Voraussetzung`, `nur`.
    words = tuple(found for word in part.split() if not plainly(word) and (found := content(word, language)))
    return words[::-1] if _data().get(language, {}).get("before") else words


def _has_figures(said: _Told, part: str) -> bool:
    # `Ab 17 Jahren` and `from age 17`: in other words a figure may have lost its unit.
    bare = [(one, {key.replace("number:", "any:") for key in one.numbers}) for one in figures(part)]
    return all(one.proven(said.offers) or (keys and keys <= said.offers) for one, keys in bare)


def _worded(said: _Told, lines: Sequence[_Told]) -> list[int]:
    """The lines that the sentence words; where none is like it, those that grant the same."""
    places = range(len(lines))
    if lines and lines[0].line.language == said.line.language:
        shares = [one.line.covers(said.line.words) for one in lines]
        near = [at for at in places if shares[at] >= max(_SAME_LINE, max(shares) - _AS_NEAR)]
        if near:
            return [at for at in near if lines[at].grants & said.grants] or near
    granting = [at for at in places if lines[at].grants & said.grants] or [at for at in places if lines[at].grants]
    proven = [at for at in places if any(one.proven(lines[at].offers) for one in figures(said.line.text))]
    return [at for at in proven if at in granting] or proven or granting


def _leading(place: int, lines: Sequence[_Told]) -> list[int]:
    """The line that opens the list in which a line stands: `Wenn Sie Bürgergeld beziehen:`."""
    before = range(place - 1, max(-1, place - 1 - _LIST), -1)
    nearest = next((at for at in before if lines[at].line.text.endswith((":", "."))), None)
    return [nearest] if nearest is not None and lines[nearest].line.text[-1] == ":" and lines[nearest].when else []


def _following(place: int, lines: Sequence[_Told]) -> list[int]:
    """The line behind that restricts a line, and the list that either of them opens."""
    follows = place + 1 < len(lines) and lines[place + 1].follows
    last = place + 1 if follows else place
    opens = lines[last].line.text.endswith(":") and (follows or lines[last].when)
    end = min(len(lines), last + 1 + _LIST) if opens else last + 1
    return list(range(place + 1, end))


@lru_cache(maxsize=512)
def _lines(text: str, language: str) -> tuple[_Told, ...]:
    return tuple(_told(one, language) for one in sentences(text))


@lru_cache(maxsize=4096)
def _told(text: str, language: str) -> _Told:
    cues = _cues(language)
    read = cues["idle"].sub(" ", folded(plain(text))).strip()
    itself, when = line(text, language), tuple(_restrictions(read, language))
    only = itself.polarity.only and polarity(read, language).only
    if only and not when:
        when = tuple(clause for clause in _CLAUSE.split(read) if polarity(clause, language).only)
    phrase = " ".join(_CLAUSE.split(read)[0].split()[:_PHRASE])
    opens = cues["opening"].match(read) and not only and not cues["when"].search(phrase) and content(phrase, language)
    opening, follows = (phrase,) if opens else (), bool(cues["follows"].match(read))
    return _Told(itself, _granted(text, language), when, opening, follows, offered(text))


def _restrictions(read: str, language: str) -> Iterator[str]:
    """Each cue with the words that belong to it: those behind it or, in some languages, those in front."""
    before = _data().get(language, {}).get("before")
    cues: list[tuple[int, int]] = []
    for start, end in (match.span() for match in _cues(language)["when"].finditer(read)):
        # `Kinder bis zum 18. Lebensjahr` is one restriction.
        joined = cues and len(read[cues[-1][1] : start].split()) <= 1 and not _CLAUSE.search(read, cues[-1][1], start)
        cues[-1:] = [(cues[-1][0], end)] if joined else [*cues[-1:], (start, end)]
    marks = [match.start() for match in _CLAUSE.finditer(read)]
    for start, end in cues:
        behind = [0, *(at for at in (*marks, *(last for _, last in cues)) if at < start)]
        ahead = [len(read), *(at for at in (*marks, *(first for first, _ in cues)) if at >= end)]
        yield (read[max(behind) : end] if before else read[start : min(ahead)]).strip(";؛–—,:،. ")


@lru_cache(maxsize=8192)
def _granted(text: str, language: str) -> frozenset[str]:
    """What kinds of things a sentence grants: `free`, `allowed`, `waived`."""
    if text.rstrip("\"'»«“”’) ").endswith(_ASKS):
        return frozenset()
    cues = _cues(language)
    read = cues["idle"].sub(" ", _ASIDE.sub(" ", folded(plain(text))))
    clauses = _CLAUSE.split(cues["refuses"].sub(" ", read))
    parts = [part for clause in clauses for part in cues["joins"].split(clause)]
    return frozenset(kind for part in parts if part.strip() for kind in _kinds(part, language))


def _kinds(part: str, language: str) -> Iterator[str]:
    cues, found = _cues(language), polarity(part, language)
    if found.free:
        yield "free"
    if cues["waived"].search(part) or (found.denied and (found.must or cues["needs"].search(part))):
        yield "waived"
    if found.denied or found.must or cues["burdens"].search(part):
        return
    if found.may or cues["given"].search(part):
        yield "allowed"
    if cues["eased"].search(part):
        yield "free"


@cache
def _cues(language: str) -> dict[str, re.Pattern[str]]:
    rows = _data().get(language, {})
    return {name: _pattern(rows.get(name, ())) for name in _NAMES}


def _pattern(parts: Iterable[str]) -> re.Pattern[str]:
    either = folded("|".join(parts))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
