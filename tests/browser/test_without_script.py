"""The page as browsers without JavaScript show it: everything by forms and links."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis?"
ARABIC = "كيف أطلب بطاقة هوية؟"
Bare = Callable[..., Visit]


@pytest.fixture
def bare(visit: Visiting) -> Bare:
    """Opens a page of the service in a browser without JavaScript."""

    def opened(address: str | None = None, **wishes: object) -> Visit:
        return visit(address, ready="main", java_script_enabled=False, **wishes)

    return opened


def ask(visiting: Visit, question: str) -> Locator:
    """Sends the form; the article of the answer."""
    visiting.page.get_by_role("textbox").fill(question)
    visiting.page.locator("button[type=submit]").click()
    return visiting.page.get_by_role("article")


def sentences(answer: Locator) -> Locator:
    """The sentences of an answer that cite something."""
    return answer.locator("p:has(a[href^='#source-'])")


def test_a_question_is_answered_with_sources_that_its_numbers_lead_to(bare: Bare) -> None:
    visiting = bare()
    page = visiting.page
    assert page.url == f"{visiting.address}/m/neckarfurt"
    for said in ("Ich bin ein automatischer Assistent (KI) und kein Mensch.", "Die Stadt Neckarfurt ist erfunden."):
        expect(page.get_by_text(said)).to_be_in_viewport()
    answer = ask(visiting, GERMAN)
    expect(answer.locator(".asked")).to_contain_text(GERMAN)
    expect(answer).to_contain_text("Das steht dazu in den Seiten für Neckarfurt:")
    expect(sentences(answer)).not_to_have_count(0)
    numbers = answer.locator("a[href^='#source-']")
    for number in numbers.all():
        source = answer.locator(number.get_attribute("href") or "")
        expect(source.locator("blockquote")).not_to_be_empty()
        expect(source.get_by_role("link")).to_have_attribute(
            "href", "https://www.neckarfurt.example/de/personalausweis"
        )
        expect(source).to_contain_text("Stand: 2026-11-02")
    page.set_viewport_size({"width": 600, "height": 300})
    expect(numbers.first).to_have_accessible_name("Quelle 1")
    numbers.first.click()
    expect(answer.locator("#source-1")).to_be_in_viewport()
    expect(answer.get_by_role("link", name="Anrufen: 069 90009 110")).to_have_attribute("href", "tel:06990009110")
    assert visiting.strangers() == []
    assert visiting.errors == []
    assert visiting.context.cookies() == []


def test_a_second_question_can_be_asked_at_once_and_a_suggestion_asks_itself(bare: Bare) -> None:
    visiting = bare()
    visiting.page.get_by_role("button", name=GERMAN).click()
    expect(visiting.page.locator(".asked")).to_contain_text(GERMAN)
    expect(visiting.page.get_by_role("textbox")).to_have_value("")
    answer = ask(visiting, "Was kostet ein Reisepass?")
    expect(answer).to_contain_text("70,00 Euro")
    expect(visiting.page.get_by_role("button", name=GERMAN)).to_have_count(0)


def test_plain_language_can_be_asked_for(bare: Bare) -> None:
    visiting = bare()
    visiting.page.get_by_label("Einfache Sprache").check()
    answer = ask(visiting, "Was kostet ein Reisepass?")
    # Without a model the pages are quoted as they are, and that is said.
    expect(answer).to_contain_text("Diese Antwort gibt es gerade nicht in Einfacher Sprache.")


def test_a_language_is_chosen_by_a_link_and_the_answer_comes_in_it(bare: Bare) -> None:
    visiting = bare()
    page = visiting.page
    languages = page.get_by_role("navigation").get_by_role("link")
    expect(languages).to_have_count(29)
    expect(languages.and_(page.locator("[aria-current]"))).to_have_text("Deutsch")
    page.get_by_role("link", name="العربية").click()
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "ar")
    expect(html).to_have_attribute("dir", "rtl")
    expect(page.locator("form").first).to_have_css("direction", "rtl")
    answer = ask(visiting, ARABIC)
    expect(html).to_have_attribute("lang", "ar")
    expect(sentences(answer)).not_to_have_count(0)
    for sentence in sentences(answer).all():
        expect(sentence).to_have_attribute("lang", "ar")
        expect(sentence).to_have_css("direction", "rtl")
    page.get_by_role("link", name="Deutsch").click()
    expect(html).to_have_attribute("dir", "ltr")


def test_the_language_is_that_of_the_browser_and_a_question_in_another_is_answered_in_it(bare: Bare) -> None:
    visiting = bare(language="uk-UA")
    expect(visiting.page.locator("html")).to_have_attribute("lang", "uk")
    answer = ask(visiting, GERMAN)
    expect(visiting.page.locator("html")).to_have_attribute("lang", "uk")
    expect(sentences(answer).first).to_have_attribute("lang", "de")


def test_a_place_that_is_not_known_is_said_in_several_languages(bare: Bare) -> None:
    visiting = bare()
    answered = visiting.page.goto(f"{visiting.address}/m/nirgendwo")
    assert answered
    assert answered.status == 404
    for said in ("Diesen Ort kennt dieser Assistent nicht.", "does not know this place", "لا يعرف هذا المكان"):
        expect(visiting.page.get_by_text(said)).to_be_visible()
    expect(visiting.page.locator("form, amtslotse-chat")).to_have_count(0)
    expect(visiting.page.locator("body")).not_to_contain_text("Neckarfurt")


def test_the_statement_on_accessibility_is_one_link_away_and_leads_back(bare: Bare) -> None:
    visiting = bare(language="fr")
    page = visiting.page
    statement = page.locator("a[href*='accessibility']")
    statement.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("WCAG 2.2")
    expect(page.locator("main")).not_to_contain_text("{")
    page.get_by_role("link", name="Neckarfurt").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("textbox")).to_be_visible()


def test_the_keyboard_goes_through_the_page_in_the_order_of_its_reading(bare: Bare) -> None:
    visiting = bare()
    page = visiting.page
    reached = []
    for _ in range(7):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport(ratio=1)
        expect(focused).to_have_css("outline-style", "solid")
        reached.append(focused.get_attribute("name") or focused.inner_text())
    suggested = page.locator("button[name=question]").all_inner_texts()
    assert len(suggested) == 3
    assert reached == ["question", "plain", "Frage stellen", *["question"] * len(suggested), "Deutsch"]
    page.get_by_role("textbox").focus()
    page.keyboard.type("Was kostet ein Reisepass?")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("70,00 Euro")


@pytest.mark.parametrize(("language", "question"), [("de", GERMAN), ("ar", ARABIC)], ids=["de", "ar"])
def test_nothing_is_wider_than_320_pixels(bare: Bare, language: str, question: str) -> None:
    visiting = bare(language=language, size=(320, 640))
    for _ in range(2):
        assert visiting.value("document.documentElement.scrollWidth") <= 320
        assert visiting.value(BEYOND) == []
        small = visiting.page.locator("button, textarea, .languages a").evaluate_all(
            "(nodes) => nodes.filter((node) => node.getBoundingClientRect().height < 24).map((node) => node.outerHTML)"
        )
        assert small == []
        ask(visiting, question)


BEYOND = """[...document.querySelectorAll("main *:not(.hidden)")].filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width && (box.left < 0 || box.right > 320);
}).map((node) => node.outerHTML.slice(0, 80))"""


@pytest.fixture
def narrow(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A second process of the service that answers one question at a time."""
    monkeypatch.setenv("AMTSLOTSE_CONCURRENCY", "1")
    process = Service(service.data_dir).start()
    yield process
    process.stop()


