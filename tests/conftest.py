"""Fixtures that all tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from assistant.storage import opened
from tests.fakes import FakeEmbedder, Office

# A machine that others use too is slow now and then; that is no error of the code.
settings.register_profile("steady", deadline=None, max_examples=60, derandomize=True, database=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--no-skips`."""
    parser.addoption("--no-skips", action="store_true", help="a test that is skipped fails the run")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run with `--no-skips` in which a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all migrations applied, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    opened(folder).dispose()
    return folder / "amtslotse.sqlite"


@pytest.fixture
def data_dir(tmp_path: Path, migrated: Path) -> Path:
    """A data directory with an empty database."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated, folder)
    return folder


@pytest.fixture
def engine(data_dir: Path) -> Iterator[Engine]:
    """The database of the data directory."""
    engine = opened(data_dir)
    yield engine
    engine.dispose()


@pytest.fixture
def embedder() -> FakeEmbedder:
    """An embedder that costs nothing and counts what it is asked for."""
    return FakeEmbedder()


@pytest.fixture
def office(data_dir: Path, engine: Engine, embedder: FakeEmbedder) -> Office:
    """All that publishes and serves, over the data directory."""
    return Office(data_dir, engine, embedder)
