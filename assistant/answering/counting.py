"""Numbers that are said in several words, put together."""

from collections.abc import Sequence

from assistant.answering.lexicon import of_one_language
from assistant.answering.tokens import NOTHING, Token, value

_TEN = 10
_HUNDRED = 100
_THOUSAND = 1000
_MILLION = 1_000_000
_TWENTY = 20


def joined(said: Sequence[Token]) -> list[Token]:
    """Numbers that are written in several words as one: `twenty-one`, `two hundred`, `2 ½`; without filling words."""
    found: list[Token] = []
    for token in said:
        if "skip" in token.meaning.cues and not token.values and not token.meaning.units:
            continue
        last = found[-1] if found else None
        before = last if last and last.text != "-" else (found[-2] if len(found) > 1 else None)
        if token.kind == "half" and last and last.values and last.kind != "half" and not last.meaning.units:
            found[-1] = Token("number", last.text, (value(str(float(last.values[0]) + 0.5)),))
        elif token.kind == "half" and token.text == "½+" and last and last.meaning.units:
            counted = len(found) > 1 and len(found[-2].values) == 1
            number = value(str(float(found[-2].values[0]) + 0.5)) if counted else "1.5"
            text = found[-2].text if counted else number
            found[-2 if counted else -1 :] = [Token("number", text, (number,)), last]
        elif token.kind == "spelled" and before and before.kind == "spelled" and (sum_ := _sum(before, token)):
            del found[found.index(before) :]
            found.append(Token("spelled", before.text, (str(sum_),)))
        elif token.kind == "spelled" and last and last.kind == "number" and _multiplies(token, last):
            product = value(str(float(last.values[0]) * int(token.values[0])))
            found[-1] = Token("number", product, (product,))
        else:
            found.append(token)
    return _with_cents(found)


def _with_cents(said: list[Token]) -> list[Token]:
    """Amounts that are said with their cents as one: `6 Euro 50`, `6 euros et 50 centimes`."""
    found: list[Token] = []
    place = 0
    while place < len(said):
        end, amount = _amount(said, place)
        if amount:
            found += [Token("number", amount, (amount,)), said[place + 1]]
            place = end
        else:
            found.append(said[place])
            place += 1
    return found


def _amount(said: list[Token], place: int) -> tuple[int, str]:
    """Where an amount with cents ends, and how much it is; nothing where none is said."""
    if len(said) < place + 3 or len(said[place].values) != 1 or not _is_money(said[place + 1], 1):
        return place, ""
    linked = "join" in said[place + 2].meaning.cues and said[place + 2].text != ","
    at = place + 2 + linked
    cents, unit = (said[at] if at < len(said) else NOTHING), (said[at + 1] if at + 1 < len(said) else NOTHING)
    if cents.kind not in ("number", "spelled") or len(cents.values) != 1 or "." in said[place].values[0]:
        return place, ""
    named = _is_money(unit, 0.01)
    bare = not linked and not unit.meaning.units and float(cents.values[0]) >= _TEN
    if not (named or bare) or float(cents.values[0]) >= _HUNDRED or "." in cents.values[0]:
        return place, ""
    return at + 1 + named, value(f"{said[place].values[0]}.{int(cents.values[0]):02}")


def _is_money(token: Token, scale: float) -> bool:
    return any(unit.measure == "money" and unit.scale == scale for unit in token.meaning.units)


def _multiplies(token: Token, number: Token) -> bool:
    sure = not token.meaning.shy and len(number.values) == 1
    return sure and token.values[0] in (str(_THOUSAND), str(_MILLION))


def _sum(one: Token, other: Token) -> int:
    """What two number words say together, as far as they are of one language; 0 where they are two numbers."""
    a, b = int(one.values[0]), int(other.values[0])
    if not of_one_language(one.text, other.text):
        return 0
    if (a < _TEN and b == _HUNDRED) or (a < _THOUSAND and b == _THOUSAND) or (a < _THOUSAND and b == _MILLION):
        return a * b
    if 2 < a < _TEN and b == _TEN and other.text.startswith("عش"):
        return _TEN + a
    return a + b if b and _adds(a, b, one.text, other.text) else 0


def _adds(a: int, b: int, one: str, other: str) -> bool:
    rest = a % _HUNDRED
    if a >= _HUNDRED and not rest and b < (_THOUSAND if a % _THOUSAND == 0 else _HUNDRED):
        return True
    if other.startswith("و"):
        return 0 < rest < _TEN and b >= _TWENTY and b % _TEN == 0
    tens = rest >= _TWENTY and rest % _TEN == 0
    return (tens or (rest == _TEN and one == "on")) and b < _TEN
