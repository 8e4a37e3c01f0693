"""What can be done with an answer: copy, print, save, hear and rate it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis? <b>Danke</b>"
ARABIC = "كيف أطلب بطاقة هوية؟"
PAGE = "https://www.neckarfurt.example/de/personalausweis"

# In every frame: what would be printed is kept in the page. What would be read aloud waits in a queue; as in Chromium,
# only the utterance that is being spoken hears of it when all are cancelled.
_DEVICES = """
window.print = () => {
  const main = document.querySelector("main");
  (top.printed ??= []).push({
    text: main?.textContent, lang: main?.lang, title: document.title, sheets: document.adoptedStyleSheets.length,
  });
  dispatchEvent(new Event("afterprint"));
};
window.spoken = [];
speechSynthesis.speak = (utterance) => { spoken.push(utterance); };
speechSynthesis.cancel = () => {
  const [speaking] = spoken.splice(0);
  setTimeout(() => speaking?.onerror?.());
};
window.finish = () => { while (spoken.length) spoken.shift().onend?.(); };
"""


@pytest.fixture(scope="module")
def answered(browser: Browser, service: Service) -> Iterator[Visit]:
    """A visit with a German answer and an Arabic one below it."""
    visiting = Visit(browser, service.address, permissions=["clipboard-read", "clipboard-write"], timezone_id="UTC")
    visiting.context.add_init_script(_DEVICES)
    visiting.page.reload()
    visiting.ask(GERMAN)
    visiting.ask(ARABIC)
    yield visiting
    visiting.close()


def test_what_is_copied_has_the_answer_and_its_sources(answered: Visit) -> None:
    answer = answered.answers.first
    answer.get_by_role("button", name="Kopieren").click()
    expect(answer.get_by_role("button", name="Kopiert.")).to_be_visible()
    expect(answered.status).to_have_text("Kopiert.")
    copied = answered.value("navigator.clipboard.readText()")
    assert sentence(answered) in copied
    assert f"\n[1] Personalausweis beantragen – {PAGE}" in copied
    expect(answer.get_by_role("button", name="Kopieren")).to_be_visible()


@pytest.mark.parametrize(
    "clipboard",
    ["undefined", "{ writeText: () => Promise.reject(new DOMException('not here', 'NotAllowedError')) }"],
    ids=["http", "frame"],
)
def test_it_is_copied_where_the_clipboard_is_not_given_to_the_page(answered: Visit, clipboard: str) -> None:
    answered.value("navigator.clipboard.writeText('nothing')")
    answered.value(f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard}, configurable: true }})")
    try:
        copy = answered.answers.first.locator(".tools button").first
        copy.click()
        expect(copy).to_be_focused()
    finally:
        answered.value("delete navigator.clipboard")
    assert sentence(answered) in answered.value("navigator.clipboard.readText()")
    expect(answered.answers.first.locator("textarea")).to_have_count(0)


def test_what_is_printed_has_question_answer_sources_and_where_they_stand(answered: Visit) -> None:
    answered.answers.first.get_by_role("button", name="Drucken").click()
    printed = answered.value("printed.pop()")
    for said in (
        "Dies ist eine automatische Auskunft und kein Bescheid.",
        f"Erstellt am {written(today())}",
        "Nummer der Auskunft: ",
        GERMAN,
        f"{sentence(answered)} [1]",
        "☐ ein digitales biometrisches Passfoto",
        "[1] Personalausweis beantragen",
        f"Stand: 2. November 2026 · neckarfurt, Fassung 1 · {PAGE}",
        "Bürgerbüro Neckarfurt, 069 90009 110",
    ):
        assert said in printed["text"]
    assert (printed["title"], printed["lang"], printed["sheets"]) == ("Auskunft von Neckarfurt", "de", 1)
    # Nothing of it stays in the town's page.
    expect(answered.page.locator("iframe")).to_have_count(0)


def test_what_is_saved_reads_the_same_without_the_service(answered: Visit, browser: Browser, tmp_path: Path) -> None:
    answered.answers.first.get_by_role("button", name="Drucken").click()
    printed = answered.value("printed.pop()")["text"]
    with answered.page.expect_download() as download:
        answered.answers.first.get_by_role("button", name="Speichern").click()
    assert download.value.suggested_filename == f"neckarfurt-{today().isoformat()}.html"
    download.value.save_as(tmp_path / "saved.html")
    context = browser.new_context(offline=True, java_script_enabled=False)
    saved = context.new_page()
    asked: list[str] = []
    saved.on("request", lambda request: asked.append(request.url))
    saved.goto((tmp_path / "saved.html").as_uri())
    expect(saved).to_have_title("Auskunft von Neckarfurt")
    assert saved.locator("main").text_content() == printed
    expect(saved.locator("blockquote").first).to_have_css("white-space", "pre-line")
    # The question is text here too.
    expect(saved.locator("main b, script, img, link")).to_have_count(0)
    assert len(asked) == 1
    context.close()


def test_an_arabic_answer_is_taken_along_as_arabic(answered: Visit, browser: Browser, tmp_path: Path) -> None:
    with answered.page.expect_download() as download:
        answered.answers.last.get_by_role("button", name="Speichern").click()
    download.value.save_as(tmp_path / "saved.html")
    context = browser.new_context(offline=True)
    saved = context.new_page()
    saved.goto((tmp_path / "saved.html").as_uri())
    expect(saved.locator("html")).to_have_attribute("lang", "ar")
    expect(saved.locator("blockquote").first).to_have_attribute("lang", "ar")
    for text in saved.locator("p", has_text="[1").all():
        expect(text).to_have_css("direction", "rtl")
    expect(saved.get_by_role("heading", name="Quellen")).to_have_css("direction", "ltr")
    context.close()


def test_every_sentence_is_read_aloud_in_its_language(answered: Visit) -> None:
    tools = answered.answers.last.locator(".tools")
    tools.get_by_role("button", name="Vorlesen").click()
    said = answered.value("spoken.map(({ text, lang }) => [text, lang])")
    shown = answered.answers.last.locator(".outcome, .sentence")
    texts = [text.evaluate("(text) => text.firstChild.textContent.trim()") for text in shown.all()]
    assert said == [[text, "ar"] for text in texts]
    assert len(said) > 1
    expect(tools.get_by_role("button", name="Vorlesen beenden")).to_be_focused()
    answered.value("finish()")
    expect(tools.get_by_role("button", name="Vorlesen", exact=True)).to_be_focused()


def test_reading_ends_with_a_second_click_and_can_begin_again(answered: Visit) -> None:
    tools = answered.answers.last.locator(".tools")
    for _ in range(2):
        tools.get_by_role("button", name="Vorlesen", exact=True).click()
        assert answered.value("spoken.length") > 1
        tools.get_by_role("button", name="Vorlesen beenden").click()
        assert answered.value("spoken.length") == 0
        expect(tools.get_by_role("button", name="Vorlesen", exact=True)).to_be_visible()


def test_two_answers_are_not_read_at_the_same_time(answered: Visit) -> None:
    first, last = answered.answers.first.locator(".tools"), answered.answers.last.locator(".tools")
    last.get_by_role("button", name="Vorlesen").click()
    first.get_by_role("button", name="Vorlesen").click()
    assert answered.value("[...new Set(spoken.map(({ lang }) => lang))]") == ["de"]
    expect(first.get_by_role("button", name="Vorlesen beenden")).to_be_visible()
    expect(last.get_by_role("button", name="Vorlesen", exact=True)).to_be_visible()
    answered.value("finish()")


def test_what_is_erased_is_not_read_on(visit: Visiting) -> None:
    visiting = visit()
    visiting.context.add_init_script(_DEVICES)
    visiting.page.reload()
    visiting.ask("Was kostet ein Reisepass?").get_by_role("button", name="Vorlesen").click()
    assert visiting.value("spoken.length") > 1
    visiting.erase()
    expect(visiting.messages).to_have_count(0)
    assert visiting.value("spoken.length") == 0


# --- Whether it helped


def test_a_helpful_answer_is_thanked_for_and_the_word_arrives(answered: Visit, service: Service) -> None:
    helpful = answered.answers.last.get_by_role("group", name="War das hilfreich?")
    with answered.page.expect_response("**/feedback") as response:
        helpful.get_by_role("button", name="Ja").click()
    expect(helpful.get_by_text("Danke für Ihre Rückmeldung.")).to_be_focused()
    expect(helpful.get_by_role("button")).to_have_count(0)
    assert rated(service, response.value.url) == {"rating": "helpful", "reasons": [], "comment": ""}


def test_why_an_answer_did_not_help_arrives_although_the_first_attempt_fails(answered: Visit, service: Service) -> None:
    page = answered.page
    page.route("**/feedback", lambda route: route.fulfill(status=503, json={}))
    helpful = answered.answers.first.get_by_role("group", name="War das hilfreich?")
    helpful.get_by_role("button", name="Nein").click()
    expect(helpful.get_by_text("Was hat nicht gepasst?")).to_be_focused()
    helpful.get_by_label("Etwas fehlt").check()
    helpful.get_by_label("Schwer zu verstehen").check()
    helpful.get_by_label("Anmerkung (bitte nichts Persönliches)").fill("Wo ist das?\nAnrufen: 0176 12345678")
    helpful.get_by_role("button", name="Absenden").click()
    failed = "Die Rückmeldung konnte gerade nicht gesendet werden. Bitte versuchen Sie es noch einmal."
    expect(helpful.get_by_text(failed)).to_be_visible()
    expect(answered.status).to_have_text(failed)
    page.unroute("**/feedback")
    with page.expect_response("**/feedback") as response:
        helpful.get_by_role("button", name="Absenden").click()
    expect(helpful.get_by_text("Danke für Ihre Rückmeldung.")).to_be_focused()
    row = rated(service, response.value.url)
    assert (row["rating"], row["reasons"]) == ("not_helpful", ["incomplete", "unclear"])
    assert row["comment"].startswith("Wo ist das? Anrufen: ")
    assert "12345678" not in row["comment"]


def sentence(visiting: Visit) -> str:
    """The first cited sentence, without its numbers."""
    return str(visiting.answers.first.locator(".sentence").first.evaluate("(one) => one.firstChild.textContent.trim()"))


def rated(service: Service, address: str) -> dict[str, Any]:
    """What the service has kept of an answer's feedback."""
    with closing(sqlite3.connect(service.data_dir / "amtslotse.sqlite")) as database:
        rating, reasons, comment = database.execute(
            "SELECT rating, reasons, comment FROM feedback WHERE answer = ?", [address.split("/")[-2]]
        ).fetchone()
    return {"rating": rating, "reasons": json.loads(reasons), "comment": comment}


def today() -> date:
    """The day on the service's clock."""
    return datetime.now(UTC).date()


def written(day: date) -> str:
    """A day as the German page has it."""
    months = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober")
    return f"{day.day}. {(*months, 'November', 'Dezember')[day.month - 1]} {day.year}"
