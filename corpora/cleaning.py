"""Takes out of text what no reader can see and what can mislead a program."""

import re
import unicodedata

# Unicode tags, variation selectors, zero-width characters, bidirectional controls, soft hyphen, and
# control characters other than tab and line break.
_INVISIBLE = re.compile(
    "[\U000e0000-\U000e0fff\ufe00-\ufe0f\u200b\u200e\u200f\u2060-\u2064\ufeff\u061c\u202a-\u202e\u2066-\u206f\u00ad"
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufff9-\ufffb]"
)
_JOINER = re.compile("[\u200c\u200d]+")
_JOINLESS = ("LATIN", "CYRILLIC", "GREEK", "DIGIT", "HEBREW")
_SPACES = re.compile(r"[ \t\u2000-\u200a\u3000]+")
_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """The text in NFC without invisible characters; joiners stay between letters whose script needs them."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))
    text = _INVISIBLE.sub("", text)
    text = _JOINER.sub(lambda match: match.group()[0] if _joins(text, *match.span()) else "", text)
    return _LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()


def one_line(text: str) -> str:
    """The cleaned text with every white space as one blank."""
    return " ".join(clean(text).split())


def _joins(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and all(_needs_joiners(text[i]) for i in (start - 1, end))


def _needs_joiners(character: str) -> bool:
    # Letters and marks of Arabic and Indic scripts; pictographs such as a family are drawn with joiners too.
    category = unicodedata.category(character)
    if category == "So":
        return True
    return category[0] in "LM" and not unicodedata.name(character, "LATIN").startswith(_JOINLESS)
