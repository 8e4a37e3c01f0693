"""`amtslotse municipality …`: whose citizens ask, and which corpora answer them."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.output import show
from assistant.publishing.municipalities import described
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.errors import UnknownCorpus
from corpora.naming import named

app = typer.Typer(help="Add and list municipalities.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The municipality's short name, as it stands in addresses.")],
    corpus: Annotated[list[str] | None, typer.Option("--corpus", help="Searched in the order given.")] = None,
    file: Annotated[Path | None, typer.Option(help="TOML with name, contact, languages and places.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Add a municipality, or describe it anew."""
    wiring = Wiring(Settings())
    municipality = described(named(name), corpus or [], file)
    known = {state.name for state in wiring.corpora.states()}
    missing = [corpus for corpus in municipality.corpora if corpus not in known]
    if missing:
        raise UnknownCorpus(f"There is no corpus named {', '.join(missing)}.")
    wiring.municipalities.put(municipality)
    show(municipality, f"{name} is answered from {', '.join(municipality.corpora)}.", as_json)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show all municipalities."""
    found = Wiring(Settings()).municipalities.all()
    lines = [f"{m.id}: {m.name}, answered from {', '.join(m.corpora)}" for m in found]
    show(found, "\n".join(lines) or "There is no municipality yet.", as_json)
