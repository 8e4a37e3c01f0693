"""Asking and being answered, as citizens meet it: in Debian's Chromium, against the real service."""

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit
from tests.browser.wire import wire

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis?"
UKRAINIAN = "Як отримати посвідчення особи?"
ARABIC = "كيف أطلب بطاقة هوية؟"

# The numbers in a text, and on how many lines each of them stands.
_LINES = """
(answer) => {
  const texts = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT), found = {};
  while (texts.nextNode())
    for (const number of texts.currentNode.textContent.matchAll(/\\d(?:[\\d\\s]*\\d)/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, number.index);
      range.setEnd(texts.currentNode, number.index + number[0].length);
      const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      const name = number[0].replace(/\\s/g, " ");
      found[name] = Math.max(found[name] ?? 0, tops.size);
    }
  return found;
}
"""

# Keeps every text that stood in the line of the status.
_WATCH = """
() => {
  window.told = [];
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) told.push(node.data);
  }).observe(document.querySelector("amtslotse-chat").shadowRoot.querySelector(".status"), { childList: true });
}
"""


@pytest.fixture(scope="module")
def answered(browser: Browser, service: Service) -> Iterator[Visit]:
    """A visit with one German answer, for those who only look at it."""
    visiting = Visit(browser, service.address)
    visiting.ask(GERMAN)
    yield visiting
    visiting.close()


# --- An answer


def test_the_address_of_the_service_leads_to_its_first_municipality(answered: Visit) -> None:
    assert answered.page.url == f"{answered.address}/m/neckarfurt"


def test_every_sentence_cites_a_quote_with_its_page_and_its_date(answered: Visit) -> None:
    answer = answered.answers.first
    expect(answer.locator(".sentence")).not_to_have_count(0)
    answered.unfold()
    for sentence in answer.locator(".sentence").all():
        expect(sentence.locator(".number")).not_to_have_count(0)
    for number in answer.locator(".number").all():
        source = answer.locator(f".sources li[value='{number.inner_text()}']")
        expect(source.locator(".path")).to_contain_text("Personalausweis beantragen › ")
        expect(source.locator("blockquote")).not_to_be_empty()
        expect(source).to_contain_text("Stand: 2. November 2026")
        link = source.get_by_role("link", name="Zur Seite (öffnet eine neue Seite)")
        expect(link).to_have_attribute("href", "https://www.neckarfurt.example/de/personalausweis")


def test_a_number_opens_its_quote_and_brings_the_focus_to_it(answered: Visit) -> None:
    answer = answered.answers.first
    answer.locator(".sources").evaluate("(sources) => { sources.open = false; }")
    number = answer.locator(".number").last
    number.click()
    quote = answer.locator(f".sources li[value='{number.inner_text()}']")
    expect(quote).to_be_focused()
    expect(quote.locator("blockquote")).to_be_in_viewport()


def test_an_answer_offers_the_links_that_lead_on(answered: Visit) -> None:
    actions = answered.answers.first.locator(".actions")
    expect(actions.get_by_role("link", name="Termin online buchen")).to_have_attribute(
        "href", "https://www.neckarfurt.example/de/termine"
    )
    expect(actions.get_by_role("link", name="Anrufen: 069 90009 110")).to_have_attribute("href", "tel:06990009110")


def test_the_card_says_what_it_costs_what_to_bring_and_where(answered: Visit) -> None:
    card = answered.answers.first.locator("details.card")
    answered.unfold()
    for said in ("46,00 Euro ab 24 Jahren", "etwa zwei bis drei Wochen", "Bürgerbüro Neckarfurt", "Mo–Fr 8–12 Uhr"):
        expect(card.get_by_text(said).first).to_be_visible()
    expect(card.locator("a[href^='tel:']")).to_have_attribute("href", "tel:06990009110")
    to_bring = card.get_by_label("ein digitales biometrisches Passfoto")
    expect(to_bring).not_to_be_checked()
    to_bring.check()
    expect(to_bring).to_be_checked()


