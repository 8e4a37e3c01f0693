"""Runs the migrations over the connection that `assistant.storage` hands in."""

from alembic import context

import assistant.tables
import corpora.tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[corpora.tables.metadata, assistant.tables.metadata],
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
