"""The data directory and the database in it, made ready and brought up to date."""

import fcntl
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import StoreUnusable

_MIGRATIONS = Path(__file__).parent / "migrations"


def prepared(data_dir: Path) -> Path:
    """The data directory, made if it was not there; raises StoreUnusable where nothing can be written."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir) as probe:
            probe.write(b"x")
    except OSError as error:
        raise StoreUnusable(f"The data directory {data_dir} cannot be written: {error.strerror}.") from error
    return data_dir.resolve()


def secret(data_dir: Path) -> bytes:
    """32 random bytes that stay the same for this data directory, readable for its owner only; StoreUnusable."""
    path = data_dir / "secret"
    try:
        with _alone(data_dir):
            if not path.exists():
                aside = path.with_suffix(".new")
                aside.touch(mode=0o600)
                aside.write_bytes(secrets.token_bytes(32))
                aside.rename(path)
            return path.read_bytes()
    except OSError as error:
        raise StoreUnusable(f"The secret in {data_dir} cannot be used: {error.strerror}.") from error


def opened(data_dir: Path, url: str | None = None) -> Engine:
    """The database of a data directory with all migrations applied; raises StoreUnusable."""
    # Errors are logged with their statement, and a citizen's words must not be among its parameters.
    engine = create_engine(url or f"sqlite:///{data_dir / 'amtslotse.sqlite'}", hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        with _alone(data_dir):
            _migrate(engine)
    except (SQLAlchemyError, OSError) as error:
        cause = error.orig if hasattr(error, "orig") else error
        raise StoreUnusable(f"The database in {data_dir} cannot be used: {cause}.") from error
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "secure_delete=ON",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Keeps other processes on this machine from migrating at the same time."""
    with (data_dir / ".migrating").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _migrate(engine: Engine) -> None:
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.connect() as connection:
        if (
            MigrationContext.configure(connection).get_current_revision()
            == ScriptDirectory.from_config(config).get_current_head()
        ):
            return
    from alembic import command
    from alembic.util.exc import CommandError

    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnusable(f"The database was made by another version of this program: {error}.") from error
