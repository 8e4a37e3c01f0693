"""`amtslotse corpus …`: what administrators do with documents."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import a_language
from assistant.cli.output import plain, progress, said, show
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.documents import Document
from corpora.revisions import Changes, Revision

app = typer.Typer(help="Import, publish and take back documents.", no_args_is_help=True)

Corpus = Annotated[str, typer.Argument(help="The name of the corpus.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def _wiring() -> Wiring:
    return Wiring(Settings())


def _documents(count: int) -> str:
    return f"{count} document" + ("" if count == 1 else "s")


def _counts(changes: Changes) -> str:
    return f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed"


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
    language: Annotated[str | None, a_language("For documents that do not name their own.")] = None,
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
    wiring = _wiring()
    with progress(silent=as_json) as told:
        changes, revision = wiring.publisher.import_documents(
            named(corpus), reading.documents, replace=replace, publish=publish, progress=told
        )
    alone = _without_original(wiring, corpus, reading.documents, changes)
    if alone:
        said.print(f"Note: the original is neither in the import nor in {corpus}: {alone}.", markup=False)
    result = {
        "corpus": corpus, "read": len(reading.documents), "added": len(changes.added),
        "changed": len(changes.changed), "removed": len(changes.removed),
        "revision": revision.number if revision else None,
    }  # fmt: skip
    # Counted is what publishing changes, earlier imports into the same draft included.
    if not revision:
        state = f"In the draft now: {_counts(changes)}. Not published yet: amtslotse corpus publish {corpus}"
    elif changes:
        state = f"Published as revision {revision.number}: {_counts(changes)}."
    else:
        state = f"Revision {revision.number} says all of it already."
    show(result, f"{_documents(len(reading.documents))} read. {state}", as_json)


def _without_original(wiring: Wiring, corpus: str, documents: list[Document], changes: Changes) -> str:
    """The translations among the documents whose original is nowhere, each with its original's id."""
    from corpora.readers.registry import some

    wanted = {document.original for document in documents} - {document.id for document in documents}
    if not wanted:
        return ""
    current = wiring.corpora.current(corpus)
    there = {document.id for document in wiring.corpora.documents(corpus, current.number if current else None)}
    lost = wanted - (there - {*changes.removed} | {*changes.added})
    return some(f"{document.id} (of {document.original})" for document in documents if document.original in lost)


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
    wiring = _wiring()
    before, changes = wiring.corpora.current(corpus), wiring.corpora.changes(corpus)
    with progress(silent=as_json) as told:
        revision = wiring.publisher.publish(corpus, rebuild=rebuild, progress=told)
    show(revision, _published(before, revision, changes, rebuild), as_json)


def _published(before: Revision | None, revision: Revision, changes: Changes, rebuild: bool) -> str:
    """What publishing has done, in a sentence."""
    if before is None or revision.number != before.number:
        state = f"{revision.corpus} stands at revision {revision.number} with {_documents(revision.documents)}"
        return f"{state}: {_counts(changes)}." + (" Its index was written anew." if rebuild else "")
    state = f"{revision.corpus} stays at revision {revision.number} with {_documents(revision.documents)}"
    if rebuild:
        return f"{state}: its index was written anew, and the draft changes nothing."
    if revision.manifest_checksum != before.manifest_checksum:
        return f"{state}: its index could not be used and was written anew, and the draft changes nothing."
    return f"{state}: the draft changes nothing."


@app.command()
def rollback(
    corpus: Corpus,
    to: Annotated[int, typer.Option("--to", help="The revision to return to.")],
    as_json: AsJson = False,
) -> None:
    """Publish again what an earlier revision said; what waits in the draft is given up."""
    wiring = _wiring()
    waiting = wiring.corpora.changes(corpus)
    with progress(silent=as_json) as told:
        revision = wiring.publisher.rollback(corpus, to, progress=told)
    state = f"{corpus} stands at revision {revision.number}, which says what revision {to} said."
    count = len(waiting.added) + len(waiting.changed) + len(waiting.removed)
    given_up = f" Changes of the draft that were given up: {count} ({_counts(waiting)})." if waiting else ""
    show(plain(revision) | {"given_up": count}, state + given_up, as_json)


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
