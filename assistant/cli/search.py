"""`amtslotse search`: passages of a corpus, for people and for measuring programs."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.options import a_language
from assistant.cli.output import dumps, said
from assistant.cli.questions import rows
from assistant.publishing.demonstration import NAME
from assistant.settings import Settings
from assistant.wiring import Wiring


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    corpus: Annotated[str, typer.Option("--corpus", help="Where to look.")] = NAME,
    top: Annotated[int, typer.Option(min=1, max=1000)] = 10,
    language: Annotated[str | None, a_language("Of the query, if it need not be guessed.")] = None,
    queries: Annotated[Path | None, typer.Option(help="A JSONL file of questions instead of one query.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where the results of --queries go.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Search the published revision of a corpus."""
    if queries is not None:
        if output is None:
            raise typer.BadParameter("--queries needs --output")
        asked = rows(queries)
        wiring = _wired(corpus)
        with output.open("w", encoding="utf-8") as out:
            for row in asked:
                started = time.perf_counter()
                results = _results(wiring, corpus, row.question, row.language, top)
                seconds = time.perf_counter() - started
                out.write(dumps({"id": row.id, "seconds": round(seconds, 6), "results": results}) + "\n")
        said.print(f"{len(asked)} questions searched, results in {output}.", markup=False)
        return
    if not query or not query.strip():
        raise typer.BadParameter("Say what to look for, or give --queries.")
    wiring = _wired(corpus)
    started = time.perf_counter()
    results = _results(wiring, corpus, query, language, top)
    if as_json:
        typer.echo(json.dumps({"seconds": time.perf_counter() - started, "results": results}, ensure_ascii=False))
        return
    for found in results:
        typer.echo(f"{found['score']:.3f}  {found['document_id']}  {found['heading']}\n       {found['text'][:200]}")
    if not results:
        typer.echo("Nothing found.")


def _wired(corpus: str) -> Wiring:
    """All parts, when the call is known to be right, since this may set up the sample town."""
    wiring = Wiring(Settings())
    if corpus == NAME and not any(state.name == NAME and state.current for state in wiring.corpora.states()):
        wiring.demonstration.ready_alone()
    return wiring


def _results(wiring: Wiring, corpus: str, query: str, language: str | None, top: int) -> list[dict[str, Any]]:
    hits = wiring.search(query, (corpus,), language, top)
    return [
        {
            "document_id": hit.document.id,
            "passage_id": hit.passage.id,
            "score": round(hit.score, 6),
            "heading": hit.passage.heading,
            "text": hit.passage.text,
        }
        for hit in hits
    ]