def test_the_way_to_the_office_is_searched_on_a_map_that_is_not_told_where_from(answered: Visit) -> None:
    answered.unfold()
    link = answered.answers.first.get_by_role("link", name="Auf der Karte suchen")
    target = unquote(link.get_attribute("href") or "")
    assert target == "https://www.openstreetmap.org/search?query=Rathausplatz 1, 74999 Neckarfurt"
    expect(link).to_have_attribute("target", "_blank")
    assert "noreferrer" in (link.get_attribute("rel") or "").split()


def test_a_person_is_named_without_asking_the_service(answered: Visit) -> None:
    before = len(answered.requests)
    answered.page.get_by_role("button", name="Mit einem Menschen sprechen").click()
    person = answered.answers.last
    expect(person).to_contain_text("Bürgertelefon Neckarfurt")
    expect(person).to_contain_text("Mo–Fr 8–18 Uhr")
    expect(person.get_by_role("link", name="115")).to_have_attribute("href", "tel:115")
    expect(person.locator(":focus")).to_have_text("Mit einem Menschen sprechen")
    expect(person).to_be_in_viewport()
    assert len(answered.requests) == before


def test_pages_that_may_help_are_offered_once_each_as_links(visit: Visiting) -> None:
    answer = visit().ask("wo bekomme ich einen Jagdschein?")
    links = answer.locator(".actions").first.get_by_role("link")
    expect(links).not_to_have_count(0)
    expect(answer.get_by_text("Vielleicht hilft Ihnen eine dieser Seiten:", exact=True)).to_be_visible()
    said = answer.inner_text()
    labels = [link.evaluate("(link) => link.firstChild.textContent") for link in links.all()]
    assert [label for label in labels if said.count(label) != 1] == []


# --- Languages of answers


@pytest.mark.parametrize(
    ("question", "language", "direction"), [(UKRAINIAN, "uk", "ltr"), (ARABIC, "ar", "rtl")], ids=["uk", "ar"]
)
def test_an_answer_has_the_language_of_its_question_on_a_german_page(
    visit: Visiting, question: str, language: str, direction: str
) -> None:
    visiting = visit()
    answer = visiting.ask(question)
    visiting.unfold()
    expect(visiting.page.locator(".frame")).to_have_attribute("lang", "de")
    marked = answer.locator(".sentence, blockquote, .outcome, .path")
    expect(answer.locator("blockquote")).not_to_have_count(0)
    expect(answer.locator(".sentence")).not_to_have_count(0)
    for text in marked.all():
        expect(text).to_have_attribute("lang", language)
        expect(text).to_have_attribute("dir", direction)
        expect(text).to_have_css("direction", direction)
    if language == "ar":
        unmarked = answer.evaluate(
            """(answer) => {
              const texts = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT), found = [];
              while (texts.nextNode()) {
                const { textContent, parentElement } = texts.currentNode;
                if (/[\\u0600-\\u06ff]/.test(textContent) && parentElement.closest("[lang]").lang !== "ar")
                  found.push(textContent);
              }
              return found;
            }"""
        )
        assert unmarked == []
    # What the page itself says is German, and is marked so.
    expect(answer.get_by_text("Stand:")).not_to_have_count(0)
    expect(answer.locator(f"[lang={language}]", has_text="Stand:")).to_have_count(0)


def test_a_word_that_could_be_of_any_language_is_answered_in_the_one_of_the_page(visit: Visiting) -> None:
    visiting = visit()
    visiting.choose("tr")
    expect(visiting.ask("merhaba")).to_contain_text("Merhaba!")
    expect(visiting.ask(GERMAN).locator(".sentence").first).to_have_attribute("lang", "de")


# --- A crisis


@pytest.mark.parametrize(
    ("language", "violence", "suicide"),
    [("de", "Mein Mann schlägt mich", "Ich will nicht mehr leben"), ("ar", "زوجي يضربني", "أريد أن أموت")],
    ids=["de", "ar"],
)
def test_in_a_crisis_the_numbers_come_first_and_are_never_torn_apart(
    visit: Visiting, language: str, violence: str, suicide: str
) -> None:
    visiting = visit(language=language)
    for question, numbers in (
        (violence, ["112", "110", "116016"]),
        (suicide, ["112", "110", "08001110111", "116123"]),
    ):
        links = visiting.ask(question).locator("a")
        targets = [link.get_attribute("href") for link in links.all()]
        assert targets[: len(numbers)] == [f"tel:{number}" for number in numbers]
    for width in (320, 344, 360, 375, 390, 412):
        visiting.page.set_viewport_size({"width": width, "height": 800})
        lines = visiting.answers.last.evaluate(_LINES)
        assert {"112", "110", "0800 111 0 111", "116 123"} <= set(lines)
        assert [(width, number) for number, count in lines.items() if count != 1] == []


