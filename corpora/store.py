"""Corpora as a database keeps them: what is published, what is in draft, and what was before."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, and_, delete, func, insert, literal, or_, select, update

from corpora.documents import Document, as_mapping, document_from
from corpora.errors import UnknownCorpus, UnknownDocument, UnknownRevision
from corpora.forgetting import empty_log
from corpora.revisions import Changes, CorpusState, Revision
from corpora.tables import corpora, documents, drafts, revisions


def checksum_of(document: Document) -> str:
    """The hash of all that a document says."""
    return hashlib.sha256(_content(document).encode()).hexdigest()


def _content(document: Document) -> str:
    return json.dumps(as_mapping(document), ensure_ascii=False, sort_keys=True)


class CorpusStore:
    """Reads and writes corpora; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def states(self) -> list[CorpusState]:
        """All corpora by name."""
        with self._engine.connect() as connection:
            return [
                self._state(connection, row) for row in connection.execute(select(corpora).order_by(corpora.c.name))
            ]

    def current(self, corpus: str) -> Revision | None:
        """The published revision, None before the first; raises UnknownCorpus."""
        with self._engine.connect() as connection:
            number = _corpus(connection, corpus).current
            return _revision(connection, corpus, number) if number else None

    def history(self, corpus: str) -> list[Revision]:
        """All revisions, the newest first; raises UnknownCorpus."""
        with self._engine.connect() as connection:
            _corpus(connection, corpus)
            rows = connection.execute(
                select(revisions).where(revisions.c.corpus == corpus).order_by(revisions.c.number.desc())
            )
            return [Revision(**row._asdict()) for row in rows]

    def documents(self, corpus: str, number: int | None) -> Iterator[Document]:
        """The documents of a revision in the order they came; none for no revision."""
        with self._engine.connect() as connection:
            if not number:
                return
            for row in connection.execute(_at(corpus, number).order_by(documents.c.row)):
                yield document_from(json.loads(row.content))

    def versions(self, corpus: str, document_id: str) -> list[Document]:
        """Everything a document ever said, in any revision or the draft."""
        with self._engine.connect() as connection:
            found = [
                connection.execute(
                    select(table.c.content).where(
                        table.c.corpus == corpus,
                        table.c.document_id == document_id,
                        table.c.content.is_not(None),
                    )
                ).all()
                for table in (documents, drafts)
            ]
        return [document_from(json.loads(row.content)) for rows in found for row in rows]

    def draft(self, corpus: str, new: Iterable[Document], replace: bool = False) -> Changes:
        """Puts documents into the draft, creating the corpus if need be; returns the draft's changes.

        With `replace`, documents that are not among the new ones are removed by the draft.
        """
        incoming = {document.id: (checksum_of(document), _content(document)) for document in new}
        with self._engine.begin() as connection:
            _create(connection, corpus)
            published = _checksums(connection, corpus, _corpus(connection, corpus).current)
            touched = set(incoming)
            if replace:
                connection.execute(delete(drafts).where(drafts.c.corpus == corpus))
                touched |= set(published)
            rows = [
                {"corpus": corpus, "document_id": id_, "checksum": checksum, "content": content}
                for id_ in touched
                for checksum, content in [incoming.get(id_, (None, None))]
                if checksum != published.get(id_)
            ]
            for batch in _batches(sorted(touched)):
                connection.execute(delete(drafts).where(drafts.c.corpus == corpus, drafts.c.document_id.in_(batch)))
            if rows:
                connection.execute(insert(drafts), rows)
        return self.changes(corpus)

    def draft_removal(self, corpus: str, document_id: str) -> None:
        """Takes a document out of the next revision; raises UnknownDocument."""
        with self._engine.begin() as connection:
            published = _checksums(connection, corpus, _corpus(connection, corpus).current)
            mine = and_(drafts.c.corpus == corpus, drafts.c.document_id == document_id)
            drafted = connection.execute(delete(drafts).where(mine)).rowcount
            if document_id in published:
                connection.execute(insert(drafts).values(corpus=corpus, document_id=document_id))
            elif not drafted:
                raise UnknownDocument(f"The corpus {corpus} has no document {document_id}.")

    def draft_revision(self, corpus: str, number: int) -> Changes:
        """Makes the draft such that publishing it restores an earlier revision; raises UnknownRevision."""
        with self._engine.begin() as connection:
            current = _corpus(connection, corpus).current
            _revision(connection, corpus, number)
            now = _checksums(connection, corpus, current)
            then = {row.document_id: row for row in connection.execute(_at(corpus, number))}
            connection.execute(delete(drafts).where(drafts.c.corpus == corpus))
            rows = [
                {"corpus": corpus, "document_id": i, "checksum": row.checksum, "content": row.content}
                for i, row in then.items()
                if row.checksum != now.get(i)
            ]
            rows += [
                {"corpus": corpus, "document_id": i, "checksum": None, "content": None} for i in now if i not in then
            ]
            if rows:
                connection.execute(insert(drafts), rows)
        return self.changes(corpus)

    def changes(self, corpus: str) -> Changes:
        """What publishing the draft would change; raises UnknownCorpus."""
        with self._engine.connect() as connection:
            published = _checksums(connection, corpus, _corpus(connection, corpus).current)
            rows = connection.execute(
                select(drafts.c.document_id, drafts.c.checksum)
                .where(drafts.c.corpus == corpus)
                .order_by(drafts.c.document_id)
            ).all()
        return Changes(
            added=tuple(i for i, checksum in rows if checksum and i not in published),
            changed=tuple(i for i, checksum in rows if checksum and i in published),
            removed=tuple(i for i, checksum in rows if not checksum),
        )

    def drafted(self, corpus: str) -> list[Document]:
        """The documents that the draft adds or changes."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(drafts.c.content).where(drafts.c.corpus == corpus, drafts.c.content.is_not(None))
                .order_by(drafts.c.document_id)
            )  # fmt: skip
            return [document_from(json.loads(row.content)) for row in rows]

    def next_number(self, corpus: str) -> int:
        """The number that the next revision will get."""
        with self._engine.connect() as connection:
            return _next(connection, corpus)

    def commit(self, corpus: str, number: int, manifest_checksum: str, note: str, redacted: bool = False) -> Revision:
        """Turns the draft into revision `number` and makes it current: the one commit point of a publication."""
        changes = self.changes(corpus)
        with self._engine.begin() as connection:
            if _next(connection, corpus) != number:
                raise UnknownRevision(f"The corpus {corpus} was published by another process meanwhile; try again.")
            for batch in _batches([*changes.changed, *changes.removed]):
                connection.execute(
                    update(documents).values(until=number)
                    .where(documents.c.corpus == corpus, documents.c.until.is_(None))
                    .where(documents.c.document_id.in_(batch))
                )  # fmt: skip
            connection.execute(
                insert(documents).from_select(
                    ["corpus", "document_id", "checksum", "content", "since"],
                    select(drafts.c.corpus, drafts.c.document_id, drafts.c.checksum, drafts.c.content, literal(number))
                    .where(drafts.c.corpus == corpus, drafts.c.content.is_not(None)),
                )
            )  # fmt: skip
            connection.execute(delete(drafts).where(drafts.c.corpus == corpus))
            count = connection.scalar(_at(corpus, number).with_only_columns(func.count()))
            row: Mapping[str, object] = {
                "corpus": corpus, "number": number, "published_at": datetime.now(UTC), "note": note, "documents": count,
                "added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed),
                "manifest_checksum": manifest_checksum, "redacted": redacted,
            }  # fmt: skip
            connection.execute(insert(revisions).values(**row))
            connection.execute(update(corpora).where(corpora.c.name == corpus).values(current=number))
            return _revision(connection, corpus, number)

    def point(self, corpus: str, number: int, manifest_checksum: str) -> None:
        """Says which manifest serves a revision from now on, after its index was built anew."""
        with self._engine.begin() as connection:
            connection.execute(
                update(revisions).values(manifest_checksum=manifest_checksum)
                .where(revisions.c.corpus == corpus, revisions.c.number == number)
            )  # fmt: skip

    def erase(self, corpus: str, document_id: str) -> None:
        """Deletes a document from every revision and the draft, and marks the revisions; raises UnknownDocument."""
        with self._engine.begin() as connection:
            _corpus(connection, corpus)
            mine = (documents.c.corpus == corpus, documents.c.document_id == document_id)
            spans = connection.execute(select(documents.c.since, documents.c.until).where(*mine)).all()
            drafted = connection.execute(
                delete(drafts).where(drafts.c.corpus == corpus, drafts.c.document_id == document_id)
            ).rowcount
            if not spans and not drafted:
                raise UnknownDocument(f"The corpus {corpus} has no document {document_id} in any revision.")
            connection.execute(delete(documents).where(*mine))
            for since, until in spans:
                held = [revisions.c.corpus == corpus, revisions.c.number >= since]
                held += [revisions.c.number < until] if until else []
                connection.execute(
                    update(revisions).where(*held).values(redacted=True, documents=revisions.c.documents - 1)
                )

    def forget(self) -> None:
        """Leaves nothing of what was erased in the database's files."""
        empty_log(self._engine)

    def _state(self, connection: Connection, row: Row[tuple[str, int | None, datetime]]) -> CorpusState:
        count = connection.scalar(select(func.count()).where(drafts.c.corpus == row.name))
        held = connection.scalar(
            select(revisions.c.documents).where(revisions.c.corpus == row.name, revisions.c.number == row.current)
        )
        return CorpusState(row.name, row.current, held or 0, count or 0)


