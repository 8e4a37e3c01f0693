"""The tables of municipalities, conversations, feedback and the events of running answers."""

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

municipalities = Table(
    "municipalities",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("description", JSON, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)

# Texts are stored as screened: personal data is masked before anything gets here.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("municipality", String(100), nullable=False),
    Column("language", String(10), nullable=True),
    Column("token_hash", String(64), nullable=False),
    # The page it was begun on, where a browser has said so.
    Column("origin", String(300), nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(40), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("answer", JSON, nullable=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("messages_by_conversation", "conversation", "id"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer", String(40), primary_key=True),
    Column("municipality", String(100), nullable=False),
    Column("rating", String(20), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
)

# What a client that lost its stream can still read, for a few minutes.
events = Table(
    "events",
    metadata,
    Column("answer", String(40), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
)
