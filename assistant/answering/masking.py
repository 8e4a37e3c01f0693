"""Takes personal data out of what a citizen writes, before anything else sees it."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType
from stdnum import iban, luhn
from stdnum.de import idnr, stnr
from stdnum.exceptions import ValidationError

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")
_TAX_ID = re.compile(r"\b\d(?:[ /.-]?\d){10}\b")
_TAX_NUMBER = re.compile(r"\b\d{2,5}/\d{3,4}/\d{4,5}\b")
_DAY = re.compile(r"\d{1,2}[./ -]\d{1,2}[./ -]\d{4}")
# Where a number without a country code may be from.
_REGIONS = ("DE", "FR")
_PERSONAL = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER,
}


def masked(text: str) -> str:
    """The text with bank, card, tax and phone numbers and e-mail addresses replaced by what they were."""
    spans: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(_found(text), key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end, kind))
    parts, at = [], 0
    for start, end, kind in spans:
        parts += [text[at:start], f"[{kind}]"]
        at = end
    return "".join([*parts, text[at:]])


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _EMAIL.finditer(text):
        yield *match.span(), "e-mail"
    for match in _IBAN.finditer(text):
        # What follows an IBAN may look like more of it: the longest part that adds up is one.
        whole = match.group()
        for end in range(len(whole), 14, -1):
            if whole[end - 1].isalnum() and _holds(_iban, re.sub(r"[ .-]", "", whole[:end])):
                yield match.start(), match.start() + end, "IBAN"
                break
    for pattern, check, kind in (
        (_CARD, luhn.validate, "card"),
        (_TAX_ID, idnr.validate, "tax-id"),
        (_TAX_NUMBER, stnr.validate, "tax-id"),
    ):
        for match in pattern.finditer(text):
            if _holds(check, re.sub(r"\D", "", match.group())):
                yield *match.span(), kind
    yield from _phones(text)


def _phones(text: str) -> Iterator[tuple[int, int, str]]:
    service: list[tuple[int, int]] = []
    for region in _REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            # A number that anyone may call, such as 0800 111 0 111, belongs to nobody.
            if phonenumbers.number_type(match.number) not in _PERSONAL:
                service.append((match.start, match.end))
            elif _DAY.fullmatch(match.raw_string) or not match.raw_string.lstrip("( ").startswith(("0", "+")):
                continue
            elif not any(start < match.end and match.start < end for start, end in service):
                yield match.start, match.end, "phone"


def _iban(number: str) -> None:
    # Without the rules of each country's banks: an account that is only unlikely there is masked too.
    iban.validate(number, check_country=False)


def _holds(check: object, digits: str) -> bool:
    try:
        check(digits)  # type: ignore[operator]
    except ValidationError:
        return False
    return True
