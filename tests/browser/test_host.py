"""The widget on a town's page at another origin: its line, its attributes, its events and its methods."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visiting
from tests.browser.host import script
from tests.browser.square import PAGE, Square, complaints, opened, panel, put, square_of
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

NAME = "marktstadt"
GERMAN = "Wie beantrage ich einen Personalausweis?"
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


def edges(locator: Locator) -> set[str]:
    """The edges of the window that something stands at."""
    inside = """(node) => { const { left, top, right, bottom } = node.getBoundingClientRect();
      return { left, top, right: innerWidth - right, bottom: innerHeight - bottom }; }"""
    return {edge for edge, distance in locator.evaluate(inside).items() if -1 < distance < 20}


def told(visiting: Visit) -> Any:
    """What the widget has told the page."""
    return visiting.value("told")


# --- The line, its events and its methods


def test_a_button_opens_the_conversation_which_is_answered_and_the_page_hears_no_word_of_it(
    place: Placing, service: Service
) -> None:
    visiting = place(script(service.address, NAME))
    expect(visiting.page.locator(".launcher")).to_have_text("Fragen an Marktstadt")
    expect(panel(visiting)).to_be_hidden()
    visiting.page.wait_for_function("told.length")
    assert told(visiting) == [["ready", {}]]
    opened(visiting)
    expect(visiting.ask(GERMAN).locator(".number")).not_to_have_count(0)
    visiting.page.get_by_role("button", name="Schließen").click()
    expect(panel(visiting)).to_be_hidden()
    expect(visiting.page.locator(".launcher")).to_be_focused()
    assert told(visiting) == [["ready", {}], ["open", {}], ["answer", {"outcome": "answered"}], ["close", {}]]
    assert complaints(visiting) == []


def test_a_page_can_open_and_close_it_and_ask_for_a_citizen(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME))
    call = "document.querySelector('amtslotse-chat')"
    visiting.value(f"{call}.open()")
    expect(visiting.question).to_be_focused()
    visiting.value(f"{call}.close()")
    expect(panel(visiting)).to_be_hidden()
    visiting.value(f"{call}.ask('{GERMAN}')")
    expect(visiting.answer().locator(".number")).not_to_have_count(0)
    expect(visiting.messages.first.locator(".said")).to_have_text(GERMAN)
    expect(panel(visiting)).to_be_visible()


def test_an_element_placed_by_hand_stands_where_it_was_placed(place: Placing, service: Service) -> None:
    visiting = place(
        f'<script src="{service.address}/widget.js" defer></script>'
        f'<amtslotse-chat municipality="{NAME}" layout="inline"><p id="instead">Telefon 115</p></amtslotse-chat>',
        ready="#question",
    )
    tops = [visiting.page.locator(one).bounding_box() for one in ("h1", ".panel", "#question", "#after")]
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
    assert tops[1]
    assert tops[1]["width"] > 1000
    for absent in (".launcher", ".closer", "#instead"):
        expect(visiting.page.locator(absent)).to_be_hidden()
    expect(visiting.ask(GERMAN).locator(".number")).not_to_have_count(0)


def test_the_conversation_goes_on_after_the_tab_was_elsewhere_and_a_new_tab_knows_nothing(
    place: Placing, service: Service, square: Square
) -> None:
    visiting = place(script(service.address, NAME))
    opened(visiting)
    visiting.ask("Was kostet ein Personalausweis?")
    visiting.page.goto(square.address)
    put(visiting, script(service.address, NAME), ready=".log article")
    expect(panel(visiting)).to_be_visible()
    expect(visiting.messages).to_have_count(2)
    expect(visiting.ask("Und wie lange dauert das?")).to_contain_text("zwei bis drei Wochen")
    other = visiting.context.new_page()
    other.goto(square.address)
    other.set_content(PAGE.format(widget=script(service.address, NAME), style=""))
    other.locator(".launcher").click()
    expect(other.locator("#question")).to_be_visible()
    expect(other.locator(".log article")).to_have_count(0)


# --- Attributes


PLACES = {
    ("corner", "", "de"): ({"right", "bottom"}, {"right", "bottom"}),
    ("corner", "left", "de"): ({"left", "bottom"}, {"left", "bottom"}),
    ("corner", "", "ar"): ({"left", "bottom"}, {"left", "bottom"}),
    ("corner", "left", "ar"): ({"right", "bottom"}, {"right", "bottom"}),
    ("side", "", "de"): ({"right", "bottom"}, {"right", "top", "bottom"}),
    ("side", "left", "de"): ({"left", "bottom"}, {"left", "top", "bottom"}),
    ("side", "", "ar"): ({"left", "bottom"}, {"left", "top", "bottom"}),
    ("side", "left", "ar"): ({"right", "bottom"}, {"right", "top", "bottom"}),
}


def test_layout_position_and_language_decide_at_which_edges_it_stands(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME))
    found = {}
    for layout, position, language in PLACES:
        line = script(
            service.address,
            NAME,
            data_layout=layout,
            data_language=language,
            **{"data_position": position} if position else {},
        )
        put(visiting, line)
        launcher = edges(visiting.page.locator(".launcher"))
        found[layout, position, language] = (launcher, edges(opened(visiting)))
    assert found == PLACES


def test_the_words_of_the_page_stand_on_the_button_and_above_the_first_question(
    place: Placing, service: Service
) -> None:
    visiting = place(
        script(
            service.address,
            NAME,
            data_launcher="Hilfe im Amt",
            data_greeting="Grüß Gott!",
            data_suggestions=f" {GERMAN} | |Was kostet ein Reisepass?",
        )
    )
    expect(visiting.page.locator(".launcher")).to_have_text("Hilfe im Amt")
    opened(visiting)
    expect(visiting.page.locator(".welcome p").first).to_have_text("Grüß Gott!")
    expect(visiting.page.locator(".suggestions button")).to_have_text([GERMAN, "Was kostet ein Reisepass?"])
    visiting.page.get_by_role("button", name=GERMAN).click()
    expect(visiting.answer().locator(".number")).not_to_have_count(0)


def test_a_language_goes_before_that_of_the_browser(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME, data_language="fr"), language="uk")
    expect(visiting.page.locator(".frame")).to_have_attribute("lang", "fr")
    put(visiting, script(service.address, NAME))
    expect(visiting.page.locator(".frame")).to_have_attribute("lang", "uk")


def test_a_size_is_where_a_citizen_begins_to_make_the_text_larger_or_smaller(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME, data_size="1.25"))
    frame = visiting.page.locator(".frame")
    opened(visiting)
    expect(frame).to_have_css("font-size", "20px")
    visiting.page.locator(".opener").click()
    visiting.page.get_by_role("button", name="Schrift größer").click()
    expect(frame).to_have_css("font-size", "24px")
    for _ in range(2):
        visiting.page.get_by_role("button", name="Schrift kleiner").click()
    expect(frame).to_have_css("font-size", "16px")


def test_at_a_kiosk_a_conversation_is_erased_everywhere_when_nobody_touches_it_any_more(
    place: Placing, service: Service
) -> None:
    visiting = place(script(service.address, NAME, data_idle="1"))
    opened(visiting)
    visiting.ask(GERMAN)
    said = next(request for request in visiting.requests if request.url.endswith("/messages"))
    # Who is typing is still there.
    for key in "Wer?":
        visiting.page.wait_for_timeout(400)
        visiting.page.keyboard.press(key)
    expect(visiting.messages).to_have_count(2)
    expect(visiting.messages).to_have_count(0, timeout=3_000)
    expect(visiting.question).to_have_value("")
    conversation = said.url.removesuffix("/messages")
    assert httpx.get(conversation, headers={"authorization": said.headers["authorization"]}).status_code == 404
    assert visiting.value("sessionStorage.length") == 0


def test_at_a_kiosk_nobody_finds_what_another_has_written_and_not_sent(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME, data_idle="1"))
    opened(visiting)
    visiting.page.keyboard.type("Ich heiße Mustermann und")
    expect(visiting.question).to_have_value("", timeout=3_000)


def test_at_a_kiosk_the_next_citizen_begins_in_the_language_of_the_page(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME, data_idle="1"))
    opened(visiting)
    visiting.page.locator(".opener").click()
    visiting.page.locator("#language").select_option("fr")
    visiting.page.locator(".frame[lang=fr]").wait_for(state="attached")
    visiting.page.locator(".frame[lang=de]").wait_for(state="attached", timeout=3_000)
    expect(visiting.page.locator("#language")).to_have_value("de")


def test_a_service_elsewhere_can_be_named(place: Placing, service: Service) -> None:
    other = service.address.replace("127.0.0.1", "localhost")
    visiting = place(script(other, NAME, data_server=f"{service.address}/"))
    opened(visiting)
    visiting.ask(GERMAN)
    assert [request.url for request in visiting.requests if request.url.startswith(other)] == [f"{other}/widget.js"]
    assert f"{service.address}/v1/visitors" in [request.url for request in visiting.requests]


# --- Several on a page


def test_two_widgets_on_a_page_are_asked_apart(place: Placing, service: Service) -> None:
    lines = [
        script(service.address, NAME, data_launcher="Rechts"),
        f'<amtslotse-chat municipality="{NAME}" layout="inline" language="fr"></amtslotse-chat>',
    ]
    visiting = place("".join(lines))
    expect(visiting.page.locator("#question")).to_have_count(2)
    visiting.page.get_by_role("button", name="Rechts").click()
    inline, corner = (visiting.page.locator("amtslotse-chat").nth(place) for place in (0, 1))
    corner.locator("#question").fill("Was kostet ein Reisepass?")
    corner.locator("#question").press("Enter")
    expect(corner.locator(".number")).not_to_have_count(0)
    expect(inline.locator("article")).to_have_count(0)
    expect(inline.locator(".frame")).to_have_attribute("lang", "fr")
    assert complaints(visiting) == []


def test_the_same_line_twice_is_one_widget(place: Placing, service: Service) -> None:
    visiting = place(script(service.address, NAME) * 2)
    visiting.page.wait_for_load_state("networkidle")
    expect(visiting.page.locator(".launcher")).to_have_count(1)
    assert complaints(visiting) == []


def test_the_scripts_of_two_services_ask_each_their_own(place: Placing, service: Service) -> None:
    other = service.address.replace("127.0.0.1", "localhost")
    visiting = place(script(service.address, NAME) + script(other, "neckarfurt", data_position="left"))
    visiting.page.wait_for_function("told.length === 2")
    profiles = [request.url.partition("?")[0] for request in visiting.requests if "/municipalities/" in request.url]
    assert sorted(profiles) == sorted(
        [f"{service.address}/v1/municipalities/{NAME}", f"{other}/v1/municipalities/neckarfurt"]
    )
