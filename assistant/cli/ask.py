"""`amtslotse ask`: one question for a person, or a batch of them for a measuring program."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from assistant.cli.options import a_language
from assistant.cli.output import dumps, said, show
from assistant.cli.questions import QuestionRow, rows
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Level, Question, Turn
from assistant.publishing.demonstration import NAME
from assistant.settings import Settings
from assistant.wiring import Wiring


def _known(level: str) -> str:
    if level not in get_args(Level):
        raise typer.BadParameter(f"must be {' or '.join(get_args(Level))}.")
    return level


# Whoever waits at a page goes before a batch.
_BATCH = 5


def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    municipality: Annotated[str, typer.Option(help="Whose citizens ask.")] = NAME,
    language: Annotated[str | None, a_language("Of the question, if it need not be guessed.")] = None,
    level: Annotated[
        Level,
        typer.Option(
            parser=_known,
            metavar="|".join(get_args(Level)),
            help="How it is worded; plain is plain language (Einfache Sprache). Questions of a file may say their own.",
        ),
    ] = "normal",
    questions: Annotated[Path | None, typer.Option(help="A JSONL file of questions.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where the answers of --questions go.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer for programs.")] = False,
) -> None:
    """Ask a question as a citizen would."""
    told = logging.StreamHandler()
    told.setFormatter(_Sentences())
    logging.basicConfig(level=logging.ERROR, handlers=[told])
    if questions is not None:
        if output is None:
            raise typer.BadParameter("--questions needs --output")
        asked = rows(questions)
        count = asyncio.run(_batch(_wired(municipality), municipality, asked, level, output))
        said.print(f"{count} questions asked, answers in {output}.", markup=False)
        return
    if question is None:
        raise typer.BadParameter("Say what you want to know, or give --questions.")
    row = QuestionRow(id="1", question=question, language=language)
    answer = asyncio.run(_answer(_wired(municipality), municipality, row, level))
    show(answer, _readable(answer), as_json)
    if answer.outcome is Outcome.FAILED:
        raise typer.Exit(1)


def _wired(municipality: str) -> Wiring:
    """All parts, when the call is known to be right, since this may set up the sample town."""
    wiring = Wiring(Settings())
    if municipality == NAME:
        wiring.demonstration.ready_alone()
    return wiring


class _Sentences(logging.Formatter):
    """What went wrong, for a person at a terminal, without the places in our code."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's
        """The error's own sentence."""
        return f"Error: {ei[1]}" if isinstance(ei, tuple) else ""


async def _answer(wiring: Wiring, municipality: str, row: QuestionRow, level: Level, priority: int = 0) -> Answer:
    place = wiring.municipalities.get(municipality)
    history = tuple(Turn(turn.role, turn.text) for turn in row.history)
    asked = Question(
        row.question, place, datetime.now(UTC), row.language, history, level=row.level or level, priority=priority
    )
    return await wiring.pipeline.answer(asked)


async def _batch(wiring: Wiring, municipality: str, asked: list[QuestionRow], level: Level, output: Path) -> int:
    wiring.municipalities.get(municipality)
    # A model writes several answers at once in the time of one.
    places = asyncio.Semaphore(wiring.settings.model_answers if wiring.client else 1)

    async def placed(row: QuestionRow) -> Answer:
        async with places:
            return await _answer(wiring, municipality, row, level, _BATCH)

    with output.open("w", encoding="utf-8") as out:
        tasks = [asyncio.create_task(placed(row)) for row in asked]
        try:
            for task in tasks:
                out.write(dumps(await task) + "\n")
                out.flush()
        finally:
            for task in tasks:
                task.cancel()
    return len(asked)


def _readable(answer: Answer) -> str:
    """The answer as plain text with its sources at the end."""
    numbers = {sentence.text: "".join(f" [{n}]" for n in sentence.sources) for sentence in answer.sentences}
    lines = [line + numbers.get(line, "") for line in answer.text.split("\n")]
    for source in answer.sources:
        stand = f", {source.as_of:%d.%m.%Y}" if source.as_of else ""
        heading = f" › {source.heading}" if source.heading != source.title else ""
        lines.append(f"[{source.n}] {source.title}{heading}{stand}  {source.url or ''}".rstrip())
    return "\n".join(lines)
