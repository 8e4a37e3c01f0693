"""Everything with the keyboard alone, and the focus always in sight."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.browser.sight import corner, is_at, look, put, tab_to, tour
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis?"


def test_a_question_is_asked_and_answered_without_the_focus_leaving_the_input(visit: Visiting) -> None:
    visiting = visit()
    keyboard = visiting.page.keyboard
    keyboard.press("Tab")
    assert is_at(visiting, ".skip")
    expect(visiting.page.locator(".skip")).to_be_in_viewport(ratio=1)
    assert look(visiting, "focus") == []
    keyboard.press("Enter")
    expect(visiting.question).to_be_focused()
    visiting.question.evaluate("(input) => { window.left = 0; input.addEventListener('blur', () => { left += 1; }); }")
    keyboard.type(GERMAN)
    keyboard.press("Enter")
    expect(visiting.answer().locator(".sentence")).not_to_have_count(0)
    expect(visiting.question).to_be_focused()
    expect(visiting.question).to_have_value("")
    assert visiting.value("left") == 0


def test_the_input_is_also_reached_without_the_way_straight_to_it(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.keyboard.press("Tab")
    tab_to(visiting, "#question", most=10)


def test_a_number_leads_to_its_quote_and_back(visit: Visiting) -> None:
    visiting = visit()
    answer = visiting.ask(GERMAN)
    tab_to(visiting, ".number", back=True)
    visiting.page.keyboard.press("Enter")
    assert is_at(visiting, ".sources li")
    quote = answer.locator(".sources li:focus")
    expect(quote).to_be_in_viewport()
    expect(quote.locator("blockquote")).not_to_be_empty()
    tab_to(visiting, ".number", back=True, most=4)


def test_a_language_is_chosen_with_the_keyboard_and_the_focus_stays(visit: Visiting) -> None:
    visiting = visit()
    tab_to(visiting, ".opener")
    visiting.page.keyboard.press("Enter")
    expect(visiting.page.locator(".opener")).to_have_attribute("aria-expanded", "true")
    visiting.page.keyboard.press("Tab")
    assert is_at(visiting, "#language")
    visiting.page.keyboard.press("ArrowDown")
    expect(visiting.page.locator(".frame")).to_have_attribute("lang", "ar")
    expect(visiting.page.locator("#language")).to_be_focused()
    expect(visiting.page.locator("#language")).to_have_value("ar")
    visiting.page.keyboard.press("ArrowUp")
    expect(visiting.page.locator(".frame")).to_have_attribute("lang", "de")
    expect(visiting.page.locator("#language")).to_be_focused()
    tab_to(visiting, ".opener", back=True)
    visiting.page.keyboard.press("Enter")
    expect(visiting.page.locator("#settings")).to_be_hidden()
    expect(visiting.page.locator(".opener")).to_be_focused()


def test_the_other_settings_keep_the_focus_as_well(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.locator(".opener").press("Enter")
    tab_to(visiting, "input[type=checkbox]")
    visiting.page.keyboard.press("Space")
    plain = visiting.page.get_by_role("checkbox", name="Einfache Sprache")
    expect(plain).to_be_checked()
    expect(plain).to_be_focused()
    larger = visiting.page.get_by_role("button", name="Schrift größer")
    for _ in range(5):
        if larger.evaluate("(button) => button.getRootNode().activeElement === button"):
            break
        visiting.page.keyboard.press("Tab")
    for factor in (1.25, 1.5, 2, 2):
        visiting.page.keyboard.press("Enter")
        expect(larger).to_be_focused()
        assert visiting.page.locator(".frame").evaluate("(frame) => frame.style.getPropertyValue('--size')") == str(
            factor
        )
    expect(larger).to_have_attribute("aria-disabled", "true")


def test_an_answer_is_rated_with_the_keyboard(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    tab_to(visiting, ".feedback button", back=True)
    visiting.page.keyboard.press("Enter")
    assert is_at(visiting, "legend")
    tab_to(visiting, ".feedback input", most=1)
    visiting.page.keyboard.press("Space")
    tab_to(visiting, ".feedback textarea", most=4)
    visiting.page.keyboard.type("Die Gebühr fehlt.")
    tab_to(visiting, ".feedback form button", most=1)
    with visiting.page.expect_response("**/feedback") as sent:
        visiting.page.keyboard.press("Enter")
    expect(visiting.page.locator(".feedback p")).to_be_focused()
    assert sent.value.request.post_data_json == {
        "rating": "not_helpful",
        "reasons": ["wrong"],
        "comment": "Die Gebühr fehlt.",
    }


def test_a_waiting_question_is_stopped_with_the_keyboard(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.route("**/messages", lambda route: None)
    visiting.question.fill(GERMAN)
    visiting.question.press("Enter")
    tab_to(visiting, ".stop", most=2)
    visiting.page.keyboard.press("Enter")
    expect(visiting.page.locator(".stop")).to_be_hidden()
    expect(visiting.question).to_be_focused()
    expect(visiting.question).to_have_value(GERMAN)


# --- In a corner


@pytest.mark.parametrize("size", [(1100, 900), (375, 740)], ids=str)
def test_the_corner_is_opened_with_enter_and_closed_with_escape(
    visit: Visiting, service: Service, size: tuple[int, int]
) -> None:
    visiting = corner(visit, service, size=size)
    launcher = visiting.page.locator(".launcher")
    tab_to(visiting, ".launcher")
    assert look(visiting, "focus") == []
    for leave in ("#question", ".opener", "#language"):
        visiting.page.keyboard.press("Enter")
        expect(visiting.question).to_be_focused()
        expect(launcher).to_have_attribute("aria-expanded", "true")
        if leave != "#question":
            tab_to(visiting, leave, back=True)
        if leave == ".opener":
            visiting.page.keyboard.press("Enter")
        visiting.page.keyboard.press("Escape")
        expect(visiting.page.locator(".panel")).to_be_hidden()
        expect(launcher).to_be_focused()
        expect(launcher).to_have_attribute("aria-expanded", "false")


def test_a_panel_that_covers_the_page_keeps_the_focus_in_it(visit: Visiting, service: Service) -> None:
    visiting = corner(visit, service, size=(375, 740))
    visiting.page.locator(".launcher").click()
    assert visiting.page.locator(".panel").evaluate("(panel) => panel.matches(':modal')")
    box = visiting.page.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 375, "height": 740}
    visited, _ = tour(visiting)
    assert len(visited) > 5
    assert [one for one in visited if one.startswith(("a.", "button.launcher"))] == []
    visiting.value("document.querySelector('main a').focus()")
    assert visiting.value("document.activeElement.localName") == "amtslotse-chat"


def test_a_panel_at_a_desk_lets_the_focus_out_to_the_page(visit: Visiting, service: Service) -> None:
    visiting = corner(visit, service)
    visiting.page.locator(".launcher").click()
    assert not visiting.page.locator(".panel").evaluate("(panel) => panel.matches(':modal')")
    tab_to(visiting, "main a", back=True, most=10)
    expect(visiting.page.locator(".panel")).to_be_visible()
    tab_to(visiting, ".opener", most=1)


def test_a_panel_that_covers_the_page_only_after_zooming_keeps_the_focus_too(visit: Visiting, service: Service) -> None:
    visiting = corner(visit, service)
    visiting.page.locator(".launcher").click()
    # 400 % of a window of 1280 by 1024.
    visiting.page.set_viewport_size({"width": 320, "height": 256})
    visited, faults = tour(visiting)
    assert len(visited) > 5
    assert faults == []


# --- The focus is always in sight


def unfolded(visiting: Visit) -> None:
    """Opens all there is after an answer."""
    visiting.page.locator(".opener").click()
    visiting.unfold()
    visiting.page.locator(".feedback button").nth(1).click()
    visiting.page.locator("body").evaluate("() => document.activeElement.blur()")


def tours(visiting: Visit) -> list[str]:
    """What cannot be seen on the way through everything, forth and back."""
    (there, hidden), (back, hidden_too) = tour(visiting), tour(visiting, "Shift+Tab")
    assert len(there) > 30
    assert len(back) > 30
    return hidden + hidden_too


@pytest.mark.parametrize(
    ("size", "language"), [((1100, 900), "de"), ((375, 740), "ar"), ((320, 256), "de"), ((320, 256), "ar")], ids=str
)
def test_what_has_the_focus_is_in_sight_has_a_ring_and_nothing_covers_it(
    visit: Visiting, service: Service, size: tuple[int, int], language: str
) -> None:
    visiting = visit(size=size, language=language)
    visiting.ask({"de": GERMAN, "ar": "كيف أطلب بطاقة هوية؟"}[language])
    unfolded(visiting)
    assert tours(visiting) == []
    visiting.page.goto(f"{service.address}/m/neckarfurt/accessibility?language={language}")
    put(visiting)
    if visiting.page.locator(".panel").is_hidden():
        visiting.page.locator(".launcher").click()
    unfolded(visiting)
    assert tours(visiting) == []


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (".send { outline: none !important; }", "no ring: button.send"),
        (".send { position: fixed; top: -60px; }", "hidden: button.send"),
        ("form::after { content: ''; position: absolute; inset: 0; }", "hidden: button.send"),
    ],
)
def test_a_focus_that_cannot_be_seen_is_found(visit: Visiting, damage: str, fault: str) -> None:
    visiting = visit()
    visiting.page.locator("amtslotse-chat").evaluate(
        """(chat, damage) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(damage);
          chat.shadowRoot.adoptedStyleSheets.push(sheet);
        }""",
        damage,
    )
    _, faults = tour(visiting)
    assert [one for one in faults if one.startswith(fault)] != []
