"""What the store asks the database: which corpora, revisions and documents there are."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, func, insert, or_, select

from corpora.errors import UnknownCorpus, UnknownRevision
from corpora.revisions import Revision
from corpora.tables import corpora, documents, revisions


def corpus(connection: Connection, name: str) -> Row[tuple[str, int | None, datetime]]:
    """The row of a corpus; raises UnknownCorpus."""
    row = connection.execute(select(corpora).where(corpora.c.name == name)).one_or_none()
    if row is None:
        raise UnknownCorpus(f"There is no corpus named {name}.")
    return row


def create(connection: Connection, name: str) -> None:
    """Makes a corpus where there is none of that name."""
    if connection.execute(select(corpora.c.name).where(corpora.c.name == name)).one_or_none() is None:
        connection.execute(insert(corpora).values(name=name, created_at=datetime.now(UTC)))


def revision(connection: Connection, corpus: str, number: int) -> Revision:
    """A revision; raises UnknownRevision."""
    row = connection.execute(
        select(revisions).where(revisions.c.corpus == corpus, revisions.c.number == number)
    ).one_or_none()
    if row is None:
        raise UnknownRevision(f"The corpus {corpus} has no revision {number}.")
    return Revision(**row._asdict())


def next_number(connection: Connection, corpus: str) -> int:
    """The number that the next revision will get."""
    return (connection.scalar(select(func.max(revisions.c.number)).where(revisions.c.corpus == corpus)) or 0) + 1


def at(corpus: str, number: int) -> Select[Any]:
    """The documents of a revision."""
    return select(documents).where(
        documents.c.corpus == corpus,
        documents.c.since <= number,
        or_(documents.c.until.is_(None), documents.c.until > number),
    )


def living(corpus: str, *columns: Column[Any]) -> Select[Any]:
    """Columns of what is published now, which is what no revision has ended."""
    return select(*columns).where(documents.c.corpus == corpus, documents.c.until.is_(None))


def held(connection: Connection, corpus: str) -> int:
    """How many documents the current revision has; counted when it was made, and not by reading them."""
    current = select(corpora.c.current).where(corpora.c.name == corpus).scalar_subquery()
    counted = select(revisions.c.documents).where(revisions.c.corpus == corpus, revisions.c.number == current)
    return connection.scalar(counted) or 0


def checksums(connection: Connection, corpus: str, ids: Sequence[str] | None = None) -> dict[str, str]:
    """The checksums of what is published now, of some documents or of all."""
    # Without the content: of a large corpus it would be read from disk only to be thrown away.
    slim = living(corpus, documents.c.document_id, documents.c.checksum)
    asked = [slim] if ids is None else [slim.where(documents.c.document_id.in_(batch)) for batch in batches(ids)]
    return {row.document_id: row.checksum for one in asked for row in connection.execute(one)}


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids in pieces that a statement can name."""
    return (ids[start : start + 500] for start in range(0, len(ids), 500))
