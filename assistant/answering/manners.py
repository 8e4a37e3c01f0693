"""Why a sentence in a model's own words must not be released for its form, whatever its sources say."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.lexicon import folded
from assistant.answering.tokens import plain
from corpora.cleaning import clean
from retrieval.language import identify, known_languages

_DATA = Path(__file__).parent / "data" / "manners.toml"
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u3000\u200c\u200d]")
_MARKUP = re.compile(
    r"""[\[\]{}\\【】〔〕⟦⟧•▪◦●■►✓✔\U0001F300-\U0001FAFF] | `(?!\w)|(?<!\w)`|``  # one inside a word is an apostrophe
      | \*\*|(?<![\w*])\*(?=\S)[^*]+\* | (?<!\w)_+(?=\S)[^_]*\S_+(?!\w)|__
      | ^\s*(?:\#+|[-*+>–]|\|)\s | ~~|={2,}|-{3,}|&&|\|\||=>|->|/\*|\*/|\w\(\)|\.[a-z]+\(|\|.*\|
      | </?[^\W\d]|<!|<\?|/> | (?<!\w)[a-z]{2,20}=["'] | &(?:\w{2,8}|\#\w+); | \$[^$\d][^$]*\$|\$\$
      | [\u0300-\u036f]{3,}""",
    re.VERBOSE,
)
_NUMBER_BEHIND = re.compile(
    r"(?<=[\w.!?])\s?\(\s*\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\s*\)(?=\s*(?:[.,;:!?]|$))|(?<![mM\d])[¹²³⁰⁴-⁹]"
)
_ADDRESS = re.compile(
    r"""(?:\w[\w+.-]*:)?//\S+ | www\.\S+ | mailto:\S+ | \S*@\S+
      | (?<![\w@.-])(?:[\w-]+\.)*(?:[\w-]{2,}\.(?:[a-z]{2,24}|укр|рф|бел|xn--[\w-]+)
          |\w\.(?:com?|de|net|org|me|io|gg|ly|eu|ru|be))(?!\w)(?:[:/?\#]\S*)?""",
    re.VERBOSE | re.IGNORECASE,
)
# No office writes an address like this, so nothing has to be looked up.
_DISGUISED = re.compile(
    r"""(?:javascript|vbscript|livescript)\s*: | (?<!\w)data:\s*(?:\w+/|[;,]) | hxxps? | (?<!\w)https?(?!\w)(?!://)
      | (?<!\w)www(?!\w)(?!\.\w) | \w\s?[(<]\s?\.\s?[)>]\s?\w | \w\s+\.\s*(?:com|net|org)(?!\w)
      | \w\s?[(<]\s?(?:at|ät|dot|punkt|point|arobase|nokta|крапка|точка|نقطة|دوت)\s?[)>]\s?\w
      | \w\s(?:dot|punkt|nokta|крапка|точка|نقطة|دوت)\s(?:com|de|org|net|eu|info|io|tr|ua|fr|ru|ком|юа|كوم)(?!\w)
      | \w\spoint\s(?:com|fr|org|net)(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_END = ".,;:!?…)>\"'“”„»«’‘،؛؟"
_LINKING = re.compile(r"^(?:https?://)?(?:www\.)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`-][^\W\d_]+)*")
_BEGINS_SMALL = re.compile(r"[^\w(]*[a-zß-öø-ÿа-яґєії]{2}")
_SMALL_LINE = re.compile(r"^[^\w\n]*[a-zß-öø-ÿа-яґєії]{2}", re.MULTILINE)
_MOST_WORDS, _LONGEST = 60, 250
_LONGEST_PHRASE = 8
_ENDLESS = re.compile(r"([^\s\d])\1{5}|[^\W_]{64}")
# Addresses, quotes and names stay in the language they come in.
_LITERAL = re.compile(r"\S*(?:[@/\d]|\w\.\w)\S*")
_QUOTED = re.compile(r"[„“\"«‚‘][^„“”\"«»‚‘’]{1,200}[“”\"»‘’]|\([^()]*\)")
_PARTICLES = "für|und|oder|der|die|das|des|dem|den|von|vom|zu|zur|zum|an|am|im|in|bei|auf|mit|über|nach|eine[rsmn]?|ein"
_GERMAN_NAME = re.compile(rf"[A-ZÄÖÜ][\w-]+(?:(?:\s+(?:{_PARTICLES})\b)+(?:\s+[a-zäöüß]+e[nrsm]?)?\s+[A-ZÄÖÜ][\w-]+)+")
# Fewer words prove no language. German sentences have most of theirs in capitals, which are left out.
_LEAST, _LEAST_GERMAN = 4, 3
_LATIN, _CYRILLIC, _ARABIC = "\u0000-\u036f\u1e00-\u1eff", "\u0400-\u052f", "\u0600-\u077f\ufb50-\ufdff\ufe70-\ufeff"
_SCRIPTS = {
    "ar": _ARABIC, "fa": _ARABIC, "bg": _CYRILLIC, "ru": _CYRILLIC, "uk": _CYRILLIC, "el": "\u0370-\u03ff\u1f00-\u1fff",
}  # fmt: skip


def unmannered(text: str, language: str, proven: Sequence[str]) -> str | None:
    """Why a worded sentence must not be released for its form; None where nothing is wrong with it.

    `language` is what was asked for, `proven` are the texts of the passages that the sentence cites.
    """
    if _invisible(text):
        return "invisible characters"
    if _no_sentence(text) or _is_piece(text, proven):
        return "no sentence"
    even = unicodedata.normalize("NFKC", text)
    if _MARKUP.search(even):
        return "markup"
    if _links_elsewhere(even, proven):
        return "a link of its own"
    if _numbers_sources(text, proven):
        return "a source number"
    if _names(_source_words(), even, proven):
        return "talks about itself"
    if talk := _talk(even, language):
        return talk
    # Pages ask their readers, answers do not ask back.
    asked = re.search(r"[?؟]\W*$", even) and not any(re.search("[?؟]", one) for one in proven)
    if asked:
        return "a question"
    return "another language" if _foreign(text, language, proven) else None


def _invisible(text: str) -> bool:
    if text.isascii():
        return not text.isprintable()
    whole = unicodedata.normalize("NFC", text)
    return not _SPACES.sub("", whole).isprintable() or "".join(clean(whole).split()) != "".join(whole.split())


def _links_elsewhere(text: str, proven: Sequence[str]) -> bool:
    if _DISGUISED.search(text):
        return True
    found = {match.group().lower().strip(_END + "(<").rstrip("/") for match in _ADDRESS.finditer(text)}
    return any(one and not _linked(one, proven) for one in found)


def _linked(address: str, proven: Sequence[str]) -> bool:
    """Whether a passage has the whole address, with or without its scheme."""
    bare = re.escape(_LINKING.sub("", address.removeprefix("mailto:")))
    pattern = rf"(?<![\w@./+-])(?:https?://)?(?:www\.)?{bare}/?(?![\w@/?#=]|\.\w)"
    return any(re.search(pattern, one.lower()) for one in proven)


def _numbers_sources(text: str, proven: Sequence[str]) -> bool:
    found = (match.group() for pattern in (_NUMBER_BEHIND, _numbered()) for match in pattern.finditer(text))
    return any(not any(one in passage for passage in proven) for one in found)


def _no_sentence(text: str) -> bool:
    parts, words = text.split(), re.findall(r"\w+", text.lower())
    if len(parts) > _MOST_WORDS or any(len(part) > _LONGEST for part in parts):
        return True
    aside = text.startswith("(") and text.rstrip(" .!").endswith(")") and text.count("(") == 1
    return aside or sum(not word.isdigit() for word in words) <= 1 or bool(_ENDLESS.search(text)) or _repeats(words)


def _is_piece(text: str, proven: Sequence[str]) -> bool:
    """Whether it breaks off, or begins in the middle, as only lines of lists do."""
    small = _BEGINS_SMALL.match(text) and not any(_SMALL_LINE.search(one) for one in proven)
    return bool(small) or text.rstrip().endswith((",", "،"))


def _names(words: re.Pattern[str], text: str, proven: Sequence[str]) -> bool:
    """Whether a text has one of the words and no passage has any."""
    return bool(words.search(text)) and not any(words.search(one) for one in proven)


def _repeats(words: Sequence[str]) -> bool:
    """Whether a word stands four times in a row, or a phrase three times."""
    if max(Counter(words).values()) <= 2:
        return False
    for size in range(1, _LONGEST_PHRASE + 1):
        needed = size * (3 if size == 1 else 2)
        row = 0
        for place in range(len(words) - size):
            row = row + 1 if words[place] == words[place + size] else 0
            if row >= needed:
                return True
    return False


def _talk(text: str, language: str) -> str | None:
    said = " ".join(folded(plain(text)).split())
    for one in dict.fromkeys((language, "en")):
        cues = _cues(one)
        if cues["itself"].search(said):
            return "talks about itself"
        if cues["promises"].search(said):
            return "promises"
        if cues["decisions"].search(said) and not cues["conditions"].search(said):
            return "decides"
    return None


def _foreign(text: str, language: str, proven: Sequence[str]) -> bool:
    if language not in known_languages():
        return False
    if any(not any(one in passage for passage in proven) for one in _strange(language).findall(text)):
        return True
    text = _LITERAL.sub(" ", text)
    unquoted = _QUOTED.sub(" ", text)
    text = unquoted if _WORD.search(unquoted) else text
    text = text.lower() if text.isupper() else text
    whole = _WORD.findall(text)
    own = [word for word in whole if word[0] >= "\u0370"]
    if language in _SCRIPTS and not own:
        return len(whole) > _LEAST
    words = _small(own if language in _SCRIPTS and len(own) * 2 >= len(_small(whole)) else whole)
    found = identify(" ".join(words), (language,)) if len(words) >= _LEAST_GERMAN else None
    if found in (None, language):
        return False
    return _german(text, words, language) if found == "de" else len(words) >= _LEAST


def _german(text: str, words: Sequence[str], language: str) -> bool:
    """Whether what a text says beside names such as `Amt für Migration und Flüchtlinge` is German too."""
    beside = _WORD.findall(_GERMAN_NAME.sub(" ", text))
    rest = [*beside[:1], *_small(beside[1:])]
    if rest and identify(" ".join(rest), ("de", language)) == language:
        return False
    return len(words) > _LEAST or bool(_small(rest))


def _small(words: Sequence[str]) -> list[str]:
    return [word for word in words if word == word.lower()]


@cache
def _strange(language: str) -> re.Pattern[str]:
    """Words in a script that the language is not written in."""
    return re.compile(rf"[^\W\d_{_LATIN}{_SCRIPTS.get(language, '')}]{{2,}}|[\u3040-\u30ff\u3400-\u9fff]")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _source_words() -> re.Pattern[str]:
    """Words for a source, in any language."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_data()['sources']['words'])})(?!\w)", re.IGNORECASE)


@cache
def _numbered() -> re.Pattern[str]:
    words, signs, after = (_data()["sources"][name] for name in ("words", "signs", "after"))
    before = rf"(?:{'|'.join(words)})\s?(?:{signs}\s?)?[\[(]?\d{{1,2}}(?![.:,]?\d)"
    return re.compile(rf"(?<!\w)(?:{before}|\d{{1,2}}\s?(?:{'|'.join(after)}))", re.IGNORECASE)


@cache
def _cues(language: str) -> dict[str, re.Pattern[str]]:
    rows = _data().get(language, {})
    return {name: _pattern(rows.get(name, [])) for name in ("itself", "promises", "decisions", "conditions")}


def _pattern(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded(plain('|'.join(parts)))})(?!\w)" if parts else r"(?!)")
