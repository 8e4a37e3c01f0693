"""Names of offices in a text, so that none is put in the place of another."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.lexicon import folded
from assistant.answering.tokens import plain

_DATA = Path(__file__).parent / "data" / "offices.toml"
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_ELISION = re.compile(r"\b([lLdD])'")
_PREFIX = 5
_NAMING = {"de", "des", "du", "d", "la", "l", "les"}
# `Bureau pour …` and `bureau de …` are the same, `Housing Office` and `Office for Housing` too.
_SAME_NAMING = _NAMING | {"pour", "au", "aux"}
_LINKS = ("for", "of", "for the", "of the")
# What follows a head and is no part of a name: Ukrainian verbs.
_VERB = re.compile(r"\w+(?:є|[иїяюу]ть|ться|ти|тися)")
_PART = re.compile(r"[,;:.()!?–—|]+")
_LEADING = {
    "the", "a", "an", "your", "our", "please", "contact", "visit", "at", "to", "in", "if", "and", "or", "when", "this",
    "that", "any", "local", "call", "from", "by", "of", "for", "which", "each", "ask", "another", "german",
}  # fmt: skip


def german_offices(text: str) -> set[str]:
    """The compounds that name an office, small and without their inflection."""
    found = {_stem(match.group().lower()) for match in _german().finditer(text)}
    return {one for one in found if one and one.split("-")[-1] not in _others()}


def names_german(text: str, office: str) -> bool:
    """Whether a text names the office, as part of a longer name too."""
    text, last = text.lower(), office.rsplit("-", maxsplit=1)[-1]
    advice = office.removesuffix("sstelle") if office.endswith("beratungsstelle") else office
    return advice in text or (last != office and len(last) > _PREFIX and last in text)


def offices(text: str, language: str) -> set[tuple[str, ...]]:
    """What names an office in the language: the beginnings of the words beside a head, in order."""
    heads = _heads(language)
    found = set()
    for count, part in enumerate(_PART.split(_split(plain(text)))):
        words = _WORD.findall(part)
        small = [folded(word) for word in words]
        for place, word in enumerate(small):
            if heads.fullmatch(word) and (name := _name(words, small, place, language, first=count == 0)):
                found.add(name)
    return found


def named(name: tuple[str, ...], known: str) -> bool:
    """Whether a text, given by the beginnings of its words, has the name: its last two words in a row, and all."""
    if f" {' '.join(name[-2:])} " in known:
        return all(f" {one} " in known for one in name)
    return len(name) == 2 and any(f" {name[1]} {link} {name[0]} " in known for link in _LINKS)


def beginnings(text: str) -> str:
    """The beginnings of all words, in order, to look names up in."""
    words = _WORD.findall(folded(_split(plain(text))))
    return f" {' '.join(_begin(word) for word in words if word not in _SAME_NAMING)} "


def _split(text: str) -> str:
    """French articles stand by themselves: `l'état`."""
    return _ELISION.sub(r"\1 ", text.replace("’", "'"))


def _name(words: list[str], small: list[str], place: int, language: str, *, first: bool) -> tuple[str, ...]:
    start, end = place, place + 1
    if language in ("en", "tr"):
        while start and words[start - 1][0].isupper() and small[start - 1] not in _LEADING:
            start -= 1
        # A capital at the beginning of a sentence names nothing.
        start += first and start == 0 and place > 1
    elif language == "fr":
        if place + 2 >= len(words) or small[place + 1] not in _NAMING:
            return ()
        end = place + 3 + (small[place + 2] in ("la", "l"))
    elif place + 1 < len(words) and _is_part(small[place], small[place + 1]):
        if words[place + 1][0] < "\u0370":
            return (_begin(small[place + 1]),)  # `مركز amiga`
        end = place + 2
    kept = [word for word in small[start:end] if word not in _NAMING]
    return tuple(_begin(word) for word in kept) if len(kept) > 1 else ()


def _is_part(head: str, word: str) -> bool:
    """Whether the word behind a head belongs to the name: in Arabic that of a definite head is definite."""
    if head[0] > "\u0600" and re.match("[وبلف]?ال|لل", head):
        return word.startswith("ال")
    return len(word) > 2 and not _VERB.fullmatch(word)


def _begin(word: str) -> str:
    if word[0] > "\u0600":
        word = re.sub(r"^[وبلف]?ال|^لل", "", word) or word
    return word[:_PREFIX]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _german() -> re.Pattern[str]:
    rows = _data()["german"]
    ends = "|".join(rows["endings"])
    return re.compile(
        rf"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß-]+(?:{ends})|Rathaus|Jobcenter)(?:{'|'.join(rows['inflections'])})(?!\w)"
    )


def _stem(word: str) -> str:
    ends = sorted(_data()["german"]["endings"], key=len, reverse=True)
    for end in ends:
        at = word.rfind(end)
        if at >= 0 and len(word) - at - len(end) <= 2:
            return word[: at + len(end)]
    return word


@cache
def _others() -> frozenset[str]:
    return frozenset(_data()["german"]["others"])


@cache
def _heads(language: str) -> re.Pattern[str]:
    heads = [folded(head).replace("*", r"\w*") for head in _data()["heads"].get(language, [])]
    prefix = "(?:[وبلف]?ال|لل|[وبلف])?" if language == "ar" else ""
    return re.compile(rf"{prefix}(?:{'|'.join(heads)})" if heads else r"(?!)")