def test_a_busy_service_says_so_and_the_question_is_kept(bare: Bare, narrow: Service) -> None:
    visiting = bare(narrow.address)
    asked = {"municipality": "neckarfurt", "question": GERMAN}
    stream = {"Accept": "text/event-stream"}
    # A stream notes in the database that it has begun, and has to wait for that here.
    with (
        closing(sqlite3.connect(narrow.data_dir / "amtslotse.sqlite", isolation_level=None)) as database,
        httpx.Client(base_url=narrow.address, timeout=30) as other,
    ):
        database.execute("BEGIN IMMEDIATE")
        with other.stream("POST", "/v1/answers", json=asked, headers=stream):
            visiting.page.get_by_role("textbox").fill("Was kostet ein Reisepass?")
            with visiting.page.expect_response("**/m/neckarfurt**") as answered:
                visiting.page.locator("button[type=submit]").click()
            database.execute("ROLLBACK")
    assert answered.value.status == 503
    said = "Gerade fragen sehr viele Menschen. Bitte versuchen Sie es gleich noch einmal."
    expect(visiting.page.get_by_role("alert")).to_contain_text(said)
    expect(visiting.page.get_by_role("textbox")).to_have_value("Was kostet ein Reisepass?")
    visiting.page.locator("button[type=submit]").click()
    expect(visiting.page.get_by_role("article")).to_contain_text("70,00 Euro")
