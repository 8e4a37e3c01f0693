"""Who may show the widget, what a strict page lets it do, whom it asks, and what it leaves behind."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Frame, Route, expect

from tests.browser.conftest import Visiting
from tests.browser.host import script, town
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

NAME = "ratsburg"
GERMAN = "Wie beantrage ich einen Personalausweis?"
LISTENING = """<script>
window.told = [];
for (const kind of ["ready", "unavailable"]) document.addEventListener(`amtslotse-${kind}`, () => told.push(kind));
</script>"""
ASKED = """(address) => fetch(address).then(async (response) =>
  [response.status, response.headers.get("content-type"), (await response.json()).detail])"""
# What is printed can be read by the test, and no window opens that only a person could close.
PRINTING = "window.print = () => { (top.printed ??= []).push(document.body.innerText); };"
Towns = dict[str, str]


@pytest.fixture(scope="module")
def towns(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Pages at origins of their own by name; those with `foreign` in it are not let in."""
    printed = service.run("widget", "neckarfurt", "--server", service.address).strip()
    line = printed.replace('"neckarfurt"', f'"{NAME}"')
    only = f"default-src 'none'; script-src {service.address}; connect-src {service.address}"
    # A hash as it would be of another script.
    other = re.sub(r"sha384-.{8}", "sha384-AAAAAAAA", line)
    plain = script(service.address, NAME)
    framed = f'<iframe src="{service.address}/m/{NAME}" title="Fragen" width="900" height="700"></iframe>'
    placed = f'<amtslotse-chat municipality="{NAME}"><a href="tel:115">Telefon 115</a></amtslotse-chat>'
    pages = {
        "strict": (line, only),
        "strict with a script of its own": (f"<script>window.inline = 1;</script>{line}", only),
        "tampered": (other, ""),
        "open": (LISTENING + plain, ""),
        "sandboxing": (f"<iframe sandbox='allow-scripts' srcdoc='{LISTENING}{plain}'></iframe>", ""),
        "framing": (framed, ""),
        "foreign framing": (framed, ""),
        "foreign": (f'{LISTENING}<script src="{service.address}/widget.js"></script>{placed}', ""),
    }
    with ExitStack() as stack:
        found = {name: stack.enter_context(town(*page)) for name, page in pages.items()}
        allowed = [address for name, address in found.items() if "foreign" not in name]
        file = tmp_path_factory.mktemp("towns") / f"{NAME}.toml"
        file.write_text(f'name = "Ratsburg"\ncorpora = ["neckarfurt"]\nallowed_origins = {allowed}\n', encoding="utf-8")
        service.run("municipality", "add", NAME, "--file", str(file))
        yield found


def hosts(visiting: Visit) -> set[str]:
    """Everybody who was asked for anything; what a page makes itself has no host."""
    return {urlsplit(request.url).netloc for request in visiting.requests} - {""}


