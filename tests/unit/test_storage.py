import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import assistant.tables
import corpora.tables
from assistant.errors import StoreUnusable
from assistant.storage import opened, prepared, secret


def test_a_data_directory_is_made_where_there_is_none(tmp_path: Path) -> None:
    assert prepared(tmp_path / "a" / "b") == (tmp_path / "a" / "b").resolve()
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_data_directory_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "amtslotse.sqlite").write_bytes(b"x")
    prepared(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["amtslotse.sqlite"]


@pytest.mark.parametrize("below", [".", "data"])
def test_a_data_directory_that_cannot_be_written_is_refused_by_name(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_bytes(b"x")

    with pytest.raises(StoreUnusable, match=rf"data directory {tmp_path / 'file'}.* cannot be written: "):
        prepared(tmp_path / "file" / below)


def test_a_new_database_has_every_table_as_the_code_describes_it(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        metadata = [corpora.tables.metadata, assistant.tables.metadata]
        assert compare_metadata(context, metadata) == []  # type: ignore[arg-type]


def test_opening_again_keeps_what_was_written(data_dir: Path, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("insert into corpora (name, created_at) values ('stadt', '2026-01-01')"))
    engine.dispose()
    again = opened(data_dir)

    with again.connect() as connection:
        assert connection.scalar(text("select name from corpora")) == "stadt"
    again.dispose()


def test_several_may_open_a_new_data_directory_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        engines = list(threads.map(opened, [tmp_path] * 4))

    assert all("corpora" in inspect(engine).get_table_names() for engine in engines)
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1), ("synchronous", 2)],
)
def test_every_connection_keeps_data_safe_and_erasures_complete(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as one, engine.connect() as other:
        assert [c.scalar(text(f"PRAGMA {pragma}")) for c in (one, other)] == [value, value]


def test_a_file_that_is_no_database_is_refused_with_the_directory(tmp_path: Path) -> None:
    (tmp_path / "amtslotse.sqlite").write_bytes(b"no database at all" * 100)

    with pytest.raises(StoreUnusable, match=rf"database in {tmp_path} cannot be used: .*not a database"):
        opened(tmp_path)


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="cannot be used"):
        opened(tmp_path / "nowhere")


def test_a_database_of_a_later_version_is_refused(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path)
    engine = opened(tmp_path)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StoreUnusable, match="9999"):
        opened(tmp_path)


def test_a_database_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    engine = opened(tmp_path / "data", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")

    assert "corpora" in inspect(engine).get_table_names()
    assert not (tmp_path / "data" / "amtslotse.sqlite").exists()
    engine.dispose()


def test_the_secret_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secret(tmp_path), range(32)))

    [made] = found
    assert len(made) == 32
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_two_directories_have_different_secrets(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()

    assert secret(tmp_path) != secret(tmp_path / "other")


def test_a_secret_that_cannot_be_written_is_refused_by_directory(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match=f"The secret in {tmp_path / 'nowhere'} cannot be used"):
        secret(tmp_path / "nowhere")


def test_a_secret_half_written_by_a_killed_process_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret.new").write_bytes(b"half")

    assert len(secret(tmp_path)) == 32
    assert secret(tmp_path) == secret(tmp_path)
