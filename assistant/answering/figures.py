"""What a sentence states that can be checked to the letter: figures, dates, links and contacts."""

import json
import re
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "figures.json"
_URL = re.compile(r"(?:https?://|www\.)[^\s<>()\"„“]+[^\s<>()\"„“.,;:!?]", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DATE = re.compile(
    r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})/(\d{1,2})/(\d{4})\b"
)
_NUMBER = re.compile(r"\d[\d.,'’\u00a0\u202f]*\d|\d")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?")


@cache
def _words() -> dict[str, dict[str, int]]:
    words: dict[str, dict[str, int]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return words


def statements(text: str) -> set[str]:
    """Everything in the text that must be in its source, each in one writing: `37,00 €` and `EUR 37.00` are equal."""
    text = _plain(text)
    found: set[str] = set()
    for pattern, kind in ((_URL, "link"), (_EMAIL, "mail")):
        found |= {f"{kind}:{match.group().lower().rstrip('/')}" for match in pattern.finditer(text)}
        text = pattern.sub(" ", text)
    found |= {day for match in _DATE.finditer(text) for day in _days(match)}
    text = _DATE.sub(" ", text)
    found |= {f"month:{number}" for word, number in _spelled(text, "months")}
    found |= {f"number:{number}" for word, number in _spelled(text, "numbers")}
    return found | {f"number:{value}" for match in _NUMBER.finditer(text) for value in _values(match.group())}


def _plain(text: str) -> str:
    digits = (str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    return unicodedata.normalize("NFC", "".join(digits)).replace("\u066b", ",").replace("\u066c", ".")


def _days(match: re.Match[str]) -> set[str]:
    day, month, year, year2, month2, day2, day3, month3, year3 = match.groups()
    parts = (year or year2 or year3, month or month2 or month3, day or day2 or day3)
    try:
        whole = date(*map(int, parts))
    except ValueError:
        return {f"number:{int(part)}" for part in parts}
    return {f"number:{whole.day}", f"month:{whole.month}", f"number:{whole.year}"}


def _spelled(text: str, table: str) -> list[tuple[str, int]]:
    known = _words()[table]
    said = re.findall(r"[^\W\d_]+", text.lower().replace("i\u0307", "i"))
    return [(word, known[word]) for word in said if word in known]


def _values(token: str) -> list[str]:
    token = re.sub(r"['’\u00a0\u202f]", "", token)
    if _THOUSANDS.fullmatch(token):
        head, _, tail = re.sub(r"[.,](\d{1,2})$", r"#\1", token).partition("#")
        return [_value(re.sub(r"[.,]", "", head) + "." + (tail or "0"))]
    if re.fullmatch(r"\d+[.,]\d{1,2}", token):
        return [_value(token.replace(",", "."))]
    return [_value(part) for part in re.split(r"[.,]", token) if part]


def _value(text: str) -> str:
    return f"{float(text):.10g}" if len(text) < 15 else text
