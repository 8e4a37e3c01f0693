"""Sentences of real pages with one thing changed, and true ones put another way: what `verify` is measured with.

`python -m tests.quality.mutations` prints the table, with `--show KIND…`
what went wrong. The rules here are written apart from those of `verify`.
"""

import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Evidence
from corpora.chunking import entry
from corpora.documents import Document
from corpora.samples import layers
from corpora.sentences import sentences
from tests.quality.mutation_words import OFFICE, PERCENT, TURNS, WORDS

DATA = Path(__file__).parents[3] / "shared" / "data"
TRUE = ("original", "paraphrase")
_LONG = 4
_PLAIN_NUMBER = re.compile(r"(?<![\w.,:/@§+–-])(?<!§ )\d+(?:[.,]\d+)*(?![\w/@:–-]|[.,]\d)")
_NUMERIC_DAY = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_PHONE = re.compile(r"(?<![\w./-])0\d{2,4}[ /-]{1,3}\d{2,}(?:[ /-]\d+)*")
_LINK = re.compile(r"(?:https?://|www\.)[^\s()<>]+[\w/]")
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
_TIME = re.compile(r"(?<![\d.,:])(\d{1,2}):(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the passage it cites and others it could have; `kind` is what was changed, or why it is true."""

    kind: str
    language: str
    text: str
    evidence: Evidence
    others: tuple[Evidence, ...] = ()

    @property
    def dropped(self) -> bool:
        return bool(Verify()(Cited(self.text, self.language, (self.evidence,), quoted=False), self.others))


def samples() -> list[tuple[str, Evidence]]:
    """Every sentence of the sample pages with its passage."""
    return [one for layer in layers.LAYERS for page in layers.documents(layer) for one in _of_page(page, layer)]


def shared(pages: int = 40) -> list[tuple[str, Evidence]]:
    """Sentences of some pages of OMoS-QA and Integreat, where they are on this machine."""
    found: list[tuple[str, Evidence]] = []
    files = [*sorted(DATA.glob("omos/pages_*.jsonl")), *sorted(DATA.glob("integreat/*.jsonl"))]
    for file in files:
        rows = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
        for row in random.Random(11).sample(rows, min(pages, len(rows))):
            language = row.get("language") or file.stem[-2:]
            body = row.get("body") or ""
            kind = row.get("format", "text")
            found += _of_page(Document(row["id"], row.get("title", ""), language, body, format=kind), file.stem)
    return found


def cases(pieces: Sequence[tuple[str, Evidence]], seed: int = 5) -> Iterator[Case]:
    """All that can be made of the sentences: true and false."""
    chance = random.Random(seed)
    by_language: dict[str, list[Evidence]] = defaultdict(list)
    for _, one in pieces:
        by_language[one.passage.language].append(one)
    for text, one in pieces:
        language = one.passage.language
        if language not in TURNS or len(text.split()) < _LONG:
            continue
        yield Case("original", language, text, one)
        yield from (Case("paraphrase", language, said, one) for said in _paraphrased(text, language, chance))
        known = one.passage.in_context
        for kind, change in _CHANGES.items():
            said = change(text, language, chance)
            if said and said != text and said not in known:
                yield Case(kind, language, said, one)
        other = _elsewhere(text, one, by_language[language], chance)
        if other:
            # The right one is a source of the answer too, or there would be nothing to take the wrong number from.
            yield Case("source", language, text, other, (one,))


def table(tried: Iterable[Case]) -> dict[str, dict[str, tuple[int, int]]]:
    """By kind and language: how many were dropped, of how many."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for case in tried:
        for language in (case.language, "all"):
            dropped, of = found[case.kind].get(language, (0, 0))
            found[case.kind][language] = (dropped + case.dropped, of + 1)
    return dict(found)


def _of_page(page: Document, layer: str) -> list[tuple[str, Evidence]]:
    found = []
    for passage in entry(page).passages:
        one = Evidence(passage, page, layer, 1)
        found += [(text, one) for text in dict.fromkeys(sentences(passage.text))]
    return found


def _elsewhere(text: str, one: Evidence, known: Sequence[Evidence], chance: random.Random) -> Evidence | None:
    """A passage of another page that does not hold the sentence."""
    for _ in range(5):
        other = chance.choice(known)
        if other.document.original != one.document.original and text not in other.passage.in_context:
            return other
    return None


def _once(pattern: re.Pattern[str], text: str, chance: random.Random, put: Callable[[re.Match[str]], str]) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return ""
    at = chance.choice(found)
    return f"{text[: at.start()]}{put(at)}{text[at.end() :]}"


def _other(words: Sequence[str], not_: str, chance: random.Random) -> str:
    return chance.choice([word for word in words if word.lower() != not_.lower()])


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)


def _bare(text: str) -> str:
    """The text with links, mails, phones and days blanked out, places kept."""
    for pattern in (_LINK, _MAIL, _PHONE, _NUMERIC_DAY, _TIME):
        text = pattern.sub(lambda match: "_" * len(match.group()), text)
    return text


def _figure(text: str, language: str, chance: random.Random) -> str:
    found = list(_PLAIN_NUMBER.finditer(_bare(text)))
    if not found:
        return ""
    at = chance.choice(found)
    digits = at.group()
    place = chance.randrange(len(re.match(r"\d+", digits).group()))  # type: ignore[union-attr]
    new = str((int(digits[place]) + chance.randint(1, 8)) % 10)
    new = "1" if place == 0 and new == "0" else new
    changed = digits[:place] + new + digits[place + 1 :]
    return f"{text[: at.start()]}{changed}{text[at.end() :]}" if changed != digits else ""


def _spelled(text: str, language: str, chance: random.Random) -> str:
    words = WORDS["number"][language]
    return _once(_any_of(words), text, chance, lambda match: _other(words, match.group(), chance))


def _unit(text: str, language: str, chance: random.Random) -> str:
    words = WORDS["unit"][language]
    counted = re.compile(rf"(?<=\d ){_any_of(words).pattern}", re.IGNORECASE)
    return _once(counted, text, chance, lambda match: _other(words, match.group(), chance))


def _date(text: str, language: str, chance: random.Random) -> str:
    if _NUMERIC_DAY.search(text):
        return _once(_NUMERIC_DAY, text, chance, lambda day: f"{int(day[1]) % 28 + 1}.{day[2]}.{day[3]}")
    words = WORDS["month"][language]
    counted = re.compile(rf"(?:(?<=\d )|(?<=\d\. )){_any_of(words).pattern}", re.IGNORECASE)
    return _once(counted, text, chance, lambda match: _other(words, match.group(), chance))


def _time(text: str, language: str, chance: random.Random) -> str:
    return _once(_TIME, text, chance, lambda at: f"{(int(at[1]) + chance.randint(1, 9)) % 24}:{at[2]}")


def _digit(pattern: re.Pattern[str]) -> Callable[[str, str, random.Random], str]:
    def change(text: str, language: str, chance: random.Random) -> str:
        def put(match: re.Match[str]) -> str:
            places = [n for n, c in enumerate(match.group()) if c.isdigit()][3:]
            at = chance.choice(places)
            said = match.group()
            return f"{said[:at]}{(int(said[at]) + chance.randint(1, 9)) % 10}{said[at + 1 :]}"

        return _once(pattern, text, chance, put)

    return change


def _letter(pattern: re.Pattern[str]) -> Callable[[str, str, random.Random], str]:
    def change(text: str, language: str, chance: random.Random) -> str:
        def put(match: re.Match[str]) -> str:
            said = match.group()
            return (
                said[:-1] + ("x" if said[-1] != "x" else "y") if chance.random() < 0.5 else said.replace(".", "-1.", 1)
            )

        return _once(pattern, text, chance, put)

    return change


def _negation(text: str, language: str, chance: random.Random) -> str:
    turns = [(pattern, to) for pattern, to in TURNS[language] if re.search(pattern, text)]
    if not turns:
        return ""
    pattern, to = chance.choice(turns)
    return re.sub(pattern, to, text, count=1)


def _office(text: str, language: str, chance: random.Random) -> str:
    def put(match: re.Match[str]) -> str:
        german = re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß-]+(?:amt|büro|behörde|kasse|gericht|stelle)", match.group())
        return _other(WORDS["office"]["de" if german else language], match.group(), chance)

    return _once(re.compile(OFFICE[language]), text, chance, put)


_CHANGES: Mapping[str, Callable[[str, str, random.Random], str]] = {
    "figure": _figure, "figure in words": _spelled, "unit": _unit, "date": _date, "time": _time,
    "phone": _digit(_PHONE), "link": _letter(_LINK), "mail": _letter(_MAIL), "negation": _negation, "office": _office,
}  # fmt: skip


def _paraphrased(text: str, language: str, chance: random.Random) -> Iterator[str]:
    """True sentences: figures in another writing, words in front."""
    front = chance.choice(WORDS["said"][language])
    first = text[0].lower() + text[1:] if front.endswith(", {}") and not text.split()[0].isupper() else text
    yield front.format(first)
    new = _rewritten(text, language)
    if new != text:
        yield new
        yield chance.choice(WORDS["said"][language]).format(new)


def _rewritten(text: str, language: str) -> str:
    spelled = WORDS["number"][language]
    digits = {word.lower(): str(n) for n, word in enumerate(spelled, start=2)}
    text = re.sub(r"(?<![\d.,])(\d+),00 (?:Euro|€)", r"EUR \1.00", text)
    text = re.sub(r"(?<![\d.,])(\d{1,3}),(\d\d) (?:Euro|€)", r"€ \1.\2", text)
    text = re.sub(r"€(\d+(?:\.\d\d)?)\b(?![.,]\d)", r"\1 euros", text)
    text = re.sub(r"(?<![\d.,:–-])(\d{1,2}):00 Uhr", r"\1 Uhr", text)
    text = re.sub(r"(?<![\d.,:])(\d{1,2}):(\d\d)(?!\d)", r"\1.\2", text) if language == "de" and "Uhr" in text else text
    months = "|".join(WORDS["month"]["de"]) if language == "de" else "-"
    numbers = dict(zip(WORDS["month"]["de"], (1, 3, 6, 8, 10, 12), strict=True))
    text = re.sub(rf"(\d{{1,2}})\. ({months}) (\d{{4}})", lambda m: f"{int(m[1]):02}.{numbers[m[2]]:02}.{m[3]}", text)
    text = re.sub(r"(\d) ?%", r"\1 " + PERCENT[language], text)
    text = re.sub(r"(\d)\.(\d{3})(?![\d.])", r"\1\2", text)
    # `altı` is "under" too, and `on iki` is twelve.
    spelled = [word for word in spelled if word != "altı"]
    sure = re.compile(rf"(?<!on ){_any_of(spelled).pattern}", re.IGNORECASE)
    return sure.sub(lambda match: digits[match.group().lower()], text)


def _print(title: str, found: Mapping[str, Mapping[str, tuple[int, int]]]) -> None:
    languages = ["all", *sorted(TURNS)]
    print(f"\n{title}\n{'kind':17}" + "".join(f"{one:>16}" for one in languages))
    for kind in (*TRUE, *(kind for kind in found if kind not in TRUE)):
        row = found.get(kind, {})
        cells = (
            f"{d / n:7.3f} {d:>4}/{n:<4}" if n else f"{'–':>16}" for d, n in (row.get(one, (0, 0)) for one in languages)
        )
        print(f"{kind:17}" + "".join(f"{cell:>17}" for cell in cells))


if __name__ == "__main__":
    sets = {"samples": samples, "omos and integreat": shared}
    for name, pieces in sets.items():
        made = list(cases(pieces()))
        _print(f"{name}: {len(made)} sentences; share dropped (false: caught, true: wrongly dropped)", table(made))
        if "--show" in sys.argv:
            wrong = [one for one in made if one.kind in sys.argv and one.dropped == (one.kind in TRUE)]
            print(*(f"- {one.kind} {one.language}: {one.text}" for one in wrong), sep="\n")
