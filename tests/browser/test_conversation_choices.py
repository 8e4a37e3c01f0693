"""What citizens choose for themselves, and what each choice changes."""

import httpx
import pytest
from playwright.sync_api import expect

from assistant.domain.replies import languages, replies
from tests.browser.conftest import Visiting

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis?"

# Keeps how sentences came into the log: alone, or as part of a whole answer.
_WATCH = """
() => {
  window.came = [];
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      const added = [...addedNodes].filter((node) => node.matches?.(".sentence, .tools")).map((node) => node.className);
      if (added.includes("sentence")) came.push(added.includes("tools") ? "whole" : "alone");
    }
  }).observe(document.querySelector("amtslotse-chat").shadowRoot, { childList: true, subtree: true });
}
"""


def test_plain_language_is_asked_for_and_where_there_is_none_that_is_said(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.locator(".opener").click()
    plain = visiting.page.get_by_role("checkbox", name="Einfache Sprache")
    plain.check()
    expect(plain).to_be_focused()
    answer = visiting.ask(GERMAN)
    missing = "Diese Antwort gibt es gerade nicht in Einfacher Sprache. Hier steht der Text der Seite."
    expect(answer.get_by_text(missing)).to_be_visible()
    plain.uncheck()
    expect(visiting.ask(GERMAN).get_by_text(missing)).to_have_count(0)
    said = [one.post_data_json for one in visiting.requests if one.url.endswith("/messages")]
    assert [one["level"] for one in said] == ["plain", "normal"]


def test_answers_can_be_shown_at_once_instead_of_sentence_by_sentence(visit: Visiting) -> None:
    visiting = visit()
    visiting.value(_WATCH)
    visiting.ask(GERMAN)
    assert visiting.value("came.splice(0)")[0] == "alone"
    visiting.page.locator(".opener").click()
    visiting.page.get_by_label("Antworten erst zeigen, wenn sie vollständig sind").check()
    visiting.ask(GERMAN)
    assert visiting.value("came") == ["whole"]


def test_the_text_grows_to_twice_its_size_and_shrinks_again(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.locator(".opener").click()
    larger = visiting.page.get_by_role("button", name="Schrift größer")
    smaller = visiting.page.get_by_role("button", name="Schrift kleiner")
    expect(smaller).to_have_attribute("aria-disabled", "true")
    size = visiting.question.evaluate("(question) => parseFloat(getComputedStyle(question).fontSize)")
    for factor in (1.25, 1.5, 2):
        larger.click()
        expect(larger).to_be_focused()
        expect(visiting.question).to_have_css("font-size", f"{size * factor:g}px")
    expect(larger).to_have_attribute("aria-disabled", "true")
    larger.press("Enter")
    smaller.click()
    expect(visiting.question).to_have_css("font-size", f"{size * 1.5:g}px")


def test_another_language_changes_every_text_its_direction_and_nothing_that_was_written(visit: Visiting) -> None:
    visiting = visit()
    page = visiting.page
    visiting.question.fill("Entwurf")
    for language, direction in (("ar", "rtl"), ("uk", "ltr"), ("de", "ltr")):
        visiting.choose(language)
        expect(page.locator(".frame")).to_have_attribute("dir", direction)
        expect(page.locator(".frame")).to_have_css("direction", direction)
        profile = httpx.get(f"{visiting.address}/v1/municipalities/neckarfurt", params={"language": language}).json()
        texts = profile["texts"]
        expect(page.locator("#title")).to_have_text(texts["title"])
        for node, key in ((".ai >> nth=0", "ai"), (".invented", "demonstration"), (".welcome p >> nth=0", "intro")):
            expect(page.locator(node)).to_have_text(texts[key])
        expect(page.get_by_role("textbox", name=texts["label"], exact=True)).to_have_value("Entwurf")
        for key in ("send", "person", "settings", "smaller", "larger", "erase"):
            expect(page.get_by_role("button", name=texts[key], exact=True)).to_be_visible()
        for key in ("plain", "at_once"):
            expect(page.get_by_role("checkbox", name=texts[key], exact=True)).to_be_visible()


def test_every_language_is_offered_under_its_own_name(visit: Visiting) -> None:
    offered = visit().page.locator("#language option")
    names = {one.get_attribute("value"): one.text_content() for one in offered.all()}
    assert names == {code: replies(code).tables["language"]["name"] for code in languages()}


def test_suggestions_are_in_the_language_of_the_page_where_there_are_some(visit: Visiting) -> None:
    visiting = visit()
    suggestions = visiting.page.locator(".suggestions")
    english = "How do I exchange my driving licence?"
    expect(suggestions).to_contain_text(GERMAN)
    expect(suggestions).not_to_contain_text(english)
    visiting.choose("en")
    expect(suggestions).to_contain_text(english)
    expect(suggestions).not_to_contain_text(GERMAN)


def test_a_visitor_whose_browser_speaks_arabic_gets_the_arabic_page(visit: Visiting) -> None:
    visiting = visit(language="ar")
    expect(visiting.page.locator(".frame")).to_have_attribute("dir", "rtl")
    expect(visiting.page.get_by_role("button", name="إرسال السؤال")).to_be_visible()
