"""What a tab remembers of a conversation, and how it is erased."""

import json
import sqlite3
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit
from tests.browser.wire import wire

pytestmark = pytest.mark.browser

PASSPORT = "Was kostet ein Reisepass?"
ERASED = "Das Gespräch ist gelöscht."
_STORED = """
async () => [
  Object.keys(sessionStorage), Object.keys(localStorage), document.cookie,
  (await indexedDB.databases()).length, (await caches.keys()).length,
]
"""


def test_nothing_is_stored_before_the_first_message_and_then_only_in_the_tab(visit: Visiting) -> None:
    visiting = visit()
    visiting.question.fill("Was kostet")
    visiting.choose("en")
    visiting.page.get_by_role("checkbox", name="Plain language").check()
    visiting.page.get_by_role("button", name="Larger text").click()
    assert visiting.value(_STORED) == [[], [], "", 0, 0]
    visiting.ask(PASSPORT)
    assert visiting.value(_STORED) == [["amtslotse:neckarfurt"], [], "", 0, 0]
    assert visiting.context.cookies() == []
    # Neither a question nor an answer is in it.
    assert "Reisepass" not in visiting.value("sessionStorage['amtslotse:neckarfurt']")


def test_a_reload_brings_everything_back(visit: Visiting, service: Service) -> None:
    visiting = visit()
    page = visiting.page
    visiting.ask(PASSPORT)
    visiting.choose("en")
    page.get_by_role("checkbox", name="Plain language").check()
    page.get_by_role("button", name="Larger text").click()
    size = visiting.question.evaluate("(question) => getComputedStyle(question).fontSize")
    visiting.question.fill("Und wie lange dauert das?")
    answer = visiting.answers.first
    before = answer.locator(".sentence").all_inner_texts()
    page.reload()
    expect(answer.locator(".sentence")).not_to_have_count(0)
    assert answer.locator(".sentence").all_inner_texts() == before
    expect(visiting.log.locator("article.user .said")).to_have_text(PASSPORT)
    expect(visiting.question).to_have_value("Und wie lange dauert das?")
    expect(page.locator(".frame")).to_have_attribute("lang", "en")
    expect(visiting.question).to_have_css("font-size", size)
    page.locator(".opener").click()
    expect(page.get_by_role("checkbox", name="Plain language")).to_be_checked()
    expect(page.get_by_role("button", name="Smaller text")).to_have_attribute("aria-disabled", "false")
    # What was answered before can be opened and rated, and the conversation goes on.
    answer.locator(".number").first.click()
    expect(answer.locator(".sources li:focus")).to_contain_text("70,00 Euro ab 24 Jahren")
    answer.get_by_role("button", name="Yes").click()
    expect(answer.locator(".feedback p:focus")).to_have_text("Thank you for your feedback.")
    visiting.question.press("Enter")
    expect(visiting.answer()).to_contain_text("vier bis sechs Wochen")
    assert len(conversations(visiting)) == 1


