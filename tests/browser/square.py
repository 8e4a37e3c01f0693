"""A town's page of which the tests make others, at an origin that a municipality lets in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visiting
from tests.browser.host import town
from tests.browser.stage import Service, Visit

# What a page of the town may have of its own; the script in its head hears what the widget tells.
PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Marktstadt</title>{style}
<script>
window.told = [];
for (const kind of ["ready", "unavailable", "open", "close", "answer"])
  document.addEventListener(`amtslotse-${{kind}}`, (event) => told.push([kind, event.detail]));
</script></head>
<body><h1>Marktstadt</h1><p>Willkommen. <a href="/">Zur Startseite</a></p><button>Suchen</button>
{widget}
<p id="after">Rathausplatz 1</p></body></html>
"""
_NO_ICON = "Failed to load resource: the server responded with a status of 404 (Not Found)"


class Square:
    """The town's empty page, and the municipality whose assistant it may show."""

    def __init__(self, address: str, municipality: str) -> None:
        self.address = address
        self.municipality = municipality

    def visit(
        self, visit: Visiting, widget: str, *, style: str = "", ready: str = ".launcher", **wishes: object
    ) -> Visit:
        """Visits the town, on whose page the widget stands."""
        visiting = visit(self.address, ready="h1", **wishes)
        put(visiting, widget, style=style, ready=ready)
        return visiting


@contextmanager
def square_of(service: Service, municipality: str, folder: Path) -> Iterator[Square]:
    """A town's page while the service runs."""
    file = folder / f"{municipality}.toml"
    with town("") as address:
        file.write_text(
            f'name = "Marktstadt"\ncorpora = ["neckarfurt"]\ncolor = "#7a0019"\nallowed_origins = ["{address}"]\n',
            encoding="utf-8",
        )
        service.run("municipality", "add", municipality, "--file", str(file))
        yield Square(address, municipality)


def put(visiting: Visit, widget: str, *, style: str = "", ready: str = ".launcher") -> None:
    """Makes another page of the one that is shown, at the same origin."""
    visiting.page.set_content(PAGE.format(widget=widget, style=style))
    visiting.page.locator(ready).first.wait_for()


def panel(visiting: Visit) -> Locator:
    """What opens."""
    return visiting.page.locator(".panel")


def opened(visiting: Visit) -> Locator:
    """What opens, once it is open."""
    visiting.page.locator(".launcher").click()
    expect(visiting.question).to_be_focused()
    return panel(visiting)


def style_of(locator: Locator, name: str) -> str:
    """What a property of CSS has become."""
    return str(locator.evaluate("(node, name) => getComputedStyle(node).getPropertyValue(name)", name))


def complaints(visiting: Visit) -> list[str]:
    """What stands in the console; that the empty page has no icon is said once and not our matter."""
    at = visiting.errors.index(_NO_ICON) if _NO_ICON in visiting.errors else len(visiting.errors)
    return visiting.errors[:at] + visiting.errors[at + 1 :]
