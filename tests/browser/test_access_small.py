"""On small screens and at 400 % zoom nothing is lost, and the notice that this is a machine stays in sight."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visiting
from tests.browser.sight import look, put
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

QUESTIONS = {"de": "Wie beantrage ich einen Personalausweis?", "ar": "كيف أطلب بطاقة هوية؟"}
NOTICE = "Automatischer Assistent (KI), kein Mensch"
SIZES = [(1100, 900), (375, 740), (320, 256)]
# Everything that can be scrolled stands at its end.
_END = """() => {
  const root = document.querySelector("amtslotse-chat").shadowRoot;
  for (const node of [document.documentElement, ...root.querySelectorAll("*")]) node.scrollTop = node.scrollHeight;
}"""


def in_sight(visiting: Visit, node: Locator) -> bool:
    """Whether all of it lies on the screen, and nothing upon it."""
    look(visiting, "controls")
    return bool(node.evaluate("(node) => sight.visible(node)"))


def widget(visiting: Visit, service: Service, place: str, language: str = "de") -> None:
    """Opens the widget on the full page or in a corner."""
    page = visiting.page
    if place == "inline":
        page.goto(f"{service.address}/m/neckarfurt?language={language}")
        page.locator(".frame:not([hidden])").wait_for()
        return
    page.goto(f"{service.address}/m/neckarfurt/accessibility?language={language}")
    put(visiting)
    if page.locator(".panel").is_hidden():
        page.locator(".launcher").click()


@pytest.mark.parametrize("place", ["inline", "corner"])
def test_the_notice_stands_in_sight_before_the_first_input(visit: Visiting, service: Service, place: str) -> None:
    visiting = visit()
    for width, height in SIZES:
        visiting.page.set_viewport_size({"width": width, "height": height})
        widget(visiting, service, place)
        notice = visiting.page.get_by_text(NOTICE, exact=True)
        assert in_sight(visiting, notice), (width, height)
        before = "([notice, input]) => notice.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING"
        assert visiting.page.evaluate(before, [notice.element_handle(), visiting.question.element_handle()])


def test_the_notice_stays_in_sight_after_ten_messages_wherever_one_has_scrolled(
    visit: Visiting, service: Service
) -> None:
    visiting = visit()
    for _ in range(5):
        visiting.ask("Hallo")
    expect(visiting.messages).to_have_count(10)
    for place in ("inline", "corner"):
        for width, height in SIZES:
            visiting.page.set_viewport_size({"width": width, "height": height})
            widget(visiting, service, place)
            expect(visiting.messages).to_have_count(10)
            notice = visiting.page.get_by_text(NOTICE, exact=True)
            assert in_sight(visiting, notice), (place, width, height)
            visiting.page.evaluate(_END)
            assert in_sight(visiting, visiting.page.locator(".send")), (place, width, height)
            assert in_sight(visiting, notice), (place, width, height)


def test_a_notice_that_is_covered_or_scrolled_away_is_not_in_sight(visit: Visiting) -> None:
    visiting = visit(size=(320, 256))
    notice = visiting.page.get_by_text(NOTICE, exact=True)
    assert in_sight(visiting, notice)
    notice.evaluate("(notice) => { notice.style.position = 'static'; }")
    visiting.page.evaluate(_END)
    assert not in_sight(visiting, notice)


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("size", [(320, 256), (320, 800)], ids=str)
@pytest.mark.parametrize("place", ["inline", "corner"])
def test_nothing_is_cut_off_nor_scrolls_sideways_with_everything_unfolded(
    visit: Visiting, service: Service, place: str, size: tuple[int, int], language: str
) -> None:
    visiting = visit(size=size, language=language)
    widget(visiting, service, place, language)
    visiting.ask(QUESTIONS[language])
    visiting.unfold()
    visiting.page.locator(".feedback button").nth(1).click()
    visiting.page.locator(".opener").click()
    frame = visiting.page.locator(".frame")
    found: dict[int, list[str]] = {}
    for factor in (1, 2):
        while frame.evaluate("(frame) => Number(frame.style.getPropertyValue('--size'))") < factor:
            visiting.page.locator(".settings [role=group] button").last.click()
        found[factor] = look(visiting, "cut") + look(visiting, "small")
    assert found == {1: [], 2: []}


@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize("size", [(320, 256), (320, 640)], ids=str)
@pytest.mark.parametrize("place", ["inline", "corner"])
def test_every_part_of_an_answer_can_be_brought_into_sight(
    visit: Visiting, service: Service, place: str, size: tuple[int, int], factor: int
) -> None:
    visiting = visit(size=size)
    widget(visiting, service, place)
    visiting.page.locator(".frame").evaluate(
        "(frame, factor) => frame.style.setProperty('--size', String(factor))", factor
    )
    answer = visiting.ask(QUESTIONS["de"])
    for part in (answer.locator(".outcome"), answer.locator(".number").last, visiting.page.locator(".send")):
        part.evaluate("(part) => part.scrollIntoView({ block: 'center' })")
        assert in_sight(visiting, part)
