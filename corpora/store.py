"""Corpora as a database keeps them: what is published, what is in draft, and what was before."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, and_, delete, func, insert, literal, select, update

from corpora import queries
from corpora.documents import Document, as_mapping, document_from
from corpora.errors import UnknownDocument, UnknownRevision
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
            number = queries.corpus(connection, corpus).current
            return queries.revision(connection, corpus, number) if number else None

    def history(self, corpus: str) -> list[Revision]:
        """All revisions, the newest first; raises UnknownCorpus."""
        with self._engine.connect() as connection:
            queries.corpus(connection, corpus)
            rows = connection.execute(
                select(revisions).where(revisions.c.corpus == corpus).order_by(revisions.c.number.desc())
            )
            return [Revision(**row._asdict()) for row in rows]

    def documents(self, corpus: str, number: int | None) -> Iterator[Document]:
        """The documents of a revision in the order they came; none for no revision."""
        with self._engine.connect() as connection:
            if not number:
                return
            for row in connection.execute(queries.at(corpus, number).order_by(documents.c.row)):
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
            queries.create(connection, corpus)
            published = queries.checksums(connection, corpus, None if replace else sorted(incoming))
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
            for batch in queries.batches(sorted(touched)):
                connection.execute(delete(drafts).where(drafts.c.corpus == corpus, drafts.c.document_id.in_(batch)))
            if rows:
                connection.execute(insert(drafts), rows)
        return self.changes(corpus)

    def draft_removal(self, corpus: str, document_id: str) -> None:
        """Takes a document out of the next revision; raises UnknownDocument."""
        with self._engine.begin() as connection:
            queries.corpus(connection, corpus)
            published = queries.checksums(connection, corpus, [document_id])
            mine = and_(drafts.c.corpus == corpus, drafts.c.document_id == document_id)
            drafted = connection.execute(delete(drafts).where(mine)).rowcount
            if document_id in published:
                connection.execute(insert(drafts).values(corpus=corpus, document_id=document_id))
            elif not drafted:
                raise UnknownDocument(f"The corpus {corpus} has no document {document_id}.")

    def draft_revision(self, corpus: str, number: int) -> Changes:
        """Makes the draft such that publishing it restores an earlier revision; raises UnknownRevision."""
        with self._engine.begin() as connection:
            queries.corpus(connection, corpus)
            queries.revision(connection, corpus, number)
            # What held then and holds now is the same; everything else is little.
            ended = connection.execute(queries.at(corpus, number).where(documents.c.until.is_not(None))).all()
            then = {row.document_id: row for row in ended}
            begun = connection.scalars(
                queries.living(corpus, documents.c.document_id).where(documents.c.since > number)
            )
            now = queries.checksums(connection, corpus, sorted({*then, *begun}))
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
        living = (
            queries.living(corpus, documents.c.document_id)
            .where(documents.c.document_id == drafts.c.document_id)
            .exists()
        )
        with self._engine.connect() as connection:
            queries.corpus(connection, corpus)
            rows = connection.execute(
                select(drafts.c.document_id, drafts.c.checksum, living)
                .where(drafts.c.corpus == corpus)
                .order_by(drafts.c.document_id)
            ).all()
        return Changes(
            added=tuple(i for i, checksum, published in rows if checksum and not published),
            changed=tuple(i for i, checksum, published in rows if checksum and published),
            removed=tuple(i for i, checksum, _ in rows if not checksum),
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
            return queries.next_number(connection, corpus)

    def commit(self, corpus: str, number: int, manifest_checksum: str, note: str) -> Revision:
        """Turns the draft into revision `number` and makes it current: the one commit point of a publication."""
        changes = self.changes(corpus)
        with self._engine.begin() as connection:
            if queries.next_number(connection, corpus) != number:
                raise UnknownRevision(f"The corpus {corpus} was published by another process meanwhile; try again.")
            count = queries.held(connection, corpus)
            for batch in queries.batches([*changes.changed, *changes.removed]):
                count -= connection.execute(
                    update(documents).values(until=number)
                    .where(documents.c.corpus == corpus, documents.c.until.is_(None))
                    .where(documents.c.document_id.in_(batch))
                ).rowcount  # fmt: skip
            count += len(changes.added) + len(changes.changed)
            connection.execute(
                insert(documents).from_select(
                    ["corpus", "document_id", "checksum", "content", "since"],
                    select(drafts.c.corpus, drafts.c.document_id, drafts.c.checksum, drafts.c.content, literal(number))
                    .where(drafts.c.corpus == corpus, drafts.c.content.is_not(None)),
                )
            )  # fmt: skip
            connection.execute(delete(drafts).where(drafts.c.corpus == corpus))
            row: Mapping[str, object] = {
                "corpus": corpus, "number": number, "published_at": datetime.now(UTC), "note": note, "documents": count,
                "added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed),
                "manifest_checksum": manifest_checksum,
            }  # fmt: skip
            connection.execute(insert(revisions).values(**row))
            connection.execute(update(corpora).where(corpora.c.name == corpus).values(current=number))
            return queries.revision(connection, corpus, number)

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
            queries.corpus(connection, corpus)
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
        return CorpusState(row.name, row.current, queries.held(connection, row.name), count or 0)
