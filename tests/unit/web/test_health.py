"""What the service says of whether it can answer."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from assistant.publishing.municipalities import described
from assistant.settings import Settings
from assistant.web import health
from assistant.wiring import Wiring
from retrieval import snapshot
from retrieval.segment import ARRAYS
from tests.fakes import FakeEmbedder, Office, page

CORPORA = ("stadt", "land", "bund")


@pytest.fixture
def wiring(data_dir: Path, office: Office) -> Iterator[Wiring]:
    """Two municipalities over three corpora."""
    for corpus in CORPORA:
        office.publish(page("pass", "Er kostet 70 Euro."), corpus=corpus)
    made = Wiring(Settings(data_dir=data_dir))
    made.__dict__["embedder"] = FakeEmbedder()
    made.municipalities.put(described("neckarfurt", CORPORA))
    made.municipalities.put(described("mainfurt", ("land", "bund")))
    yield made
    made.engine.dispose()


@pytest.fixture
def client(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A client of the routes of health alone."""
    monkeypatch.setattr(health, "service_of", lambda _request: SimpleNamespace(wiring=wiring))
    app = FastAPI()
    app.include_router(health.router)
    return TestClient(app)


def torn(office: Office, corpus: str) -> None:
    """Damages the index of a corpus."""
    (office.folders.segments / office.opened(corpus).manifest.segments[0].id / ARRAYS).write_bytes(b"torn")


WELL = {"store": "ok", "embedder": "ok", "indexes": "ok"}


def test_who_can_answer_is_ready(client: TestClient) -> None:
    ready = client.get("/readyz")

    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "checks": WELL})


def test_the_corpora_that_cannot_be_searched_are_named(client: TestClient, wiring: Wiring, office: Office) -> None:
    torn(office, "land")
    wiring.municipalities.put(described("mainfurt", ("land", "fort")))
    ready = client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["status"] == "unavailable"
    assert ready.json()["checks"] | {"indexes": ""} == WELL | {"indexes": ""}
    assert ready.json()["corpora"] == {"land": "SnapshotCorrupt", "fort": "UnknownCorpus"}
    assert ready.json()["checks"]["indexes"] in ready.json()["corpora"].values()


def test_asking_opens_nothing_and_closes_nothing(
    client: TestClient, wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = wiring.shelf.snapshot("stadt")
    wiring.shelf._most = 1
    monkeypatch.setattr(snapshot, "open_snapshot", None)

    for _ in range(3):
        assert client.get("/readyz").status_code == 200
    assert wiring.shelf.snapshot("stadt") is held


def test_a_store_that_is_gone_is_said_of_the_indexes_too(client: TestClient, wiring: Wiring, data_dir: Path) -> None:
    assert wiring.shelf
    wiring.__dict__["engine"] = create_engine(f"sqlite:///{data_dir}/not/there.sqlite")
    ready = client.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["checks"] == {"store": "OperationalError", "embedder": "ok", "indexes": "OperationalError"}
