"""`amtslotse widget`: the line that puts the assistant on a town's page."""

import re
from typing import Annotated

import typer

from assistant.cli.output import show
from assistant.settings import Settings
from assistant.web.bundle import bundle, integrity
from assistant.wiring import Wiring


def _address(server: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?/?", server):
        raise typer.BadParameter("should be an address such as https://chat.town.example")
    return server


def widget(
    municipality: Annotated[str, typer.Argument(help="Whose assistant it is.")],
    server: Annotated[str, typer.Option(help="The address of this service, as citizens reach it.", callback=_address)],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print the line for the town's page, with the hash that pins this version of the script."""
    name = Wiring(Settings()).municipalities.get(municipality).id
    address = f"{server.rstrip('/')}/widget.js"
    hashed = integrity(bundle())
    line = f'<script src="{address}" data-municipality="{name}" integrity="{hashed}" crossorigin defer></script>'
    show({"src": address, "integrity": hashed, "html": line}, line, as_json)
