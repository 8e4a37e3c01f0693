"""`amtslotse evaluate …`: how good search and judge are on one's own questions."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.output import dumps, said
from assistant.settings import Settings
from assistant.wiring import Wiring

app = typer.Typer(help="Measure search and judge with your own questions.", no_args_is_help=True)

Questions = Annotated[Path, typer.Option("--questions", help="A JSONL file of questions with their documents.")]
Corpora = Annotated[
    list[str] | None, typer.Option("--corpus", help="For questions that name none; several are layers.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def retrieval(
    questions: Questions,
    corpus: Corpora = None,
    top: Annotated[int, typer.Option(min=10, max=1000, help="Passages that each search finds.")] = 50,
    save: Annotated[Path | None, typer.Option(help="Keep the run for comparing later.")] = None,
    against: Annotated[Path | None, typer.Option(help="Compare with a run that was kept.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Search with other fusion weights, and compare.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how often search finds the right document."""
    from assistant.cli.tables import show_comparison, show_groups
    from assistant.evaluation import questions as reading
    from assistant.evaluation import runs
    from assistant.evaluation.comparison import compared
    from assistant.evaluation.pages import UNKNOWN
    from assistant.evaluation.retrieval import grouped, measured

    if weights and against:
        raise typer.BadParameter("Give --against or --weights, not both.")
    with _wrongly_called():
        asked = reading.questions(questions, tuple(corpus or ()), gold=True)
        before = runs.load(against) if against else None
        other = runs.weights(weights) if weights else None
        wiring = Wiring(Settings())
        if other:
            before = measured(wiring, asked, top)
        run = measured(wiring, asked, top, other)
        difference = compared(before.measured, run.measured) if before else None
    if save:
        runs.save(save, run)
    absent = sum(one.document_language == UNKNOWN for one in run.measured)
    if absent:
        said.print(f"Note: no corpus has the documents of {absent} questions, which count as missed.", markup=False)
    groups = grouped(run.measured)
    if as_json:
        found = {"configuration": run.configuration, "languages": groups[:-1], "all": groups[-1]}
        if before:
            found |= {"against": before.configuration, "comparison": difference}
        sys.stdout.write(dumps(found) + "\n")
        return
    show_groups(groups)
    if difference:
        show_comparison(difference, str(against) if against else "the weights in use")
        if difference.alone:
            said.print(f"Note: {difference.alone} questions are in only one of the runs.", markup=False)


@app.command()
def judge(
    questions: Questions,
    unanswerable: Annotated[Path, typer.Option(help="A JSONL file of questions that no document answers.")],
    corpus: Corpora = None,
    figure: Annotated[Path | None, typer.Option(help="Draw a reliability diagram into an SVG file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how far the judge's probability can be believed."""
    from assistant.cli.tables import show_reliability
    from assistant.evaluation import questions as reading
    from assistant.evaluation.diagram import svg
    from assistant.evaluation.reliability import judged, reliability
    from retrieval import likelihood

    corpora = tuple(corpus or ())
    with _wrongly_called():
        answered = reading.questions(questions, corpora, gold=False)
        declined = reading.questions(unanswerable, corpora, gold=False)
    wiring = Wiring(Settings())
    every = [*judged(wiring, answered, answerable=True), *judged(wiring, declined, answerable=False)]
    found = reliability(every, likelihood.load(wiring.embedder).threshold)
    if figure:
        figure.write_text(svg(found), encoding="utf-8")
    if as_json:
        sys.stdout.write(dumps(found) + "\n")
        return
    show_reliability(found)


@contextmanager
def _wrongly_called() -> Iterator[None]:
    """What a file of the caller's lacks is told in one sentence, with the exit code of a wrong call."""
    from assistant.evaluation.errors import BadInput

    try:
        yield
    except BadInput as error:
        said.print(f"Error: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from error
