"""Makes sure that what was deleted is gone from the database's files too."""

from sqlalchemy import Engine, text


def empty_log(engine: Engine) -> None:
    """Empties SQLite's write-ahead log, where deleted text would stand until it is written over.

    With `secure_delete` the database itself keeps nothing. Other databases look after their logs themselves.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
