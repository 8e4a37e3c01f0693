"""Much at once: long questions, long conversations, long words, and scripts that run against each other."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service

pytestmark = pytest.mark.browser

PASSPORT = "Was kostet ein Reisepass?"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
FAMILY = "👨‍👩‍👧‍👦 👩🏽‍🦽 😀"
MIXED = "Das heißt مكتب المواطنين (Bürgerbüro 2) und nicht anders"
_SIDEWAYS = """
() => [document.documentElement, ...document.querySelector("amtslotse-chat").shadowRoot.querySelectorAll("*")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 1
    && getComputedStyle(node).display !== "inline" && getComputedStyle(node).clipPath === "none")
  .map((node) => `${node.localName}.${node.className} ${node.scrollWidth} > ${node.clientWidth}`)
"""
# How long it takes from an input until it is seen: the next frame but one after the browser has noticed it.
_TIMES = """
() => {
  window.times = [];
  for (const kind of ["keydown", "input"])
    addEventListener(kind, (event) => requestAnimationFrame(() => requestAnimationFrame(() =>
      times.push(performance.now() - event.timeStamp))), true);
}
"""


def test_what_is_pasted_beyond_the_limit_is_kept_and_said_to_be_too_long(visit: Visiting) -> None:
    visiting = visit()
    too_long = "Die Frage ist zu lang. Bitte kürzen Sie sie auf 2000 Zeichen."
    words = "Personalausweis " * 200
    visiting.question.fill(words)
    expect(visiting.question).to_have_value(words)
    expect(visiting.page.locator(".status")).to_have_text(too_long)
    expect(visiting.status).to_have_text(too_long)
    visiting.question.press("Enter")
    expect(visiting.messages).to_have_count(0)
    expect(visiting.question).to_have_value(words)
    # An emoji counts once, as the service counts it.
    visiting.question.fill("😀" * 2000)
    expect(visiting.page.locator(".status")).to_be_empty()
    visiting.question.fill(PASSPORT)
    visiting.question.press("Enter")
    expect(visiting.answer().locator(".sentence")).not_to_have_count(0)
    assert len([one for one in visiting.requests if one.url.endswith("/messages")]) == 1


def test_a_conversation_of_two_hundred_messages_stays_quick(visit: Visiting, service: Service) -> None:
    visiting = visit()
    visiting.ask(PASSPORT)
    conversation = json.loads(visiting.value("sessionStorage['amtslotse:neckarfurt']"))["conversation"]["id"]
    columns = "conversation, role, text, answer, created_at"
    with closing(sqlite3.connect(service.data_dir / "amtslotse.sqlite")) as database, database:
        said = database.execute(f"SELECT {columns} FROM messages WHERE conversation = ? ORDER BY id", [conversation])
        database.executemany(f"INSERT INTO messages ({columns}) VALUES (?, ?, ?, ?, ?)", said.fetchall() * 99)
    visiting.page.reload()
    expect(visiting.messages).to_have_count(200)
    expect(visiting.answers.last).to_be_in_viewport()
    visiting.value(_TIMES)
    visiting.question.press_sequentially(PASSPORT)
    visiting.question.press("Enter")
    expect(visiting.messages).to_have_count(202)
    assert len(visiting.value("times")) > 20
    assert max(visiting.value("times")) < 1000
    expect(visiting.answer().locator(".sentence")).not_to_have_count(0)
    expect(visiting.log.locator("article.user").last).to_be_in_viewport()
    expect(visiting.question).to_be_focused()
    # Nor is it slower to look something up in it.
    visiting.answers.last.locator(".number").first.click()
    expect(visiting.answers.last.locator(".sources li:focus")).to_be_in_viewport()


def test_long_words_emoji_and_two_directions_break_nothing_and_are_shown_as_written(
    visit: Visiting, service: Service, tmp_path: Path
) -> None:
    page = tmp_path / "luftschiff.md"
    page.write_text(_AIRSHIP, encoding="utf-8")
    service.run("corpus", "import", str(page), "--corpus", "luftschiff", "--language", "de", "--publish")
    service.run("municipality", "add", "luftschiff", "--corpus", "luftschiff")
    question = f"Wie melde ich ein Luftschiff an? {FAMILY} {LONG} {MIXED}"
    visiting = visit(f"{service.address}/m/luftschiff", size=(320, 800))
    expect(visiting.page.locator("#title")).to_have_text("Fragen an luftschiff")
    answer = visiting.ask(question)
    visiting.unfold()
    assert visiting.log.locator("article.user .said").text_content() == question
    for text in (LONG, FAMILY, MIXED):
        expect(answer.locator(".sentence, blockquote, dd").filter(has_text=text).first).to_be_visible()
    for width in (320, 1100):
        visiting.page.set_viewport_size({"width": width, "height": 800})
        assert visiting.value(_SIDEWAYS) == []
    # What runs from right to left does so within its own words only.
    expect(visiting.log.locator("article.user .said")).to_have_css("direction", "ltr")
    assert visiting.errors == []


_AIRSHIP = f"""---
title: "Luftschiff anmelden {LONG}"
language: de
url: https://www.luftschiff.example/de/luftschiff
facts:
  summary: "Ein Luftschiff melden Sie im Luftamt an."
  fees:
    - {{text: "12,00 Euro für das Luftschiff {LONG}", amount: 12.00, currency: EUR}}
  required_documents:
    - "der Luftschein {FAMILY} {LONG}"
  office: {{name: "Luftamt {LONG}", phone: "115", email: "{LONG[:60]}@luftschiff.example"}}
---
Ein Luftschiff melden Sie im Luftamt an. Beim Luftschiff schreiben Sie {LONG} in das Feld für das Luftschiff. Für das
Luftschiff malen Sie {FAMILY} auf die Seite. {MIXED} beim Luftschiff.
"""