# --- Going on


def test_a_suggestion_asks_itself_and_a_follow_up_is_understood(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.get_by_role("button", name=GERMAN).click()
    expect(visiting.answer().locator(".sentence")).not_to_have_count(0)
    expect(visiting.question).to_be_focused()
    expect(visiting.ask("Und wie lange dauert das?")).to_contain_text("zwei bis drei Wochen")
    expect(visiting.answers).to_have_count(2)


def test_an_answer_can_be_asked_for_again(visit: Visiting) -> None:
    visiting = visit()
    first = visiting.ask("Was kostet ein Reisepass?").locator(".sentence").all_inner_texts()
    visiting.page.get_by_role("button", name="Noch einmal fragen").click()
    expect(visiting.messages).to_have_count(4)
    assert visiting.answer().locator(".sentence").all_inner_texts() == first != []
    expect(visiting.log.locator("article.user").last).to_contain_text("Was kostet ein Reisepass?")


def test_what_is_being_written_stays_when_a_suggestion_is_asked_instead(visit: Visiting) -> None:
    visiting = visit()
    visiting.question.fill("Entwurf")
    visiting.page.get_by_role("button", name=GERMAN).click()
    expect(visiting.answer().locator(".sentence")).not_to_have_count(0)
    expect(visiting.question).to_have_value("Entwurf")


def test_while_waiting_it_is_said_in_words_what_is_being_done(visit: Visiting) -> None:
    visiting = visit()
    visiting.value(_WATCH)
    visiting.ask(GERMAN)
    assert visiting.value("told") == [
        "Ihre Frage wird gesendet …",
        "Ich lese Ihre Frage …",
        "Ich suche in den Seiten für Neckarfurt …",
        "Ich prüfe die Antwort an der Quelle …",
    ]
    expect(visiting.page.locator(".status")).to_be_empty()


def test_what_is_typed_while_an_answer_comes_is_kept_and_not_sent(visit: Visiting, service: Service) -> None:
    with wire(service.port) as line:
        visiting = visit(line.address)
        line.hold_before("event: answer")
        visiting.question.fill(GERMAN)
        visiting.question.press("Enter")
        line.wait()
        visiting.question.fill("Und was kostet das?")
        visiting.question.press("Enter")
        expect(visiting.page.locator("article[aria-busy=true]")).to_have_count(1)
        line.release()
        visiting.answer()
        expect(visiting.question).to_have_value("Und was kostet das?")
        expect(visiting.messages).to_have_count(2)
        assert len([one for one in visiting.requests if one.url.endswith("/messages")]) == 1


@pytest.mark.parametrize("until", ["HTTP/1.1 201", "event: answer"], ids=["at-the-door", "in-the-middle"])
def test_a_stopped_answer_gives_the_question_back_to_be_changed(visit: Visiting, service: Service, until: str) -> None:
    with wire(service.port) as line:
        visiting = visit(line.address)
        line.hold_before(until)
        visiting.question.fill(GERMAN)
        visiting.question.press("Enter")
        line.wait()
        visiting.question.fill("Danke")
        visiting.page.get_by_role("button", name="Abbrechen").click()
        expect(visiting.question).to_have_value(f"{GERMAN}\nDanke")
        expect(visiting.question).to_be_focused()
        expect(visiting.messages).to_have_count(0)
        stopped = "Abgebrochen. Ihre Frage steht wieder im Eingabefeld."
        expect(visiting.page.locator(".status")).to_have_text(stopped)
        expect(visiting.status).to_have_text(stopped)
        line.release()
        expect(visiting.ask(GERMAN).locator(".sentence")).not_to_have_count(0)
        assert visiting.errors == []
