"""`amtslotse model …`: which open models may word the answers, and on which GPU each of them runs."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assistant.cli.output import said, show
from serving import catalogue, process
from serving.command import CPU_ENVIRONMENT, ENVIRONMENT, PORT, argv, on_cpu
from serving.errors import DoesNotFit
from serving.planning import CHAT_TOKENS, Plan
from serving.planning import plan as planned

app = typer.Typer(help="European open models on vLLM: list them, plan their hardware, serve one.", no_args_is_help=True)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show the models of the catalogue."""
    models = catalogue.models().values()
    if as_json:
        show([asdict(one) for one in models], "", as_json)
        return
    table = Table("name", "licence", "languages", "context", "weights in GB", box=None, pad_edge=False)
    for one in models:
        weights = ", ".join(f"{size:g} {precision}" for precision, size in one.weights.items())
        languages = str(len(one.languages)) if one.languages else "all"
        table.add_row(one.name, one.licence, languages, f"{one.context:,}", weights)
    Console().print(table)


@app.command()
def plan(
    name: Annotated[str, typer.Argument(help="A model of the catalogue, by its name or its id.")],
    gpu: Annotated[str, typer.Option(help="The kind of GPU, for example h100 or l4.")],
    gpus: Annotated[int, typer.Option(min=1, max=8, help="How many of them share the model.")] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say whether a model fits on a GPU, for how many chats at once, and how to start it."""
    found = planned(catalogue.model(name), catalogue.gpu(gpu), gpus)
    command = argv(found) if found.fits else None
    show(asdict(found) | {"fits": found.fits, "command": command}, _told(found), as_json)
    if not found.fits:
        raise typer.Exit(1)


def _told(found: Plan) -> str:
    cards = f"{found.gpus} × {found.gpu.name}" if found.gpus > 1 else found.gpu.name
    if not found.fits:
        return f"{found.model.name} does not fit on {cards}. {found.reason}"
    lines = [
        f"{found.model.name} fits on {cards}.",
        f"{found.model.id}, {found.model.licence}. {found.model.note}",
        f"Weights: {found.weights:.1f} GB in {found.precision}, of {found.usable:.1f} GB that vLLM may take.",
        f"Room for context: {found.room:.1f} GB, {found.tokens:,} tokens of {found.model.token_bytes:,} bytes.",
        f"Chats at once: {found.chats}, of {CHAT_TOKENS:,} tokens each; more wait, or are answered by quoting.",
        *(f"Known problem: {problem}" for problem in found.model.problems),
        f"Command: {shlex.join(argv(found))}",
    ]
    return "\n".join(lines)


@app.command()
def serve(
    name: Annotated[str, typer.Argument(help="A model of the catalogue, or with --cpu any name for --weights.")],
    gpu: Annotated[str | None, typer.Option(help="The kind of GPU, for example h100 or l4.")] = None,
    gpus: Annotated[int, typer.Option(min=1, max=8, help="How many of them share the model.")] = 1,
    weights: Annotated[Path | None, typer.Option(exists=True, file_okay=False, help="Read them from here.")] = None,
    cpu: Annotated[bool, typer.Option("--cpu", help="Without a GPU: for trying things, not for citizens.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535)] = PORT,
    python: Annotated[str, typer.Option(help="The interpreter of the environment that has vLLM.")] = "python",
) -> None:
    """Start vLLM with a model, say when it can answer, and end it with the answers it is giving."""
    if cpu:
        if weights is None:
            raise typer.BadParameter("--cpu needs --weights")
        command, environment = on_cpu(name, str(weights), python, port), CPU_ENVIRONMENT
    else:
        if gpu is None:
            raise typer.BadParameter("Name the GPU with --gpu, or give --cpu.")
        found = planned(catalogue.model(name), catalogue.gpu(gpu), gpus)
        if not found.fits:
            raise DoesNotFit(_told(found))
        command, environment = argv(found, python, port, str(weights) if weights else None), ENVIRONMENT
    address = f"http://127.0.0.1:{port}"
    with said.status(f"Loading {name}") as status:

        def ready() -> None:
            status.stop()
            said.print(f"{name} answers at {address}/v1", markup=False)

        def waiting(seconds: float) -> None:
            status.update(f"Loading {name}, {seconds:.0f} s")

        process.run(command, environment, f"{address}/health", waiting, ready)
