"""Numbers that are said in several words, put together."""

from collections.abc import Sequence

from assistant.answering.tokens import Token, value

_TEN = 10
_HUNDRED = 100
_TWENTY = 20


def joined(said: Sequence[Token]) -> list[Token]:
    """Numbers that are written in several words as one: `twenty-one`, `two hundred`, `2 ½`; without filling words."""
    found: list[Token] = []
    for token in said:
        if "skip" in token.meaning.cues and not token.values and not token.meaning.units:
            continue
        last = found[-1] if found else None
        before = last if last and last.text != "-" else (found[-2] if len(found) > 1 else None)
        if token.kind == "half" and last and last.values and last.kind != "half":
            found[-1] = Token("number", last.text, (value(str(float(last.values[0]) + 0.5)),))
        elif token.kind == "half" and token.text == "½+" and last and last.meaning.units:
            counted = len(found) > 1 and len(found[-2].values) == 1
            number = value(str(float(found[-2].values[0]) + 0.5)) if counted else "1.5"
            found[-2 if counted else -1 :] = [Token("number", number, (number,)), last]
        elif token.kind == "spelled" and before and before.kind == "spelled" and (sum_ := _sum(before, token)):
            del found[found.index(before) :]
            found.append(Token("spelled", before.text, (str(sum_),)))
        else:
            found.append(token)
    return found


def _sum(one: Token, other: Token) -> int:
    a, b = int(one.values[0]), int(other.values[0])
    if a < _TEN and b in (_HUNDRED, 1000):
        return a * b
    if (a >= _TWENTY and a % 10 == 0 and 0 < b < 10) or (a == 10 and 0 < b < 10 and "on" in one.text):
        return a + b
    return 10 + a if 2 < a < 10 and b == 10 and other.text.startswith("عش") else 0
