"""Cuts a line into what figures are made of: numbers, times, days, words that say something, marks."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.hours import in_figures
from assistant.answering.lexicon import Meaning, folded, meanings, rephrased

_DIGITS = {
    ord(c): str(unicodedata.digit(c)) for c in map(chr, range(0x660, 0x1E960)) if unicodedata.category(c) == "Nd"
}
_PLAIN = {
    **_DIGITS, 0x66A: "%", 0x66B: ",", 0x66C: ".", 0x60C: ",", 0x61B: ";", 0x640: None,
    **dict.fromkeys((*range(0x64B, 0x653), 0x200E, 0x200F)),
    **dict.fromkeys((0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2068, 0x2069, 0xAD)),
}  # fmt: skip
_MONEY = r"(?=\s?(?:€|eur|євро|евро|يورو|lei))"
_TOKEN = re.compile(
    rf"""
    (?P<day>(?<![\d.,/-])(?<!eur\s)(?<!€\s)(?<!€)(?:
        (?:0?[1-9]|[12]\d|3[01])\.\s?(?:0?[1-9]|1[0-2])\.(?:\s?(?:19|20)\d\d|\d\d)?(?!\d)|\d{{4}}-\d\d-\d\d(?!\d)
        |\d{{1,2}}/\d{{1,2}}/\d{{4}}(?!\d)))
  | (?P<monthyear>(?<![\d.,/])(?:0?[1-9]|1[0-2])\s?[/.]\s?(?:19|20)\d\d(?![\d/.,]))
  | (?P<time>(?<![\d.,:])(?:[01]?\d|2[0-4])(?::|\s?h\s?)[0-5]\d(?![\d:]))
  | (?P<code>(?<!\w)(?!eur|usd|chf)(?:[a-z]{{1,3}}|[авсе])\d{{1,4}}(?!\w))
  | (?P<number>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?:,\d\d)?{_MONEY}
      |[1-9]\d{{0,2}}(?:[ \u00a0\u202f]\d{{3}})*[ \u00a0\u202f]000(?![\d.,])
      |116[ -]\d{{3}}(?!\d)|\d[\d.,'\u00a0\u202f]*\d|\d)
  | (?P<mark>½\+?|[~€$£%§,;.&/–—!?():|-]|\n)
  | (?P<word>[^\W\d_½]+(?:'[^\W\d_½]+)*)
    """,
    re.VERBOSE,
)
_NO_CENTS = re.compile(r"(?<=\d)[,.][-–—]{1,2}(?!\d)")
_LATIN = str.maketrans("авсе", "abce")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?")
_SUFFIX = 4
_PIVOT = 50


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a line. `values` are the numbers it may say, `day` is year (or 0), month, day."""

    kind: str
    text: str
    values: tuple[str, ...] = ()
    day: tuple[int, int, int] | None = None
    meaning: Meaning = Meaning()  # noqa: RUF009 - frozen
    letter: str = ""
    ordinal: bool = False


NOTHING = Token("nothing", "")


def plain(text: str) -> str:
    """The text with digits of every script as 0 to 9 and without marks that are not read."""
    return unicodedata.normalize("NFC", text if text.isascii() else text.translate(_PLAIN))


def tokens(line: str) -> list[Token]:
    """The tokens of a plain line, in order; endings of figures (`31st`, `18'inci`) are left out."""
    text = rephrased(in_figures(_NO_CENTS.sub("", folded(line))))
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap, kind = text[end : match.start()], str(match.lastgroup)
        end = match.end()
        after_number = bool(found) and found[-1].kind == "number"
        if kind == "word" and after_number and gap in ("", "'", "-") and _ending(match.group(), gap):
            found[-1] = _ended(found[-1], match.group(), gap)
        elif match.group() == "." and after_number and not gap:
            found[-1] = replace(found[-1], ordinal=True)
        else:
            found += _read(kind, match.group())
    return found


def values(text: str) -> tuple[str, ...]:
    """The numbers that digits with their marks may say: `1.234,50` is one, `10/2` are two."""
    text = re.sub(r"['\u00a0\u202f -]", "", text)
    if _THOUSANDS.fullmatch(text):
        head, _, tail = re.sub(r"[.,](\d{1,2})$", r"#\1", text).partition("#")
        return (value(re.sub(r"[.,]", "", head) + "." + (tail or "0")),)
    if re.fullmatch(r"\d+[.,]\d{1,2}", text):
        return (value(text.replace(",", ".")),)
    return tuple(value(part) for part in re.split(r"[.,]", text) if part)


def value(text: str) -> str:
    """A number in one writing."""
    return f"{float(text):.10g}" if len(text) < 15 else text


def _ending(word: str, gap: str) -> bool:
    meaning = meanings(word)
    says = any(one.units or one.number or one.month or one.cues - {"ordinal", "skip"} for one in meaning)
    if any("ordinal" in one.cues for one in meaning) or gap == "'":
        return not any(one.units for one in meaning)
    return not says and len(word) <= _SUFFIX


def _ended(token: Token, word: str, gap: str) -> Token:
    letter = word if not gap and len(word) == 1 and "a" <= word <= "z" and word not in "ehs" else ""
    return replace(token, ordinal=True, letter=letter)


def _read(kind: str, text: str) -> list[Token]:
    if kind == "number":
        return [Token("number", text, values(text))]
    if kind in ("day", "monthyear"):
        return _day(text, kind)
    if kind == "time":
        hour, minute = re.findall(r"\d+", text)
        return [Token("time", f"{int(hour)}:{minute}", (value(hour),))]
    if text.startswith("½"):
        return [Token("half", text, ("0.5",))]
    said = meanings(text)
    if kind == "code" and not said:
        return [Token("code", text.translate(_LATIN))]
    return [_word(text, one) for one in said] or [Token("word" if kind != "mark" else "mark", text)]


def _word(text: str, meaning: Meaning) -> Token:
    known = () if meaning.number is None else (str(meaning.number),)
    return Token("word" if not known else "spelled", text, known, meaning=meaning)


def _day(text: str, kind: str) -> list[Token]:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if kind == "monthyear":
        return [Token("day", text, (value(str(parts[1])),), day=(parts[1], parts[0], 0))]
    if "-" in text:
        parts.reverse()
    if "/" in text and parts[1] > 12:
        parts[0], parts[1] = parts[1], parts[0]
    day, month, year = (*parts, 0)[:3]
    year += 0 if year > 99 or not parts[2:] else 2000 if year < _PIVOT else 1900
    try:
        date(year or 2024, month, day)
    except ValueError:
        return [Token("number", str(part), (value(str(part)),)) for part in parts]
    return [Token("day", text, day=(year, month, day))]
