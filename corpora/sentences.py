"""Splits text into sentences, the same way for all languages."""

import re

# A full stop after one of these does not end a sentence. Lower case, without the stop.
_ABBREVIATIONS = frozenset(
    [
        "abs",
        "art",
        "bspw",
        "bzw",
        "ca",
        "d.h",
        "dr",
        "e.g",
        "etc",
        "evtl",
        "ggf",
        "h",
        "hr",
        "fr",
        "i.d.r",
        "i.e",
        "inkl",
        "max",
        "min",
        "mind",
        "mr",
        "mrs",
        "nr",
        "no",
        "prof",
        "rue",
        "sog",
        "st",
        "str",
        "tel",
        "u.a",
        "u.ä",
        "usw",
        "u.u",
        "vgl",
        "z.b",
        "z",
        "zzgl",
        "zz",
        "gem",
        "geb",
        "inh",
        "ing",
        "jan",
        "feb",
        "mär",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "okt",
        "nov",
        "dez",
        "approx",
        "p",
        "par",
        "tél",
        "р",
        "ст",
        "вул",
        "м",
        "тел",
        "ул",
        "г",
        "т.д",
        "т.п",
        "напр",
        "див",
        "örn",
        "vb",
        "sok",
        "cad",
        "mah",
        "vs",
    ]
)
_END = re.compile(r"""(?<=[.!?؟。…])(\s»|["«»“”'’)\]]*)\s+(?=["«»„“‚(\[¿¡]*\s?[^\W_])""")


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, trimmed; a line break always ends one."""
    return [sentence for line in text.splitlines() for sentence in _of_line(line.strip())]


def _of_line(line: str) -> list[str]:
    found, start = [], 0
    for match in _END.finditer(line):
        if _ends(line[start : match.start()], line[match.end() :]):
            found.append((line[start : match.start()] + match.group(1)).strip())
            start = match.end()
    return [sentence for sentence in (*found, line[start:].strip()) if sentence]


def _ends(before: str, after: str) -> bool:
    if not before.endswith("."):
        return True
    words = before[:-1].split()
    last = words[-1].lower().lstrip("(„\"'«[") if words else ""
    # "z. B.", "1. Januar", "Abs. 2", initials: the stop belongs to the word.
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()) or (last.isdigit() and len(last) < 3):
        return False
    first = after.lstrip('"«»„“‚([¿¡ \u00a0\u202f')[:1]
    return not first.islower()
