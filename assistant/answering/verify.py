"""Step 7: nothing leaves that its evidence does not say."""

import re
from collections.abc import Iterator, Sequence

from assistant.answering.figures import figures
from assistant.answering.manners import unmannered
from assistant.answering.offices import german_offices, named, names_german, offices
from assistant.answering.ones import counts_one
from assistant.answering.polarity import is_free, known
from assistant.answering.proof import Line, Proof, line, proof
from assistant.answering.quantities import Figure
from assistant.answering.support import Claim, Support, by_words
from assistant.domain.draft import Cited, Evidence
from corpora.documents import Passage

# How much of a sentence one line of the passage must have to be what the sentence words.
_SAME_LINE = 0.8
_SAME_MATTER = 0.6
_CLOSELY = 0.75
_FEW_WORDS = 2
# A word or two of a page are no sentence, though they stand there.
_LEAST_QUOTED = 3


class Verify:
    """Checks a sentence against the passages it cites; `support` has the last word, since it may cost the most."""

    def __init__(self, support: Support = by_words) -> None:
        self._support = support

    def __call__(self, cited: Cited, others: Sequence[Evidence] = ()) -> tuple[str, ...]:
        """Why the sentence must not be released; empty where it may be. `others` are sources it could have cited."""
        if not cited.evidence or not cited.text.strip():
            return ("no evidence",)
        if any(_said_by(cited, one) for one in cited.evidence):
            return ()
        if not cited.quoted and (wrong := unmannered(cited.text, cited.language, _shown(cited.evidence))):
            return (wrong,)
        proofs = tuple(_proof(one) for one in cited.evidence)
        stated = figures(cited.text)
        reasons = [f"not in the source: {kind}" for kind in _unproven(stated, proofs)]
        if cited.quoted:
            return (*reasons, "not word for word")
        said = line(cited.text, cited.language)
        reasons += _worded(said, cited, stated, proofs, bool(reasons))
        if not reasons:
            reasons += self._unsupported(cited, said, proofs, _uncited(cited, others))
        return tuple(reasons)

    def _unsupported(
        self, cited: Cited, said: Line, proofs: tuple[Proof, ...], others: Sequence[Evidence]
    ) -> Iterator[str]:
        alike = [one for one in others if one.passage.language == cited.language]
        if any(_verbatim(cited.text, one.passage) for one in alike):
            yield "of another source"
        elif not self._support(Claim(cited, said, proofs, tuple(others), tuple(map(_proof, alike)))):
            yield "not supported"


def _worded(
    said: Line, cited: Cited, stated: Sequence[Figure], proofs: Sequence[Proof], unproven: bool
) -> Iterator[str]:
    """What a sentence in its own words must hold to beyond its figures."""
    same = [one for one in proofs if one.language == cited.language]
    if said.polarity.free and not any(is_free(one.text, one.language) or not known(one.language) for one in proofs):
        yield "not in the source: free"
    if counts_one(cited.text, (one.document for one in cited.evidence)):
        yield "not in the source: one"
    if _names_another(cited, proofs, same):
        yield "not in the source: office"
    if not same:
        return
    if not unproven and _of_another_line(said, stated, same):
        yield "of another line"
    if _contradicted(said, same):
        yield "contradicts the source"


def _uncited(cited: Cited, others: Sequence[Evidence]) -> list[Evidence]:
    known = {(one.corpus, one.passage.id) for one in cited.evidence}
    return [one for one in others if (one.corpus, one.passage.id) not in known]


def _shown(evidence: Sequence[Evidence]) -> list[str]:
    return [one.passage.in_context for one in evidence]


def _proof(one: Evidence) -> Proof:
    facts = one.document.facts
    heading = " › ".join(dict.fromkeys((one.passage.title, *one.passage.headings)))
    office = facts.office.name if facts and facts.office else ""
    return proof(one.passage.text, f"{heading}\n{office}" if office else heading, one.passage.language)


def _unproven(stated: Sequence[Figure], proofs: Sequence[Proof]) -> list[str]:
    """The kinds of figures that are nowhere; a number that only has another unit is told by what it claims to be."""
    offered = frozenset[str]().union(*(one.offered for one in proofs))
    return sorted({_told(one, offered) for one in stated if not one.proven(offered)})


def _told(figure: Figure, offered: frozenset[str]) -> str:
    if figure.kind in ("link", "mail", "phone", "iban", "weekday", "date", "code"):
        return figure.kind
    there = all(one.replace("number:", "any:") in offered for one in figure.numbers)
    return f"unit of {figure.kind}" if there and figure.kind != "number" else "number"


