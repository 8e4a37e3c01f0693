"""Options that several commands take."""

import typer
from typer.models import OptionInfo

from corpora.readers.rows import language_code


def _coded(value: str | None) -> str | None:
    try:
        return value if value is None else language_code(value)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from error


def a_language(meaning: str) -> OptionInfo:
    """An option for a language by its code; what is no code is a wrong call."""
    option: OptionInfo = typer.Option(help=meaning, callback=_coded)
    return option
