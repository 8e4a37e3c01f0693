"""Links, e-mail addresses, bank accounts and phone numbers in a text, each in one writing."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

URL = re.compile(r"(?:https?://|www\.)[^\s<>()\"„“]+[^\s<>()\"„“.,;:!?]", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(
    r"(?<![@\w./-])(?:[\w-]{2,}\.)+(?:de|com|org|net|eu|info|gov|bayern|example|at|ch|fr|uk|ua|io|app)"
    r"(?![\w@])(?:/[^\s<>()\"„“]*[^\s<>()\"„“.,;:!?])?",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_PHONE = re.compile(r"(?<![\w.,/:-])(?:\+|\(?0|\(\+)\(?\d?(?:[ \u00a0()/–-]{0,3}\d){5,15}(?!\d)(?![.,:]\d)")
_NEXT_PHONE = re.compile(r"\s*[/–-]\s+(?=\(?(?:0|\+))")
_MONTH = re.compile(r"0?\d\s?/\s?(?:19|20)\d\d")
_SHORTEST = 6


def contacts(text: str) -> tuple[list[tuple[str, str]], str]:
    """Pairs of kind and value, and the text without them."""
    found: list[tuple[str, str]] = []
    if "://" in text or "." in text:
        text = _taken(URL, "link", text, found)
        text = _taken(_MAIL, "mail", text, found)
        text = _taken(_HOST, "link", text, found)
    found += [("iban", match.group().replace(" ", "")) for match in _IBAN.finditer(text)]
    text = _IBAN.sub(" ; ", text)
    spans = [match for match in _PHONE.finditer(text) if _is_phone(match.group())]
    for match in reversed(spans):
        found += [("phone", number) for number in _numbers(match.group())]
        text = f"{text[: match.start()]} ; {text[match.end() :]}"
    return found, text


def link_forms(link: str) -> tuple[str, ...]:
    """A link as a sentence may shorten it: without the scheme, without `www`."""
    bare = re.sub(r"^https?://", "", link)
    return tuple(dict.fromkeys((link, bare, bare.removeprefix("www."))))


def _taken(pattern: re.Pattern[str], kind: str, text: str, found: list[tuple[str, str]]) -> str:
    found += [(kind, match.group().lower().rstrip("/")) for match in pattern.finditer(text)]
    return pattern.sub(" ; ", text)


def _is_phone(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= _SHORTEST and not _MONTH.match(text)


def _numbers(text: str) -> Iterator[str]:
    for part in _NEXT_PHONE.split(text):
        yield _number(part)


@lru_cache(maxsize=4096)
def _number(text: str) -> str:
    try:
        number = phonenumbers.parse(text.replace("(0)", ""), "DE")
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", text)
    return f"+{number.country_code}{number.national_number}"
