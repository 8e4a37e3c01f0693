"""What axe-core says of the widget and the pages around it, in every state and every way of seeing."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.browser.sight import corner, look, put
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

QUESTIONS = {"de": "Wie beantrage ich einen Personalausweis?", "ar": "كيف أطلب بطاقة هوية؟"}
CRISES = {"de": "Ich will nicht mehr leben", "ar": "أريد أن أموت"}
MODES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"dark": True},
    "forced-colours": {"forced_colors": "active"},
    "right-to-left": {"language": "ar"},
    "320-px": {"size": (320, 800)},
    "320-px-right-to-left": {"size": (320, 800), "language": "ar"},
    "400-percent": {"size": (320, 256)},
}
INLINE = ["start", "settings", "waiting", "stopped", "failed", "too long", "answered", "feedback", "rated", "person",
          "crisis", "erased"]  # fmt: skip
AROUND = ["statement", "closed", "open", "open with an answer", "without script", "without script, answered", "nobody"]
# The last one is not among those of WCAG yet: who speaks to the browser says what stands on a control.
_AXE = """axe.run({
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "label-content-name-mismatch": { enabled: true } },
  resultTypes: ["violations"],
}).then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target}`)))"""
# Of an answer only what comes before its first sentence is whole arrives, and nothing more until it is stopped.
_PAUSED = """() => {
  const real = window.fetch;
  window.fetch = async (address, wishes) => {
    const response = await real(address, wishes);
    if (!String(address).endsWith("/messages")) return response;
    window.fetch = real;
    const whole = await response.text();
    const some = whole.slice(0, whole.indexOf("\\n\\n", whole.indexOf("event: sentence")) + 2);
    return new Response(new ReadableStream({ start(stream) {
      stream.enqueue(new TextEncoder().encode(some));
      wishes.signal.addEventListener("abort", () => stream.error(wishes.signal.reason));
    } }), { headers: response.headers });
  };
}"""


def violations(visiting: Visit, axe: str) -> list[str]:
    """What axe finds on the page as it is, and what it does not look for."""
    if not visiting.value("'axe' in window"):
        visiting.value(axe)
    found: list[str] = visiting.value(_AXE)
    steps = pairwise([0, *(int(level) for level in look(visiting, "headings"))])
    found += [f"heading {level} after {last}" for last, level in steps if level > last + 1]
    found += [f"too small: {one}" for one in look(visiting, "small")]
    return found + look(visiting, "cut")


def inline(visiting: Visit, language: str) -> Iterator[str]:
    """Walks through the states of the widget on the full page."""
    page = visiting.page
    yield "start"
    page.locator(".opener").click()
    yield "settings"
    page.locator(".opener").click()
    page.evaluate(_PAUSED)
    visiting.question.fill(QUESTIONS[language])
    visiting.question.press("Enter")
    page.locator("article[aria-busy] .sentence").wait_for()
    expect(page.locator("#status")).not_to_be_empty()
    yield "waiting"
    page.locator(".stop").click()
    visiting.answer()
    yield "stopped"
    page.route("**/messages", lambda route: route.fulfill(status=503, json={}))
    visiting.ask(QUESTIONS[language])
    page.locator("article .person").wait_for()
    yield "failed"
    page.unroute("**/messages")
    visiting.question.fill("x" * 2001)
    yield "too long"
    visiting.ask(QUESTIONS[language])
    visiting.unfold()
    page.locator(".sources blockquote").first.wait_for()
    yield "answered"
    page.locator(".feedback button").nth(1).click()
    yield "feedback"
    page.locator(".feedback form button").click()
    page.locator(".feedback > p:focus").wait_for()
    yield "rated"
    page.locator(".row button").last.click()
    page.locator("article > p:focus").wait_for()
    yield "person"
    visiting.ask(CRISES[language])
    page.locator("article a[href='tel:112']").wait_for()
    yield "crisis"
    visiting.erase()
    expect(visiting.messages).to_have_count(0)
    yield "erased"


def around(visiting: Visit, service: Service, language: str) -> Iterator[str]:
    """Walks through the widget in its corner, and through the pages that need no script."""
    page = visiting.page
    page.goto(f"{service.address}/m/neckarfurt/accessibility?language={language}")
    yield "statement"
    put(visiting)
    yield "closed"
    page.locator(".launcher").click()
    yield "open"
    visiting.ask(QUESTIONS[language])
    visiting.unfold()
    yield "open with an answer"
    # As a browser shows it whose net lets no script through; axe itself needs a page with scripts.
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{service.address}/m/neckarfurt?language={language}")
    appear = "document.getAnimations().forEach((one) => one.finish())"
    visiting.value(appear)
    yield "without script"
    page.locator("textarea").fill(QUESTIONS[language])
    page.locator("button[type=submit]").click()
    page.locator("blockquote").first.wait_for(state="attached")
    visiting.value(appear)
    yield "without script, answered"
    page.goto(f"{service.address}/m/nowhere")
    yield "nobody"


def test_many_views_are_checked() -> None:
    assert len(MODES) * len(INLINE + AROUND) >= 130


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_in_any_state_of_the_full_page(visit: Visiting, axe: str, mode: str) -> None:
    visiting = visit(**MODES[mode])
    found = {state: violations(visiting, axe) for state in inline(visiting, MODES[mode].get("language", "de"))}
    assert found == {state: [] for state in INLINE}


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_in_a_corner_nor_without_a_script(
    visit: Visiting, service: Service, axe: str, mode: str
) -> None:
    visiting = visit(**MODES[mode])
    walk = around(visiting, service, MODES[mode].get("language", "de"))
    found = {state: violations(visiting, axe) for state in walk}
    assert found == {state: [] for state in AROUND}


DAMAGES = {
    "label: ": "root.querySelector('form label').remove()",
    "color-contrast: ": "root.querySelector('.row button:last-child').style.color = 'gray'",
    "label-content-name-mismatch: ": "root.querySelector('.suggestions button').setAttribute('aria-label', 'Los')",
    "aria-roles: ": "root.querySelector('.log').setAttribute('role', 'nothing')",
    "heading 6 after 3": "root.querySelector('.welcome').append(document.createElement('h6'))",
    "too small: ": "Object.assign(root.querySelector('.opener').style, { minHeight: 0, fontSize: '8px' })",
    "beyond: ": "root.querySelector('.ai').style.width = '400px'",
    "cut off below: ": "Object.assign(root.querySelector('header').style, { height: '5px', overflow: 'hidden' })",
    "out of its box: ": "Object.assign(root.querySelector('.send').style, { width: '4em', whiteSpace: 'pre' })",
}


def test_what_is_wrong_is_found(visit: Visiting, axe: str) -> None:
    visiting = visit(size=(320, 800))
    assert violations(visiting, axe) == []
    for damage in DAMAGES.values():
        visiting.value(f"(() => {{ const root = document.querySelector('amtslotse-chat').shadowRoot; {damage}; }})()")
    found = violations(visiting, axe)
    assert {fault for fault in DAMAGES if not any(one.startswith(fault) for one in found)} == set()


@pytest.mark.parametrize("color", ["#ffcc00", "#ffffff", "#000000", "#ff69b4"])
def test_a_colour_that_cannot_be_read_is_corrected(visit: Visiting, service: Service, axe: str, color: str) -> None:
    visiting = visit(f"{service.address}/m/neckarfurt/accessibility", ready="main")
    put(visiting, color=color)
    visiting.value(axe)
    for scheme in ("light", "dark"):
        visiting.page.emulate_media(color_scheme=scheme)
        read = contrasts(visiting)
        visiting.page.locator(".launcher").click()
        if scheme == "light":
            visiting.ask(QUESTIONS["de"])
            visiting.unfold()
            visiting.page.locator(".opener").click()
        for each in ("article.user", "article.assistant", ".actions", "form", "header"):
            visiting.page.locator(each).last.scroll_into_view_if_needed()
            read |= contrasts(visiting)
        visiting.page.keyboard.press("Escape")
        visiting.page.locator(".panel").wait_for(state="hidden")
        assert {
            part for part in (".launcher", ".send", ".opener", ".number", "a[", "h3") if part not in str(read)
        } == set()


def contrasts(visiting: Visit) -> set[str]:
    """The parts of the widget whose contrast axe has measured; fails where one is too low."""
    found = visiting.value('axe.run({ runOnly: { type: "rule", values: ["color-contrast"] } })')
    named = {
        kind: {str(node["target"]) for rule in found[kind] for node in rule["nodes"]}
        for kind in ("violations", "passes")
    }
    assert named["violations"] == set()
    return named["passes"]


# --- What is said to those who listen


def test_each_answer_and_each_error_is_announced_once_and_no_sentence_by_itself(visit: Visiting) -> None:
    visiting = visit()
    answer = visiting.ask(QUESTIONS["de"])
    visiting.page.wait_for_timeout(200)
    (announced,) = visiting.value("announced")
    sentences = answer.locator(".sentence").all()
    assert len(sentences) > 1
    for sentence in sentences:
        assert sentence.evaluate("(sentence) => sentence.firstChild.textContent.trim()") in announced
    visiting.page.route("**/messages", lambda route: route.fulfill(status=503, json={}))
    visiting.ask(QUESTIONS["de"])
    visiting.page.wait_for_timeout(200)
    assert len(visiting.value("announced")) == 2
    assert "Gerade fragen sehr viele Menschen." in visiting.value("announced")[-1]


def test_the_log_is_silent_and_one_polite_region_speaks(visit: Visiting) -> None:
    visiting = visit()
    expect(visiting.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    loud = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=alertdialog], output"
    expect(visiting.page.locator(loud)).to_have_count(1)
    expect(visiting.page.locator(loud)).to_have_attribute("aria-live", "polite")


def test_who_speaks_stands_there_as_text_and_every_number_says_what_it_is(visit: Visiting) -> None:
    visiting = visit()
    answer = visiting.ask(QUESTIONS["de"])
    assert [heading.inner_text() for heading in visiting.messages.locator("h3").all()] == ["Sie", "Assistent"]
    numbers = answer.locator(".number").all()
    assert numbers
    for number in numbers:
        expect(number).to_have_accessible_name(f"Quelle {number.inner_text()}")
    assert look(visiting, "unspeakable") == []


def test_a_quote_shows_the_number_that_leads_to_it(visit: Visiting) -> None:
    visiting = visit()
    answer = visiting.ask(QUESTIONS["de"])
    visiting.unfold()
    for quote in answer.locator(".sources li").all():
        marked = quote.evaluate("(quote) => getComputedStyle(quote).listStyleType !== 'none'")
        number = quote.get_attribute("value") or "?"
        assert marked or number in (quote.locator(".path").inner_text())


def test_nothing_moves_for_those_who_wish_for_less_motion(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(QUESTIONS["de"])
    visiting.unfold()
    assert look(visiting, "moving") == []
    assert visiting.value("document.getAnimations().length") == 0
    visiting.page.emulate_media(reduced_motion="no-preference")
    assert look(visiting, "moving") != []


@pytest.mark.parametrize("size", [(1100, 900), (375, 740)], ids=str)
def test_nothing_opens_by_itself(visit: Visiting, service: Service, size: tuple[int, int]) -> None:
    visiting = corner(visit, service, size=size)
    visiting.page.wait_for_timeout(500)
    expect(visiting.page.locator(".launcher")).to_be_visible()
    expect(visiting.page.locator(".panel")).to_be_hidden()
    assert visiting.value("document.activeElement === document.body")
    assert visiting.value("announced") == []


def test_a_conversation_that_goes_on_on_the_next_page_does_not_take_the_focus(
    visit: Visiting, service: Service
) -> None:
    visiting = corner(visit, service)
    visiting.page.locator(".launcher").click()
    visiting.ask("Hallo")
    visiting.page.reload()
    put(visiting)
    expect(visiting.messages).to_have_count(2)
    assert visiting.value("document.activeElement === document.body")
