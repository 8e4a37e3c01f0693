"""The tables of corpora, their documents by revision, drafts, vectors and locks."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)  # fmt: skip

metadata = MetaData()

corpora = Table(
    "corpora",
    metadata,
    Column("name", String(100), primary_key=True),
    # The only commit point of a publication: the revision that is served.
    Column("current", Integer, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("corpus", String(100), ForeignKey("corpora.name"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("note", String(200), nullable=False),
    Column("documents", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
    Column("manifest_checksum", String(64), nullable=False),
    Column("redacted", Boolean, nullable=False, default=False),
)

# A row holds from one revision until another, so that a publication writes only what it changes.
documents = Table(
    "documents",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=True),
    Column("corpus", String(100), ForeignKey("corpora.name"), nullable=False),
    Column("document_id", String(300), nullable=False),
    Column("checksum", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("since", Integer, nullable=False),
    Column("until", Integer, nullable=True),
    Index("documents_by_id", "corpus", "document_id"),
    # With all that tells two revisions apart, so that the content is read only of what differs.
    Index("documents_by_revision", "corpus", "until", "document_id", "checksum", "since"),
)

# What the next revision will change; a row without content removes the document.
drafts = Table(
    "drafts",
    metadata,
    Column("corpus", String(100), ForeignKey("corpora.name"), primary_key=True),
    Column("document_id", String(300), primary_key=True),
    Column("checksum", String(64), nullable=True),
    Column("content", Text, nullable=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("embedder", String(100), primary_key=True),
    Column("checksum", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

locks = Table(
    "locks",
    metadata,
    Column("corpus", String(100), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("taken_at", DateTime(timezone=True), nullable=False),
)
