"""When something is in the way: lines that break or fall silent, a service that is busy, gone or has forgotten."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit
from tests.browser.wire import Wire, wire

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis?"
BROKEN = "Die Verbindung ist unterbrochen. Ich versuche es weiter …"
OFFICE = "Persönliche Auskunft: Bürgertelefon Neckarfurt, 115"


@pytest.fixture
def line(service: Service) -> Iterator[Wire]:
    """A line to the service that can be held."""
    with wire(service.port) as line:
        yield line


def begun(visiting: Visit, line: Wire, question: str = GERMAN) -> None:
    """Asks, and holds the line when the sentences are there and nothing else is."""
    line.hold_before("event: answer")
    visiting.question.fill(question)
    visiting.question.press("Enter")
    line.wait()
    expect(visiting.page.locator("article[aria-busy] .sentence")).not_to_have_count(0)


def sent(visiting: Visit, end: str) -> list[str]:
    """The methods by which an address was asked, leaving out the questions whether that is allowed."""
    return [one.method for one in visiting.requests if one.url.endswith(end) and one.method != "OPTIONS"]


def whole(visiting: Visit) -> list[str]:
    """The sentences of an answer that has come to its end."""
    answer = visiting.answer()
    expect(answer.locator(".tools")).to_be_visible()
    return answer.locator(".sentence").all_inner_texts()


# --- Streams


def test_a_stream_that_breaks_is_read_on_and_the_answer_is_not_made_twice(visit: Visiting, line: Wire) -> None:
    visiting = visit(line.address)
    absent: list[str] = []

    def absent_once(route: Route) -> None:
        absent.append(route.request.url)
        route.abort() if len(absent) == 1 else route.continue_()

    visiting.page.route("**/events", absent_once)
    begun(visiting, line)
    line.cut()
    expect(visiting.page.locator(".status")).to_have_text(BROKEN)
    texts = whole(visiting)
    assert len(texts) == len(set(texts)) > 0
    assert len(absent) == 2
    # Only what was missing is asked for.
    [last] = {one.headers["last-event-id"] for one in visiting.requests if one.url.endswith("/events")}
    assert int(last) > len(texts)
    assert sent(visiting, "/messages") == ["POST"]
    expect(visiting.page.locator(".status")).to_be_empty()
    expect(visiting.question).to_have_value("")


def test_a_stream_that_falls_silent_is_read_on(visit: Visiting, line: Wire) -> None:
    visiting = visit(line.address)
    visiting.page.clock.install()
    begun(visiting, line)
    visiting.page.clock.fast_forward(20_000)
    visiting.page.wait_for_timeout(300)
    assert sent(visiting, "/events") == []
    visiting.page.clock.fast_forward(6_000)
    assert len(whole(visiting)) > 0
    assert (sent(visiting, "/messages"), sent(visiting, "/events")) == (["POST"], ["GET"])


def test_a_stream_with_a_heartbeat_is_waited_for(visit: Visiting, line: Wire) -> None:
    visiting = visit(line.address)
    visiting.page.clock.install()
    begun(visiting, line)
    for _ in range(3):
        visiting.page.clock.fast_forward(20_000)
        line.say(": keepalive\n\n")
        visiting.page.wait_for_timeout(300)
    line.release()
    assert len(whole(visiting)) > 0
    assert sent(visiting, "/events") == []


def test_an_answer_that_breaks_off_for_good_is_said_kindly(visit: Visiting, line: Wire) -> None:
    visiting = visit(line.address)
    visiting.page.clock.install()
    visiting.page.route("**/events", lambda route: route.abort())
    begun(visiting, line)
    line.cut()
    expect(visiting.page.locator(".status")).to_have_text(BROKEN)
    for _ in range(8):
        visiting.page.clock.fast_forward(40_000)
        visiting.page.wait_for_timeout(100)
    expect(visiting.answer()).to_contain_text(f"Keine Verbindung. Ihre Frage steht noch im Eingabefeld. {OFFICE}")
    expect(visiting.question).to_have_value(GERMAN)
    assert sent(visiting, "/messages") == ["POST"]


# --- No service


def test_a_service_that_stops_finishes_its_answer_when_it_is_back_and_who_asks_meanwhile_is_told_kindly(
    visit: Visiting, tmp_path: Path
) -> None:
    service = Service(tmp_path / "data").start()
    try:
        with wire(service.port) as line:
            visiting, other = visit(line.address), visit(service.address)
            begun(visiting, line)
            service.stop()
            line.cut()
            expect(visiting.page.locator(".status")).to_have_text(BROKEN)

            offline = f"Keine Verbindung. Ihre Frage steht noch im Eingabefeld. {OFFICE}"
            answer = other.ask(GERMAN)
            expect(answer).to_contain_text(offline)
            expect(answer.get_by_role("link", name="115")).to_have_attribute("href", "tel:115")
            expect(other.status).to_contain_text(offline)
            expect(other.question).to_have_value(GERMAN)
            expect(other.question).to_be_focused()
            expect(other.log.locator("article.user")).to_have_count(0)

            service.start()
            visiting.page.locator(".stop").wait_for(state="hidden", timeout=30_000)
            texts = whole(visiting)
            assert len(texts) == len(set(texts)) > 0
            assert sent(visiting, "/messages") == ["POST"]
            assert set(sent(visiting, "/events")) == {"GET"}
            other.question.press("Enter")
            assert whole(other) == texts
    finally:
        service.stop()


def test_a_device_without_a_net_goes_on_as_soon_as_it_has_one(visit: Visiting) -> None:
    visiting = visit()
    visiting.context.set_offline(True)
    visiting.question.fill(GERMAN)
    visiting.question.press("Enter")
    expect(visiting.answer()).to_contain_text("Keine Verbindung.")
    visiting.context.set_offline(False)
    visiting.question.press("Enter")
    assert len(whole(visiting)) > 0


@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_service_is_not_called_a_lost_connection(visit: Visiting, status: int) -> None:
    visiting = visit()
    visiting.page.route("**/messages", lambda route: route.fulfill(status=status, json={"detail": "busy"}))
    answer = visiting.ask(GERMAN)
    busy = f"Gerade fragen sehr viele Menschen. Bitte versuchen Sie es gleich noch einmal. {OFFICE}"
    expect(answer).to_contain_text(busy)
    expect(visiting.status).to_contain_text(busy)
    expect(visiting.question).to_have_value(GERMAN)
    expect(visiting.page.locator(".status")).to_be_empty()


def test_a_service_that_cannot_answer_is_not_called_a_lost_connection(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.route("**/messages", lambda route: route.fulfill(status=500, json={}))
    answer = visiting.ask(GERMAN)
    broken = f"Das hat gerade nicht geklappt. Ihre Frage steht noch im Eingabefeld. {OFFICE}"
    expect(answer).to_contain_text(broken)
    expect(visiting.question).to_have_value(GERMAN)


# --- Tokens and clocks


def test_a_conversation_that_has_expired_is_begun_anew_without_a_word(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    said = next(request for request in visiting.requests if request.url.endswith("/messages"))
    token = {"authorization": said.headers["authorization"]}
    assert httpx.delete(said.url.removesuffix("/messages"), headers=token).status_code == 204
    expect(visiting.ask(GERMAN).locator(".sentence")).not_to_have_count(0)
    expect(visiting.messages).to_have_count(4)
    assert sent(visiting, "/messages") == ["POST"] * 3
    assert sent(visiting, "/v1/conversations") == ["POST"] * 2


def test_a_visitors_token_that_is_refused_is_renewed_without_a_word(visit: Visiting) -> None:
    visiting = visit()
    refused: list[dict[str, Any]] = []

    def stale_once(route: Route) -> None:
        headers = route.request.headers
        if not refused:
            headers |= {"authorization": "Bearer stale"}
        response = route.fetch(headers=headers)
        if not response.ok:
            refused.append(response.json())
        route.fulfill(response=response)

    visiting.page.route("**/v1/conversations", stale_once)
    expect(visiting.ask(GERMAN).locator(".sentence")).not_to_have_count(0)
    assert [one["status"] for one in refused] == [403]
    assert sent(visiting, "/v1/visitors") == ["POST"] * 2
    expect(visiting.messages).to_have_count(2)


@pytest.mark.parametrize("year", [2025, 2027])
def test_a_clock_that_is_a_year_wrong_changes_nothing(visit: Visiting, service: Service, year: int) -> None:
    visiting = visit()
    visiting.page.clock.set_fixed_time(f"{year}-11-23T12:00:00Z")
    visiting.page.reload()
    assert visiting.value("new Date().getFullYear()") == year
    visiting.ask(GERMAN)
    texts = whole(visiting)
    visiting.page.reload()
    expect(visiting.answers.locator(".tools")).to_be_visible()
    assert whole(visiting) == texts != []
    expect(visiting.messages).to_have_count(2)
    # What is saved bears the date of the service.
    with visiting.page.expect_download() as download:
        visiting.page.get_by_role("button", name="Speichern").click()
    today = httpx.get(f"{service.address}/livez").headers["date"].split()[3]
    assert f"-{today}-" in download.value.suggested_filename


def test_a_slow_net_still_brings_an_answer(visit: Visiting) -> None:
    visiting = visit()
    session = visiting.context.new_cdp_session(visiting.page)
    # 2G as Chromium's tools have it: 300 ms there and back, 250 kbit/s down, 50 kbit/s up.
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": 31_250, "uploadThroughput": 6_250},
    )
    visiting.page.reload(timeout=60_000, wait_until="commit")
    visiting.page.locator(".frame:not([hidden])").wait_for(timeout=60_000)
    visiting.question.fill(GERMAN)
    visiting.question.press("Enter")
    expect(visiting.page.locator(".status")).not_to_be_empty()
    visiting.page.locator(".stop").wait_for(state="hidden", timeout=60_000)
    assert len(whole(visiting)) > 0
    took = "performance.getEntriesByType('resource').map((one) => one.responseEnd - one.startTime)"
    assert min(visiting.value(took)) > 250
