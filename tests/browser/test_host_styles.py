"""The widget and the town's page beside each other: what a page can style, and that neither spoils the other."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.browser.host import script
from tests.browser.square import Square, opened, panel, put, square_of, style_of
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

NAME = "stilburg"
HOSTILE = (
    "<style>html { font-size: 62.5%; } * { color: red !important; font-size: 40px; } button { display: none; }</style>"
)
Placing = Callable[..., Visit]


@pytest.fixture(scope="module")
def square(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Square]:
    """A town whose municipality lets it in."""
    with square_of(service, NAME, tmp_path_factory.mktemp(NAME)) as square:
        yield square


@pytest.fixture
def place(visit: Visiting, square: Square) -> Placing:
    """Visits the town, on whose page the widget stands."""
    return partial(square.visit, visit)


def test_the_page_can_set_sizes_font_place_and_parts(place: Placing, service: Service) -> None:
    visiting = place(
        script(service.address, NAME),
        style="""<style>
          amtslotse-chat { --amtslotse-width: 30rem; --amtslotse-height: 20rem; }
          amtslotse-chat { --amtslotse-font: monospace; --amtslotse-z: 7; }
          amtslotse-chat::part(launcher) { bottom: 5rem; }
          amtslotse-chat::part(panel) { border-width: 7px; }
          amtslotse-chat::part(frame) { letter-spacing: 1px; }
        </style>""",
    )
    launcher, frame = visiting.page.locator(".launcher"), visiting.page.locator(".frame")
    assert (style_of(launcher, "bottom"), style_of(launcher, "z-index")) == ("80px", "7")
    box = opened(visiting).bounding_box()
    assert box
    assert (box["width"], box["height"]) == (480, 320)
    assert style_of(panel(visiting), "border-top-width") == "7px"
    assert (style_of(frame, "font-family"), style_of(frame, "letter-spacing")) == ("monospace", "1px")


def test_the_styles_of_the_page_do_not_reach_into_the_widget(place: Placing, service: Service) -> None:
    visiting = place("", ready="h1")
    seen = []
    for style in ("", HOSTILE):
        put(visiting, script(service.address, NAME), style=style)
        opened(visiting)
        visiting.page.locator(".opener").click()
        seen.append(looks(visiting))
    calm, hostile = seen
    assert len(calm) > 30
    assert {name: (calm[name], hostile[name]) for name in calm if hostile[name] != calm[name]} == {}


def looks(visiting: Visit) -> dict[str, Any]:
    """How the parts of the widget look."""
    return visiting.page.locator(".frame").evaluate(
        """(frame) => Object.fromEntries([...frame.querySelectorAll("*")].map((node, place) => {
          const { color, fontSize, fontFamily, display, backgroundColor } = getComputedStyle(node);
          const { width, height } = node.getBoundingClientRect();
          const name = `${place} ${node.localName}.${node.className}`;
          return [name, { color, fontSize, fontFamily, display, backgroundColor, width, height }];
        }))"""
    )


def test_the_styles_of_the_widget_do_not_reach_the_page(place: Placing, service: Service) -> None:
    visiting = place("", ready="h1")
    everything = """Object.fromEntries([...document.querySelectorAll("html, body, h1, p, a, button")].map((node) => {
      const style = getComputedStyle(node);
      return [node.outerHTML.slice(0, 20), [...style].map((name) => `${name}: ${style[name]}`).join()];
    }))"""
    before = visiting.value(everything)
    put(visiting, script(service.address, NAME))
    # Focus is where the citizen is, and changes how a button looks; so nothing is opened by a click.
    visiting.value("document.querySelector('amtslotse-chat').open()")
    expect(visiting.question).to_be_focused()
    after = visiting.value(everything)
    assert len(before) > 5
    assert {name for name in before if before[name] != after[name]} == set()
    assert visiting.value("document.adoptedStyleSheets.length + document.styleSheets.length") == 0


def test_a_colour_is_the_one_of_the_element_then_of_the_page_then_of_the_municipality(
    place: Placing, service: Service
) -> None:
    style = "<style>amtslotse-chat { --amtslotse-color: #00468b; }</style>"
    visiting = place(script(service.address, NAME))
    launcher = visiting.page.locator(".launcher")
    assert style_of(launcher, "background-color") == "rgb(122, 0, 25)"
    put(visiting, script(service.address, NAME), style=style)
    assert style_of(launcher, "background-color") == "rgb(0, 70, 139)"
    put(visiting, script(service.address, NAME, data_color="#005500"), style=style)
    assert style_of(launcher, "background-color") == "rgb(0, 85, 0)"


def test_a_theme_goes_before_the_citizens(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME, data_theme="dark"))
    assert style_of(opened(visiting), "background-color") == "rgb(21, 27, 34)"
    visiting.page.emulate_media(color_scheme="dark")
    put(visiting, script(service.address, NAME, data_theme="light"))
    assert style_of(opened(visiting), "background-color") == "rgb(255, 255, 255)"