def _corpus(connection: Connection, name: str) -> Row[tuple[str, int | None, datetime]]:
    row = connection.execute(select(corpora).where(corpora.c.name == name)).one_or_none()
    if row is None:
        raise UnknownCorpus(f"There is no corpus named {name}.")
    return row


def _create(connection: Connection, name: str) -> None:
    if connection.execute(select(corpora.c.name).where(corpora.c.name == name)).one_or_none() is None:
        connection.execute(insert(corpora).values(name=name, created_at=datetime.now(UTC)))


def _revision(connection: Connection, corpus: str, number: int) -> Revision:
    row = connection.execute(
        select(revisions).where(revisions.c.corpus == corpus, revisions.c.number == number)
    ).one_or_none()
    if row is None:
        raise UnknownRevision(f"The corpus {corpus} has no revision {number}.")
    return Revision(**row._asdict())


def _next(connection: Connection, corpus: str) -> int:
    return (connection.scalar(select(func.max(revisions.c.number)).where(revisions.c.corpus == corpus)) or 0) + 1


def _at(corpus: str, number: int):  # type: ignore[no-untyped-def]
    return select(documents).where(
        documents.c.corpus == corpus,
        documents.c.since <= number,
        or_(documents.c.until.is_(None), documents.c.until > number),
    )


def _checksums(connection: Connection, corpus: str, number: int | None) -> dict[str, str]:
    if not number:
        return {}
    # Without the content: of a large corpus it would be read from disk only to be thrown away.
    slim = _at(corpus, number).with_only_columns(documents.c.document_id, documents.c.checksum)
    return {row.document_id: row.checksum for row in connection.execute(slim)}


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))
