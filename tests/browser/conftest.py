"""Fixtures of the browser tests. Without Chromium, or npm for axe, they fail; they do not skip."""

import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.stage import Service, Visit, chromium

Visiting = Callable[..., Visit]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with the sample town."""
    service = Service(tmp_path_factory.mktemp("service") / "data").start()
    yield service
    service.stop()


# For a module and no longer: while Playwright is open, asyncio.run() refuses to work in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that all visits share."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[Visiting]:
    """Opens the page for somebody; see Visit for how they may differ."""
    visits: list[Visit] = []

    def opened(address: str | None = None, **wishes: object) -> Visit:
        visits.append(Visit(browser, address or service.address, **wishes))
        return visits[-1]

    yield opened
    for each in visits:
        each.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, fetched once."""
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(
        ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4"],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def malicious(service: Service, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Publishes a document full of markup while the service runs; returns the service's name for its topic."""
    page = tmp_path_factory.mktemp("malicious") / "drachenflug.md"
    page.write_text(_MALICIOUS, encoding="utf-8")
    service.run("corpus", "import", str(page), "--corpus", "neckarfurt", "--publish")
    return "Drachenflug"


_MALICIOUS = """---
title: "Drachenflug <b>anmelden</b> <img src=x onerror=alert(1)>"
language: de
url: https://www.neckarfurt.example/de/drachenflug
facts:
  summary: "Den Drachenflug melden Sie im Ordnungsamt an."
  fees:
    - {text: "12,00 Euro <script>alert(2)</script> für den Drachenflug", amount: 12.00, currency: EUR}
  required_documents:
    - "der Drachenschein <img src=x onerror=alert(3)>"
  office: {name: "Drachenamt <svg onload=alert(4)>", phone: "115"}
---
Den Drachenflug melden Sie im Ordnungsamt an. Für den Drachenflug schreiben Sie `<img src=x onerror=alert(5)>` hinein.

## Gebühren
Der Drachenflug kostet 12,00 Euro mit dem Code `<script>alert(6)</script>`.
"""
