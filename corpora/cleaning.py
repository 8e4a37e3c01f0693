"""Takes out of text what no reader can see and what can mislead a program."""

import re
import unicodedata

# Unicode tags, variation selectors, zero-width and filler characters, bidirectional controls, soft hyphen, and
# control characters other than tab and line break, halves of characters.
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e0fff\ufe00-\ufe0f\u200b\u200e\u200f\u2060-\u206f\ufeff\u061c\u202a-\u202e\u00ad\u034f\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u3164\uffa0\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufff0-\ufffb\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
_JOINER = re.compile("[\u200c\u200d]+")
_JOINLESS = ("LATIN", "CYRILLIC", "GREEK", "DIGIT", "HEBREW")
_SPACES = re.compile(r"[ \t\u2000-\u200a\u3000]+")
_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """The text in NFC without invisible characters; joiners stay between letters whose script needs them."""
    seen = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    joined = _JOINER.sub(lambda match: match.group()[0] if _joins(seen, *match.span()) else "", seen)
    text = unicodedata.normalize("NFC", joined)
    return _LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()


def one_line(text: str) -> str:
    """The cleaned text with every white space as one blank."""
    return " ".join(clean(text).split())


def _joins(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and all(_needs_joiners(text[i]) for i in (start - 1, end))


def _needs_joiners(character: str) -> bool:
    # Letters and marks of Arabic and Indic scripts; pictographs such as a family are drawn with joiners too.
    category = unicodedata.category(character)
    if category in ("So", "Sk"):
        return True
    return category[0] in "LM" and not unicodedata.name(character, "LATIN").startswith(_JOINLESS)
