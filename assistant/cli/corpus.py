"""`amtslotse corpus …`: what administrators do with documents."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.output import progress, said, show
from assistant.settings import Settings
from assistant.wiring import Wiring

app = typer.Typer(help="Import, publish and take back documents.", no_args_is_help=True)

Corpus = Annotated[str, typer.Argument(help="The name of the corpus.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def _wiring() -> Wiring:
    return Wiring(Settings())


def _documents(count: int) -> str:
    return f"{count} document" + ("" if count == 1 else "s")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show all corpora with their current revision."""
    states = _wiring().corpora.states()
    lines = [
        f"{s.name}: " + (f"revision {s.current}, {_documents(s.documents)}" if s.current else "not published")
        + (f", changes in the draft: {s.drafted}" if s.drafted else "")
        for s in states
    ]  # fmt: skip
    show(states, "\n".join(lines) or "There is no corpus yet.", as_json)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A JSONL, Markdown, HTML or text file, or a folder of them.")],
    corpus: Annotated[str, typer.Option("--corpus", help="Created when it is new.")],
    language: Annotated[str | None, typer.Option(help="For documents that do not name their own.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Remove documents that the file lacks.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take documents into the draft of a corpus; all of them or none."""
    from corpora.naming import named
    from corpora.readers.registry import read

    reading = read(path, language)
    for warning in reading.warnings:
        said.print(f"Note: {warning}", markup=False)
    with progress(silent=as_json) as told:
        changes, revision = _wiring().publisher.import_documents(
            named(corpus), reading.documents, replace=replace, publish=publish, progress=told
        )
    result = {
        "corpus": corpus, "read": len(reading.documents), "added": len(changes.added),
        "changed": len(changes.changed), "removed": len(changes.removed),
        "revision": revision.number if revision else None,
    }  # fmt: skip
    # Counted is what publishing changes, earlier imports into the same draft included.
    counts = f"{result['added']} added, {result['changed']} changed, {result['removed']} removed"
    state = (
        f"Published as revision {revision.number}: {counts}."
        if revision
        else f"In the draft now: {counts}. Not published yet: amtslotse corpus publish {corpus}"
    )
    show(result, f"{_documents(len(reading.documents))} read. {state}", as_json)


@app.command()
def diff(corpus: Corpus, as_json: AsJson = False) -> None:
    """Show what publishing the draft would change."""
    changes = _wiring().corpora.changes(corpus)
    marks = (("+", changes.added), ("~", changes.changed), ("-", changes.removed))
    lines = [f"{mark} {document_id}" for mark, ids in marks for document_id in ids]
    show(changes, "\n".join(lines) or "The draft changes nothing.", as_json)


@app.command()
def publish(
    corpus: Corpus,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Write the index anew from the documents.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make the draft the current revision."""
    with progress(silent=as_json) as told:
        revision = _wiring().publisher.publish(corpus, rebuild=rebuild, progress=told)
    show(
        revision,
        f"{corpus} stands at revision {revision.number} with {_documents(revision.documents)}.",
        as_json,
    )


@app.command()
def rollback(
    corpus: Corpus,
    to: Annotated[int, typer.Option("--to", help="The revision to return to.")],
    as_json: AsJson = False,
) -> None:
    """Publish again what an earlier revision said."""
    with progress(silent=as_json) as told:
        revision = _wiring().publisher.rollback(corpus, to, progress=told)
    show(
        revision,
        f"{corpus} stands at revision {revision.number}, which says what revision {to} said.",
        as_json,
    )


@app.command()
def history(corpus: Corpus, as_json: AsJson = False) -> None:
    """Show the revisions of a corpus, the newest first."""
    revisions = _wiring().corpora.history(corpus)
    lines = [
        f"{r.number}  {r.published_at:%Y-%m-%d %H:%M}  {_documents(r.documents)}  +{r.added} ~{r.changed} -{r.removed}"
        f"  {r.note}{'  (redacted)' if r.redacted else ''}"
        for r in revisions
    ]
    show(revisions, "\n".join(lines) or "Nothing is published yet.", as_json)


@app.command()
def remove(corpus: Corpus, document_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Take a document out of the next revision; earlier ones keep it."""
    _wiring().publisher.remove(corpus, document_id)
    sentence = f"{document_id} will be gone with the next revision: amtslotse corpus publish {corpus}"
    show({"corpus": corpus, "removed": document_id}, sentence, as_json)


@app.command()
def erase(corpus: Corpus, document_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Delete a document from every revision, index and cache, for good."""
    with progress(silent=as_json) as told:
        _wiring().publisher.erase(corpus, document_id, progress=told)
    sentence = f"{document_id} is erased from every revision of {corpus}."
    show({"corpus": corpus, "erased": document_id}, sentence, as_json)