def stored(visiting: Visit) -> Any:
    """What lies on the device: in storages, as a cookie, in a database or a cache."""
    return visiting.value(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
          (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )


def told(page: Any, kind: str) -> None:
    """Waits until the widget has told its page something."""
    page.wait_for_function("(kind) => told.includes(kind)", arg=kind)


# --- A page that allows nothing but the service


def test_a_whole_visit_breaks_no_policy_asks_no_other_host_and_leaves_nothing_behind(
    visit: Visiting, towns: Towns, service: Service
) -> None:
    visiting = visit(towns["strict"], ready=".launcher", permissions=["clipboard-read", "clipboard-write"])
    visiting.context.add_init_script(PRINTING)
    visiting.page.reload()
    page = visiting.page
    page.locator(".launcher").click()
    page.locator(".opener").click()
    for language in ("en", "de"):
        page.locator("#language").select_option(language)
        expect(page.locator(".frame")).to_have_attribute("lang", language)
    page.locator(".opener").click()
    visiting.question.fill("Entwurf")
    assert stored(visiting) == [0, 0, "", 0, 0]
    answer = visiting.ask(GERMAN)
    visiting.unfold()
    answer.get_by_role("button", name="Kopieren").click()
    expect(answer.get_by_role("button", name="Kopiert.")).to_be_visible()
    copied = visiting.value("navigator.clipboard.readText()")
    assert "https://www.neckarfurt.example/de/personalausweis" in copied
    with page.expect_download() as saving:
        answer.get_by_role("button", name="Speichern").click()
    saved = saving.value.path().read_text(encoding="utf-8")
    answer.get_by_role("button", name="Drucken").click()
    printed = visiting.value("printed")
    assert len(printed) == 1
    for kept in (saved, printed[0]):
        assert GERMAN in kept
        assert "Dies ist eine automatische Auskunft und kein Bescheid." in kept
    answer.get_by_role("button", name="Vorlesen").click()
    answer.get_by_role("button", name="Ja", exact=True).click()
    expect(answer.get_by_text("Danke für Ihre Rückmeldung.")).to_be_visible()
    assert stored(visiting) == [0, 1, "", 0, 0]
    visiting.erase()
    expect(visiting.messages).to_have_count(0)
    assert stored(visiting) == [0, 0, "", 0, 0]
    assert visiting.context.cookies() == []
    assert hosts(visiting) == {urlsplit(towns["strict"]).netloc, urlsplit(service.address).netloc}
    assert [request.url for request in visiting.requests if (got := request.response()) and got.status >= 400] == []
    assert visiting.value("violations") == []
    assert complaints(visiting) == []


def complaints(visiting: Visit) -> list[str]:
    """What stands in the console; that a town has no icon, or allows none, is not our matter."""
    return [error for error in visiting.errors if "favicon" not in error and "404 (Not Found)" not in error]


def test_the_strict_page_is_strict_and_would_have_told(visit: Visiting, towns: Towns) -> None:
    visiting = visit(towns["strict with a script of its own"], ready=".launcher")
    assert visiting.value("window.inline") is None
    assert visiting.value("violations") == ["script-src-elem inline"]


def test_a_script_that_was_altered_is_not_taken(visit: Visiting, towns: Towns) -> None:
    visiting = visit(towns["tampered"], ready="h1")
    assert any(request.url.endswith("/widget.js") for request in visiting.requests)
    assert visiting.value("customElements.get('amtslotse-chat')") is None
    assert visiting.value("document.querySelector('amtslotse-chat')") is None
    assert [error for error in visiting.errors if "integrity" in error]


def test_nothing_on_the_page_moves_while_it_loads_opens_answers_and_closes(visit: Visiting, towns: Towns) -> None:
    visiting = visit(towns["open"], ready=".launcher")
    boxes = "[...document.querySelectorAll('body > *')].map((node) => JSON.stringify(node.getBoundingClientRect()))"
    before = visiting.value(boxes)
    visiting.page.locator(".launcher").click()
    visiting.ask(GERMAN)
    visiting.page.locator(".closer").click()
    visiting.page.wait_for_timeout(100)
    assert visiting.value(boxes) == before
    assert visiting.value("shifts") == []
    visiting.value("document.body.prepend(Object.assign(document.createElement('h1'), { textContent: 'Eilmeldung' }))")
    visiting.page.wait_for_function("shifts.length")


# --- Pages that may not


def test_a_page_that_is_not_named_shows_nothing_and_says_why_in_the_console(
    visit: Visiting, towns: Towns, service: Service
) -> None:
    visiting = visit(towns["foreign"], ready="amtslotse-chat a")
    told(visiting.page, "unavailable")
    expect(visiting.page.get_by_role("link", name="Telefon 115")).to_be_visible()
    expect(visiting.page.locator(".launcher")).to_be_hidden()
    assert [error for error in complaints(visiting) if "Amtslotse cannot be shown here: refused." in error]
    refused = visiting.page.evaluate(ASKED, f"{service.address}/v1/municipalities/{NAME}")
    sentence = f"Pages at {towns['foreign']} may not show the assistant of {NAME}."
    assert refused == [403, "application/problem+json", sentence]
    visitors = """(address) => fetch(address, { method: "POST", body: JSON.stringify({ municipality: "ratsburg" }),
      headers: { "content-type": "application/json" } }).then((response) => response.status)"""
    assert visiting.page.evaluate(visitors, f"{service.address}/v1/visitors") == 403
    assert "ready" not in visiting.value("told")


def test_a_sandbox_is_nobodys_page(visit: Visiting, towns: Towns, service: Service) -> None:
    visiting = visit(towns["sandboxing"], ready="iframe")
    frame = inside(visiting, "about:srcdoc")
    told(frame, "unavailable")
    expect(frame.locator(".launcher")).to_be_hidden()
    status, kind, detail = frame.evaluate(ASKED, f"{service.address}/v1/municipalities/{NAME}")
    assert (status, kind) == (403, "application/problem+json")
    assert "Pages at null may not" in detail


def inside(visiting: Visit, address: str) -> Frame:
    """The frame of that address."""
    return next(frame for frame in visiting.page.frames if frame.url == address)


# --- The page of its own, in a frame


def test_a_town_that_may_shows_the_whole_page_in_a_frame(visit: Visiting, towns: Towns, service: Service) -> None:
    visiting = visit(towns["framing"], ready="iframe")
    frame = visiting.page.frame_locator("iframe")
    frame.locator("#question").fill("Was kostet ein Reisepass?")
    frame.locator("#question").press("Enter")
    answer = frame.locator("article.assistant")
    expect(answer.locator(".number")).not_to_have_count(0)
    answer.get_by_role("button", name="Kopieren").click()
    expect(answer.get_by_role("button", name="Kopiert.")).to_be_visible()
    # Only now, for it would be a permission to write as well, which a frame does not have.
    visiting.context.grant_permissions(["clipboard-read"])
    assert "https://www.neckarfurt.example/de/reisepass" in visiting.value("navigator.clipboard.readText()")
    assert frame.locator("body").evaluate("() => violations") == []


def test_a_town_that_may_not_shows_an_empty_frame(visit: Visiting, towns: Towns, service: Service) -> None:
    visiting = visit(towns["foreign framing"], ready="iframe")
    visiting.page.wait_for_load_state("networkidle")
    assert not [frame for frame in visiting.page.frames if frame.url.startswith(service.address)]
    assert [error for error in visiting.errors if "frame-ancestors" in error]


# --- A service that is not there yet


def test_a_service_that_comes_back_is_shown_without_a_reload(visit: Visiting, towns: Towns) -> None:
    visiting = visit(towns["strict"], ready=".launcher")
    attempts: list[str] = []

    def away_once(route: Route) -> None:
        attempts.append(route.request.url)
        route.abort() if len(attempts) == 1 else route.continue_()

    visiting.page.route("**/v1/municipalities/**", away_once)
    visiting.page.goto(towns["open"])
    told(visiting.page, "unavailable")
    expect(visiting.page.locator(".launcher")).to_be_hidden()
    visiting.page.locator(".launcher").wait_for()
    told(visiting.page, "ready")
    assert visiting.value("told") == ["unavailable", "ready"]
    visiting.page.locator(".launcher").click()
    expect(visiting.ask(GERMAN).locator(".number")).not_to_have_count(0)
