"""What a database of an earlier version holds is there after the way up, and after the way down again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, inspect, text

import assistant.tables
import corpora.tables
from assistant import storage
from assistant.storage import opened

THEN = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
ROWS = {
    "corpora": {"name": "stadt", "created_at": THEN},
    "municipalities": {"id": "neustadt", "description": '{"name": "Neustadt"}', "added_at": THEN},
    "conversations": {
        "id": "c1",
        "municipality": "neustadt",
        "language": "de",
        "token_hash": "0" * 64,
        "created_at": THEN,
        "expires_at": THEN,
    },
    "messages": {"conversation": "c1", "role": "user", "text": "Was kostet ein Pass?", "created_at": THEN},
    "events": {"answer": "a1", "number": 1, "kind": "answer", "data": "{}", "created_at": THEN},
}


def migrate(engine: Engine, way: str, revision: str) -> None:
    """Up or down to a revision, over a connection like those of the service."""
    config = Config()
    config.set_main_option("script_location", str(storage._MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        getattr(command, way)(config, revision)


def rows(engine: Engine) -> dict[str, dict[str, Any]]:
    """The one row of every table that has one, as far as the old version knew it."""
    with engine.connect() as connection:
        found = {table: connection.execute(text(f"select * from {table}")).mappings().all() for table in ROWS}
    return {table: {key: row[key] for key in ROWS[table]} for table, [row] in found.items()}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    """A database as version 0002 left it, with a row in each table that citizens or administrators write."""
    engine = create_engine(f"sqlite:///{tmp_path / 'amtslotse.sqlite'}")
    event.listen(engine, "connect", storage._prepare_sqlite)
    migrate(engine, "upgrade", "0002")
    with engine.begin() as connection:
        for table, row in ROWS.items():
            fields = ", ".join(row)
            connection.execute(text(f"insert into {table} ({fields}) values (:{', :'.join(row)})"), row)
    yield engine
    engine.dispose()


def test_a_database_of_the_version_before_keeps_its_rows(old: Engine, tmp_path: Path) -> None:
    old.dispose()
    engine = opened(tmp_path)

    assert rows(engine) == ROWS
    with engine.connect() as connection:
        assert connection.scalar(text("select origin from conversations")) is None
        assert connection.scalar(text("select count(*) from feedback")) == 0
        context = MigrationContext.configure(connection)
        metadata = [corpora.tables.metadata, assistant.tables.metadata]
        assert compare_metadata(context, metadata) == []  # type: ignore[arg-type]
    engine.dispose()


def test_the_way_down_leaves_what_the_version_before_knew(old: Engine) -> None:
    migrate(old, "upgrade", "0003")
    with old.begin() as connection:
        connection.execute(text("update conversations set origin = 'https://www.neustadt.example'"))
    migrate(old, "downgrade", "0002")

    assert rows(old) == ROWS
    assert "feedback" not in inspect(old).get_table_names()
    assert "origin" not in {column["name"] for column in inspect(old).get_columns("conversations")}


def test_the_way_down_and_up_again_ends_where_it_began(old: Engine) -> None:
    migrate(old, "upgrade", "0003")
    before = {table: inspect(old).get_columns(table) for table in inspect(old).get_table_names()}
    migrate(old, "downgrade", "0002")
    migrate(old, "upgrade", "0003")

    assert {name: [str(c) for c in columns] for name, columns in before.items()} == {
        table: [str(c) for c in inspect(old).get_columns(table)] for table in inspect(old).get_table_names()
    }