def _of_another_line(said: Line, stated: Sequence[Figure], proofs: Sequence[Proof]) -> bool:
    """Whether the line that the sentence words says another figure or office: these are of something else."""
    if len(said.words) < _FEW_WORDS:
        near = [(one, of) for of in proofs for one in of.lines if one.words == said.words]
    else:
        rated = [(one.covers(said.words), one, of) for of in proofs for one in of.lines]
        best = max((share for share, _, _ in rated), default=0.0)
        near = [(one, of) for share, one, of in rated if share >= best >= _SAME_LINE]
    return bool(near) and not any(_says(one, of, said, stated) for one, of in near)


def _says(near: Line, of: Proof, said: Line, stated: Sequence[Figure]) -> bool:
    own = f"{near.text}\n{of.heading}"
    names = said.language != "de" or all(names_german(own, one) for one in german_offices(said.text))
    keys = {figure.key for figure in stated}
    own_keys = {figure.key for figure in figures(near.text)}
    if names and own_keys and own_keys < keys:
        return True  # All that the line says, and something of another line.
    return names and near.says([figure for figure in stated if not figure.proven(of.of_heading)])


def _contradicted(said: Line, proofs: Sequence[Proof]) -> bool:
    """Whether what the passage says of the same matter is the contrary."""
    freed = said.polarity.free and any(_is_freed(said, of) for of in proofs)
    if len(said.words) < _FEW_WORDS:
        told = figures(said.text)
        near = [one for of in proofs for one in of.lines if one.words == said.words and one.says(told)]
        return bool(near) and all(said.polarity.contradicts(one.polarity, True, freed) for one in near)
    rated = [(one.likeness(said.words), one) for of in proofs for one in of.lines]
    best = max((share for share, _ in rated), default=0.0)
    if best < _CLOSELY:
        rated = [*rated, *((one.likeness(said.words), one) for of in proofs for one in of.clauses)]
        best = max((share for share, _ in rated), default=0.0)
    near = [one for share, one in rated if share >= best >= _SAME_MATTER]
    contrary = bool(near) and all(said.polarity.contradicts(one.polarity, best >= _CLOSELY, freed) for one in near)
    return contrary and not _denied_elsewhere(said, near, proofs)


def _is_freed(said: Line, of: Proof) -> bool:
    """Whether a passage says that this costs nothing: a line without words of its own is about all of it."""
    lines = (one for one in of.lines if one.polarity.free)
    return is_free(of.heading, of.language) or any(not one.words or one.words & said.words for one in lines)


def _denied_elsewhere(said: Line, near: Sequence[Line], proofs: Sequence[Proof]) -> bool:
    """Whether what the sentence denies is another thing, which another line denies too."""
    rest = said.words.difference(*(one.words for one in near))
    lines = (one for of in proofs for one in of.lines if one.polarity.denied)
    return said.polarity.denied and any(rest & one.words for one in lines)


def _names_another(cited: Cited, proofs: Sequence[Proof], same: Sequence[Proof]) -> bool:
    whole = "\n".join(one.text for one in proofs)
    checked = (cited.language == "de" and same) or any(one.language == "de" for one in proofs) or german_offices(whole)
    if checked and any(not names_german(whole, one) for one in german_offices(cited.text)):
        return True
    names = offices(cited.text, cited.language) if same else set()
    return any(not any(named(name, one.names) for one in same) for name in names)


def _said_by(cited: Cited, one: Evidence) -> bool:
    """Whether a quote stands in a passage, or a worded sentence is a whole line of it: a part may lack its `not`."""
    if cited.quoted:
        return _verbatim(cited.text, one.passage)
    # In the words of a page in another language it is a quote, and has to be called one.
    if one.passage.language != cited.language or len(cited.text.split()) < _LEAST_QUOTED:
        return False
    said = _words(cited.text)
    return any(said == _words(known.text) for known in _proof(one).lines)


def _verbatim(text: str, passage: Passage) -> bool:
    """Whether a quote stands in the passage as a whole; a fact is its heading and its lines."""
    if _within(text, passage.in_context):
        return True
    heading, colon, lines = text.partition(": ")
    headings = {_words(one) for one in (passage.title, *passage.headings)}
    return bool(colon) and _words(heading) in headings and all(_within(one, passage.text) for one in lines.split("; "))


def _within(part: str, whole: str) -> bool:
    """Whether the words of a part stand in a row, from the beginning of a word to the end of one."""
    words = _words(part)
    # Half a figure is no word: `234,50` does not stand in `1.234,50`.
    pattern = rf"(?<!\w)(?<!\d[.,:]){re.escape(words)}(?!\w)(?![.,:]\d)"
    return bool(words) and re.search(pattern, _words(whole)) is not None


def _words(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")