def test_an_answer_that_is_not_there_yet_after_a_reload_comes_by_itself(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(PASSPORT)
    address, _ = opened(visiting)
    early: list[str] = []

    def unfinished(route: Route) -> None:
        response = route.fetch()
        said = response.json()
        if not early:
            early.append(said["messages"].pop()["role"])
        route.fulfill(response=response, json=said)

    visiting.page.route(address, unfinished)
    visiting.page.reload()
    expect(visiting.log.locator("article.user .said")).to_have_text(PASSPORT)
    assert early == ["assistant"]
    expect(visiting.answers.last.locator(".sentence")).not_to_have_count(0, timeout=15_000)


# --- Erasing


def test_erasing_empties_the_log_and_the_conversation_is_gone(visit: Visiting, service: Service) -> None:
    visiting = visit()
    visiting.ask(PASSPORT)
    address, token = opened(visiting)
    visiting.question.fill("Und wie")
    assert len(httpx.get(address, headers=token).json()["messages"]) == 2
    visiting.page.locator(".opener").click()
    visiting.page.get_by_role("button", name="Gespräch löschen").click()
    expect(visiting.status).to_have_text(ERASED)
    expect(visiting.page.locator(".status")).to_have_text(ERASED)
    expect(visiting.messages).to_have_count(0)
    expect(visiting.question).to_be_focused()
    expect(visiting.question).to_have_value("")
    assert httpx.get(address, headers=token).status_code == 404
    with closing(sqlite3.connect(service.data_dir / "amtslotse.sqlite")) as database:
        name = address.split("/")[-1]
        kept = database.execute("SELECT count(*) FROM messages WHERE conversation = ?", [name]).fetchone()
    assert kept == (0,)
    assert visiting.value(_STORED) == [[], [], "", 0, 0]
    # A new conversation knows nothing of the old one.
    expect(visiting.ask("Und wie lange dauert das?")).not_to_contain_text("vier bis sechs Wochen")
    assert len(conversations(visiting)) == 2


def test_a_conversation_that_could_not_be_erased_is_not_called_erased(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(PASSPORT)
    address, _ = opened(visiting)

    def refused(route: Route) -> None:
        route.fulfill(status=503, json={}) if route.request.method == "DELETE" else route.continue_()

    visiting.page.route(address, refused)
    visiting.erase()
    failed = "Das Gespräch konnte gerade nicht gelöscht werden. Bitte versuchen Sie es noch einmal."
    expect(visiting.status).to_have_text(failed)
    expect(visiting.answers.last).to_contain_text(failed)
    expect(visiting.answers.first.locator(".sentence")).not_to_have_count(0)
    visiting.page.unroute(address)
    visiting.erase()
    expect(visiting.status).to_have_text(ERASED)
    expect(visiting.messages).to_have_count(0)


@pytest.mark.parametrize("until", ["HTTP/1.1 200", "event: answer"], ids=["before", "in-the-middle"])
def test_what_is_erased_while_an_answer_is_on_its_way_stays_erased(
    visit: Visiting, service: Service, until: str
) -> None:
    with wire(service.port) as line:
        visiting = visit(line.address)
        visiting.ask(PASSPORT)
        line.hold_before(until)
        visiting.question.fill("Was kostet ein Personalausweis?")
        visiting.question.press("Enter")
        line.wait()
        address, token = opened(visiting)
        visiting.erase()
        expect(visiting.page.locator(".status")).to_have_text(ERASED)
        line.release()
        visiting.page.wait_for_timeout(300)
        expect(visiting.status).to_have_text(ERASED)
        expect(visiting.messages).to_have_count(0)
        expect(visiting.question).to_have_value("")
        expect(visiting.page.locator(".stop")).to_be_hidden()
        assert httpx.get(address, headers=token).status_code == 404
        assert visiting.value(_STORED) == [[], [], "", 0, 0]


# --- Two tabs


def test_two_tabs_see_what_was_said_and_what_was_erased_in_the_other(visit: Visiting) -> None:
    visiting = visit()
    first = visiting.page
    visiting.ask(PASSPORT)
    with visiting.context.expect_page() as opening:
        first.evaluate("void window.open(location.href)")
    second = opening.value
    expect(second.locator(".log article.assistant .sentence")).not_to_have_count(0)
    second.locator("#question").fill("Und wie lange dauert das?")
    second.locator("#question").press("Enter")
    expect(second.locator(".log article.assistant").last).to_contain_text("vier bis sechs Wochen")
    returned(visiting)
    expect(visiting.answers).to_have_count(2)
    expect(visiting.answers.last).to_contain_text("vier bis sechs Wochen")

    second.locator(".opener").click()
    second.locator(".erase").click()
    expect(second.locator(".log article")).to_have_count(0)
    returned(visiting)
    over = "Das frühere Gespräch ist abgelaufen. Ein neues hat begonnen."
    expect(visiting.messages).to_have_count(1)
    expect(visiting.answers.last).to_contain_text(over)
    expect(visiting.status).to_have_text(over)
    expect(visiting.ask(PASSPORT).locator(".sentence")).not_to_have_count(0)


def test_who_looks_elsewhere_while_an_answer_comes_finds_the_input_as_it_was(visit: Visiting, service: Service) -> None:
    with wire(service.port) as line:
        visiting = visit(line.address)
        visiting.ask(PASSPORT)
        line.hold_before("event: answer")
        visiting.question.fill("Und wie lange dauert das?")
        visiting.question.press("Enter")
        line.wait()
        with visiting.page.expect_response("**/v1/conversations/*"):
            returned(visiting)
        line.release()
        expect(visiting.answer()).to_contain_text("vier bis sechs Wochen")
        expect(visiting.messages).to_have_count(4)
        expect(visiting.question).to_have_value("")


def returned(visiting: Visit) -> None:
    """The person has come back to the first tab."""
    visiting.value("void document.dispatchEvent(new Event('visibilitychange'))")


def opened(visiting: Visit) -> tuple[str, dict[str, str]]:
    """The address of the conversation, and what opens it."""
    held = json.loads(visiting.value("sessionStorage['amtslotse:neckarfurt']"))["conversation"]
    origin = visiting.value("location.origin")
    return f"{origin}/v1/conversations/{held['id']}", {"authorization": f"Bearer {held['token']}"}


def conversations(visiting: Visit) -> set[str]:
    """The addresses at which something was said."""
    return {request.url for request in visiting.requests if request.url.endswith("/messages")}
