"""What a good model would say about 200 questions on real pages in six languages: how much of it is released.

`python -m tests.quality.wording --data-dir DIR` asks the whole pipeline, with a scripted server in place of the model.
The sentences in `worded/` were written by people who saw the questions and the pages, and nothing of this program; each
names the line of the page that carries it. `false` ones are what a model might invent.
"""

import argparse
import asyncio
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.domain.answer import Answer
from assistant.domain.draft import Question
from assistant.errors import UnknownMunicipality
from assistant.publishing.municipalities import described
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.documents import Document
from tests.scripted import Asked, Script, Scripted

DATA = Path(__file__).parents[3] / "shared" / "data" / "omos"
SAID = Path(__file__).parent / "worded"
LANGUAGES = ("de", "en", "fr", "tr", "ar", "uk")
_SOURCE = re.compile(r"^\[(\d)\] (.*?)(?=^\[\d\] |\Z)", re.MULTILINE | re.DOTALL)
# As much of a line must stand in a source for it to be the one that carries the sentence.
_MOST_OF_IT = 0.8


@dataclass(frozen=True)
class Worded:
    """A question with what a model says of it: sentences with the lines that carry them, or false ones with none."""

    language: str
    page_language: str
    city: str
    question: str
    sentences: tuple[tuple[str, str], ...]
    false: tuple[str, ...]

    @property
    def corpus(self) -> str:
        return f"wording-{self.page_language}-{self.city}"


def worded() -> list[Worded]:
    """All that was written, with the questions and lines of OMoS-QA."""
    pages = {language: {row["id"]: row for row in _rows(DATA / f"pages_{language}.jsonl")} for language in _paged()}
    asked = {language: {row["id"]: row["question"] for row in _rows(DATA / f"questions_{language}.jsonl")}
             for language in _paged()}  # fmt: skip
    return [
        _worded(row, language, pages[row["page_language"]][row["document_id"]], asked)
        for language in LANGUAGES
        for row in _rows(SAID / f"{language}.jsonl")
    ]


def _worded(row: Any, language: str, page: Any, asked: Mapping[str, Mapping[str, str]]) -> Worded:
    lines = page["body"].split("\n")
    question = row.get("question") or asked[language][row["question_id"]]
    carried = tuple((one["text"], lines[one["line"]]) for one in row["true"])
    return Worded(language, row["page_language"], page["city"], question, carried, tuple(row["false"]))


def _paged() -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if (DATA / f"pages_{language}.jsonl").exists())


def _rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class Model:
    """Says what was written about a question, with the number of the source that has the line."""

    def __init__(self, all_of_it: Iterable[Worded], *, false: bool) -> None:
        self._said = {one.question: one for one in all_of_it}
        self._false = false
        self.said: dict[str, list[str]] = defaultdict(list)

    def __call__(self, asked: Asked) -> Script:
        """The script for a request."""
        told, _, question = asked.body["messages"][-1]["content"].rpartition("\n\nQuestion: ")
        sources = {int(number): text for number, text in _SOURCE.findall(told)}
        one = self._said[question]
        numbered = self._invented(one, sources) if self._false else list(self._carried(one, sources))
        self.said[question] = [text for text, _ in numbered]
        return ["".join(f"{text} {''.join(f'[{n}]' for n in numbers)} " for text, numbers in numbered) or "-"]

    @staticmethod
    def _invented(one: Worded, sources: Mapping[int, str]) -> list[tuple[str, list[int]]]:
        return [(text, [min(sources)]) for text in one.false]

    @staticmethod
    def _carried(one: Worded, sources: Mapping[int, str]) -> Iterable[tuple[str, list[int]]]:
        for text, line in one.sentences:
            held = {number: _share(line, source) for number, source in sources.items()}
            best = max(held, key=lambda number: held[number])
            if held[best] >= _MOST_OF_IT:
                yield text, [best, *_more(text, best, sources)]


def _share(line: str, source: str) -> float:
    words = re.findall(r"\w+", line.casefold())
    return sum(word in source.casefold() for word in words) / max(1, len(words))


def _more(text: str, best: int, sources: Mapping[int, str]) -> list[int]:
    """A second source, where the sentence joins a figure of it."""
    lacking = set(re.findall(r"\d+", text)) - set(re.findall(r"\d+", sources[best]))
    found = {number: len(lacking & set(re.findall(r"\d+", source))) for number, source in sources.items()}
    other = max(found, key=lambda number: found[number])
    return [other] if found[other] else []


async def run(wiring: Wiring, asked: Sequence[Worded]) -> list[Answer]:
    """The answers in order."""
    answers = []
    for one in asked:
        town = wiring.municipalities.get(one.corpus)
        answers.append(await wiring.pipeline.answer(Question(one.question, town, datetime.now(UTC), one.language)))
    if wiring.client:
        await wiring.client.close()
    return answers


def ready(wiring: Wiring, asked: Iterable[Worded]) -> None:
    """Publishes the pages of each language and city once."""
    for language, city in sorted({(one.page_language, one.city) for one in asked}):
        name = f"wording-{language}-{city}"
        try:
            wiring.municipalities.get(name)
        except UnknownMunicipality:
            rows = [row for row in _rows(DATA / f"pages_{language}.jsonl") if row["city"] == city]
            pages = [Document(row["id"], row["title"], language, row["body"], format="text") for row in rows]
            wiring.publisher.import_documents(name, pages, publish=True)
            wiring.municipalities.put(described(name, (name,)))


def main() -> None:
    """Prints, by language, the share of what was said that was released."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--false", action="store_true", help="say what is invented instead")
    parser.add_argument("--show", action="store_true", help="print what was not released")
    options = parser.parse_args()
    asked = worded()
    model = Model(asked, false=options.false)
    with Scripted(model) as server:
        wiring = Wiring(Settings(data_dir=options.data_dir, model_url=server.url, model="scripted"))
        ready(wiring, asked)
        answers = asyncio.run(run(wiring, asked))
    said, released, silent = Counter[str](), Counter[str](), Counter[str]()
    for one, answer in zip(asked, answers, strict=True):
        out = {sentence.text for sentence in answer.sentences if not sentence.quoted}
        # What was cut in two counts where both halves left.
        left = " ".join(out)
        for text in model.said[one.question]:
            said[one.language] += 1
            whole = text in out or all(part in left for part in re.split(r"(?<=[.!?؟]) ", text))
            released[one.language] += whole
            if options.show and whole == options.false:
                sys.stdout.write(f"{one.language}<{one.page_language} {text}\n")
        silent[one.language] += not answer.sentences
    for name in (*LANGUAGES, "all"):
        of = [name] if name != "all" else list(LANGUAGES)
        a, b, c = (sum(counter[one] for one in of) for counter in (said, released, silent))
        sys.stdout.write(f"{name}: {a} said, {b} released ({b / max(1, a):.3f}), {c} questions without a sentence\n")


if __name__ == "__main__":
    main()
