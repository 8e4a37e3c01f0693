"""The command `amtslotse`: exit code 0 done, 1 failed with a sentence on stderr, 2 wrongly called."""

import sys
from importlib import metadata
from typing import Annotated

import typer

from assistant.cli import ask, corpus, evaluate, model, municipality, search, serve, widget
from assistant.cli.output import said

app = typer.Typer(
    help="Answers citizens' questions from the documents of public services, each sentence with its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(corpus.app, name="corpus")
app.add_typer(municipality.app, name="municipality")
app.add_typer(model.app, name="model")
app.add_typer(evaluate.app, name="evaluate")
app.command()(serve.demo)
app.command()(serve.serve)
app.command()(ask.ask)
app.command()(search.search)
app.command()(widget.widget)


def _tell_version(wished: bool) -> None:
    if wished:
        typer.echo(f"amtslotse {metadata.version('amtslotse')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """What holds for every command; the help of the program is the application's."""


def main() -> None:
    """Runs the command line."""
    from pydantic import ValidationError
    from sqlalchemy.exc import SQLAlchemyError

    from assistant.errors import AssistantError
    from corpora.errors import CorporaError
    from corpora.readers.problems import problems
    from retrieval.errors import RetrievalError
    from serving.errors import ServingError

    try:
        app()
    except (AssistantError, CorporaError, RetrievalError, ServingError) as error:
        _fail(str(error))
    except ValidationError as error:
        _fail(f"The settings are wrong: {problems(error)}.")
    except SQLAlchemyError as error:
        _fail(f"The database cannot be used: {getattr(error, 'orig', error)}.")
    except OSError as error:
        _fail(f"{error.filename or 'The data directory'}: {error.strerror or error}.")
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(sentence: str) -> None:
    said.print(f"Error: {sentence}", markup=False, soft_wrap=True)
    sys.exit(1)
