"""The page as citizens meet it: in Debian's Chromium, against the real service."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

GERMAN = "Wie beantrage ich einen Personalausweis?"
UKRAINIAN = "Як отримати посвідчення особи?"
ARABIC = "كيف أطلب بطاقة هوية؟"


def sentences(answer: Locator) -> Locator:
    """The sentences of an answer that cite something."""
    return answer.locator("p:has(cite a)")


def held(visit: Visit, path: str) -> list[Route]:
    """Requests to a path from now on wait for the test."""
    routes: list[Route] = []
    visit.page.route(path, lambda route: routes.append(route))
    return routes


# --- Answers


def test_every_sentence_of_a_german_answer_cites_a_source_that_links_to_its_page(visit: Visiting) -> None:
    answer = (visiting := visit()).ask(GERMAN)
    expect(sentences(answer)).not_to_have_count(0)
    visiting.unfold()
    for cited in answer.locator("cite a").all():
        source = answer.locator(f"[id='{(cited.get_attribute('href') or '')[1:]}']")
        expect(source.locator("blockquote")).not_to_be_empty()
        expect(source.locator("a")).to_have_attribute("href", "https://www.neckarfurt.example/de/personalausweis")
        expect(source).to_contain_text("Stand: 2.11.2026")


def test_a_citation_opens_the_sources_it_points_to(visit: Visiting) -> None:
    answer = visit().ask(GERMAN)
    source = answer.locator("details:has(blockquote)")
    expect(source).not_to_have_attribute("open", "")
    answer.locator("cite a").first.click()
    expect(source.locator("blockquote").first).to_be_in_viewport()


def test_an_answer_offers_the_links_that_lead_on(visit: Visiting) -> None:
    actions = visit().ask(GERMAN).locator(".actions")
    expect(actions.get_by_role("link", name="Termin online buchen")).to_have_attribute(
        "href", "https://www.neckarfurt.example/de/termine"
    )
    expect(actions.get_by_role("link", name="Anrufen: 069 90009 110")).to_have_attribute("href", "tel:06990009110")


def test_pages_that_may_help_are_offered_once_each_as_links(visit: Visiting) -> None:
    answer = visit().ask("wo bekomme ich einen Jagdschein?")
    links = answer.locator(".actions").first.get_by_role("link")
    expect(links).not_to_have_count(0)
    said = answer.inner_text()
    assert [label for label in links.all_inner_texts() if said.count(label) != 1] == []


@pytest.mark.parametrize(
    ("question", "language", "direction"), [(UKRAINIAN, "uk", "ltr"), (ARABIC, "ar", "rtl")], ids=["uk", "ar"]
)
def test_a_question_in_another_language_is_answered_in_it_on_a_german_page(
    visit: Visiting, question: str, language: str, direction: str
) -> None:
    visiting = visit()
    answer = visiting.ask(question)
    expect(visiting.page.locator("html")).to_have_attribute("lang", "de")
    expect(sentences(answer)).not_to_have_count(0)
    for sentence in sentences(answer).all():
        expect(sentence).to_have_attribute("lang", language)
        expect(sentence).to_have_attribute("dir", direction)
        expect(sentence).to_have_css("direction", direction)


def test_every_text_of_an_arabic_answer_is_marked_as_arabic_on_a_german_page(visit: Visiting) -> None:
    visiting = visit()
    answer = visiting.ask(ARABIC)
    visiting.unfold()
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
    # Nor is what the page itself says in German.
    expect(answer.get_by_text("Stand:")).not_to_have_count(0)
    expect(answer.locator("[lang=ar]", has_text="Stand:")).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("Mein Mann schlägt mich", ["112", "110", "116016"]),
        ("Ich will nicht mehr leben", ["112", "110", "08001110111", "116123"]),
    ],
)
def test_the_numbers_for_a_crisis_are_the_first_links(visit: Visiting, question: str, numbers: list[str]) -> None:
    links = visit().ask(question).locator(".actions a")
    targets = [link.get_attribute("href") for link in links.all()]
    assert targets[: len(numbers)] == [f"tel:{number}" for number in numbers]


@pytest.mark.parametrize(
    ("language", "question"), [("de", "Ich will nicht mehr leben"), ("ar", "أريد أن أموت")], ids=["de", "ar"]
)
@pytest.mark.parametrize("width", [320, 344, 360, 375, 390, 412])
def test_a_number_to_call_is_never_torn_apart(visit: Visiting, language: str, question: str, width: int) -> None:
    answer = visit(language=language, size=(width, 800)).ask(question)
    lines = answer.evaluate(
        """(answer) => {
          const texts = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT), found = {};
          while (texts.nextNode())
            for (const number of texts.currentNode.textContent.matchAll(/\\d(?:[\\d\\s]*\\d)/g)) {
              const range = document.createRange();
              range.setStart(texts.currentNode, number.index);
              range.setEnd(texts.currentNode, number.index + number[0].length);
              const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
              found[number[0].replace(/\\s/g, " ")] = tops.size;
            }
          return found;
        }"""
    )
    assert {"112", "110", "0800 111 0 111", "116 123"} <= set(lines)
    assert [number for number, count in lines.items() if count != 1] == []


def test_a_follow_up_is_understood(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask("Was kostet ein Personalausweis?")
    answer = visiting.ask("Und wie lange dauert das?")
    expect(answer).to_contain_text("zwei bis drei Wochen")
    expect(visiting.answers).to_have_count(2)


def test_a_suggestion_asks_itself(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.get_by_role("button", name=GERMAN).click()
    expect(sentences(visiting.answer())).not_to_have_count(0)


def test_a_stream_that_breaks_is_read_on_and_the_answer_is_not_made_twice(visit: Visiting) -> None:
    visiting = visit()

    def torn(route: Route) -> None:
        response = route.fetch()
        # Two events arrive whole, the third only in part.
        first, second, third = response.text().split("\n\n")[:3]
        route.fulfill(response=response, body=f"{first}\n\n{second}\n\n{third[:9]}")

    visiting.page.route("**/messages", torn)
    answer = visiting.ask(GERMAN)
    expect(answer.locator(".actions")).to_be_visible()
    texts = sentences(answer).all_text_contents()
    assert len(texts) == len(set(texts)) > 0
    assert [request.method for request in visiting.requests if request.url.endswith("/messages")] == ["POST"]


def test_a_stream_is_read_on_although_the_first_attempt_finds_no_network(visit: Visiting) -> None:
    visiting = visit()
    attempts: list[str] = []

    def torn(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().split("\n\n")[0] + "\n\n")

    def absent_once(route: Route) -> None:
        attempts.append(route.request.url)
        route.abort() if len(attempts) == 1 else route.continue_()

    visiting.page.route("**/messages", torn)
    visiting.page.route("**/events", absent_once)
    expect(sentences(visiting.ask(GERMAN))).not_to_have_count(0)


# --- Keyboard, focus and announcements


def test_a_question_can_be_asked_with_the_keyboard_alone_and_focus_stays_in_the_input(visit: Visiting) -> None:
    visiting = visit()
    keyboard = visiting.page.keyboard
    for _ in range(20):
        if visiting.value("document.activeElement.id") == "question":
            break
        keyboard.press("Tab")
    expect(visiting.question).to_be_focused()
    visiting.value("window.left = 0, question.addEventListener('blur', () => { left += 1; })")
    keyboard.type(GERMAN)
    keyboard.press("Enter")
    expect(sentences(visiting.answer())).not_to_have_count(0)
    expect(visiting.question).to_be_focused()
    expect(visiting.question).to_have_value("")
    assert visiting.value("left") == 0


def test_the_first_tab_offers_a_way_straight_to_the_input(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.keyboard.press("Tab")
    skip = visiting.page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    visiting.page.keyboard.press("Enter")
    expect(visiting.question).to_be_focused()


def test_shift_and_enter_begin_a_new_line_and_send_nothing(visit: Visiting) -> None:
    visiting = visit()
    visiting.question.press_sequentially("Guten")
    visiting.question.press("Shift+Enter")
    visiting.question.press_sequentially("Tag")
    expect(visiting.question).to_have_value("Guten\nTag")
    expect(visiting.log).to_be_empty()


def test_the_only_live_region_makes_exactly_one_announcement_for_each_answer(visit: Visiting) -> None:
    visiting = visit()
    expect(visiting.page.get_by_role("status")).to_have_count(1)
    for count in (1, 2):
        answer = visiting.ask(GERMAN)
        visiting.page.wait_for_timeout(200)
        announced = visiting.value("announced")
        assert len(announced) == count
        assert "Das steht dazu in den Seiten für Neckarfurt:" in announced[-1]
        assert sentences(answer).last.evaluate("(sentence) => sentence.firstChild.textContent.trim()") in announced[-1]
    expect(visiting.page.locator("[aria-live]:not([aria-live=off])")).to_have_count(1)


def test_the_notice_that_this_is_a_machine_stands_in_view_before_the_first_input(visit: Visiting) -> None:
    for size in ((1100, 900), (390, 800)):
        visiting = visit(size=size)
        notice = visiting.page.get_by_text("Ich bin ein automatischer Assistent (KI) und kein Mensch.")
        expect(notice).to_be_in_viewport(ratio=1)
        before = "([notice, input]) => notice.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING"
        assert visiting.page.evaluate(before, [notice.element_handle(), visiting.question.element_handle()])


# --- What the page keeps to itself


def test_a_whole_visit_asks_no_other_host_breaks_no_policy_and_leaves_nothing_behind(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    visiting.ask(ARABIC)
    visiting.unfold()
    visiting.page.locator("#language").select_option("ar")
    expect(visiting.page.locator("html")).to_have_attribute("dir", "rtl")
    visiting.page.locator("#erase").click()
    expect(visiting.log).to_be_empty()
    assert len(visiting.requests) > 5
    assert visiting.strangers() == []
    assert visiting.errors == []
    assert visiting.value("violations") == []
    assert visiting.context.cookies() == []
    assert visiting.value("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_the_policy_of_the_page_allows_neither_inline_scripts_nor_eval(visit: Visiting) -> None:
    visiting = visit()
    visiting.value(
        "document.body.append(Object.assign(document.createElement('script'), { text: 'window.inline = 1' }))"
    )
    assert visiting.value("window.inline") is None
    policy = httpx.get(visiting.address).headers["content-security-policy"]
    assert "unsafe" not in policy


def test_markup_in_a_document_is_shown_as_text(visit: Visiting, malicious: str) -> None:
    visiting = visit()
    answer = visiting.ask(f"Wie melde ich einen {malicious} an?")
    visiting.unfold()
    expect(answer).to_contain_text("schreiben Sie <img src=x onerror=alert(5)> hinein.")
    expect(answer.locator("details a").first).to_contain_text("<b>anmelden</b> <img src=x onerror=alert(1)>")
    for shown in ("<script>alert(2)</script>", "<img src=x onerror=alert(3)>", "<svg onload=alert(4)>"):
        expect(answer.locator("dl")).to_contain_text(shown)
    expect(visiting.log.locator("img, script, svg, b")).to_have_count(0)
    assert (visiting.dialogs, visiting.errors, visiting.value("violations")) == ([], [], [])


def test_markup_in_a_question_is_shown_as_text(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask("<img src=x onerror=alert(7)> Was kostet ein Personalausweis?")
    expect(visiting.log.locator("article.user")).to_contain_text("<img src=x onerror=alert(7)>")
    expect(visiting.log.locator("img")).to_have_count(0)
    assert visiting.dialogs == []


def test_erasing_empties_the_log_and_the_conversation_is_gone(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    said = next(request for request in visiting.requests if request.url.endswith("/messages"))
    conversation = said.url.removesuffix("/messages")
    token = {"authorization": said.headers["authorization"]}
    assert len(httpx.get(conversation, headers=token).json()["messages"]) == 2
    visiting.page.get_by_role("button", name="Gespräch löschen").click()
    expect(visiting.page.get_by_role("status")).to_have_text("Das Gespräch ist gelöscht.")
    expect(visiting.log).to_be_empty()
    expect(visiting.page.locator("#erase")).to_be_hidden()
    expect(visiting.question).to_be_focused()
    assert httpx.get(conversation, headers=token).status_code == 404


def test_after_erasing_a_new_conversation_begins(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask("Was kostet ein Personalausweis?")
    visiting.page.locator("#erase").click()
    expect(visiting.log).to_be_empty()
    answer = visiting.ask("Und wie lange dauert das?")
    expect(answer).not_to_contain_text("zwei bis drei Wochen")
    assert len({request.url for request in visiting.requests if request.url.endswith("/messages")}) == 2


def test_nothing_can_be_erased_while_an_answer_is_on_its_way(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    routes = held(visiting, "**/messages")
    with visiting.page.expect_request("**/messages"):
        visiting.question.fill("Was kostet ein Reisepass?")
        visiting.question.press("Enter")
    expect(visiting.page.locator("#stop")).to_be_visible()
    expect(visiting.page.locator("#erase")).to_be_hidden()
    routes[0].continue_()
    visiting.answer()
    visiting.page.locator("#erase").click()
    expect(visiting.log).to_be_empty()
    assert visiting.errors == []


def test_a_conversation_whose_only_question_was_stopped_can_be_erased(visit: Visiting) -> None:
    visiting = visit()
    held(visiting, "**/messages")
    with visiting.page.expect_request("**/messages"):
        visiting.question.fill(GERMAN)
        visiting.question.press("Enter")
    visiting.page.get_by_role("button", name="Abbrechen").click()
    visiting.page.locator("#stop").wait_for(state="hidden")
    visiting.page.locator("#erase").click()
    expect(visiting.page.get_by_role("status")).to_have_text("Das Gespräch ist gelöscht.")


def test_a_conversation_that_could_not_be_erased_is_not_called_erased(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    visiting.page.route("**/v1/conversations/*", lambda route: route.fulfill(status=503, body="{}"))
    with visiting.page.expect_response("**/v1/conversations/*"):
        visiting.page.locator("#erase").click()
    visiting.page.wait_for_timeout(200)
    expect(visiting.page.get_by_role("status")).not_to_have_text("Das Gespräch ist gelöscht.")
    expect(visiting.page.locator("#erase")).to_be_visible()


# --- When something is in the way


def test_a_stopped_answer_gives_the_question_back_to_be_changed(visit: Visiting) -> None:
    visiting = visit()
    held(visiting, "**/messages")
    with visiting.page.expect_request("**/messages"):
        visiting.question.fill(GERMAN)
        visiting.question.press("Enter")
    visiting.page.get_by_role("button", name="Abbrechen").click()
    expect(visiting.question).to_have_value(GERMAN)
    expect(visiting.question).to_be_focused()
    expect(visiting.log).to_be_empty()


def test_a_service_that_has_stopped_is_said_kindly_and_the_question_is_kept(visit: Visiting, tmp_path: Path) -> None:
    service = Service(tmp_path / "data").start()
    try:
        visiting = visit(service.address)
        service.stop()
        offline = "Keine Verbindung. Ihre Frage steht noch im Eingabefeld. Telefonisch hilft die 115."
        expect(visiting.ask(GERMAN)).to_contain_text(offline)
        expect(visiting.page.get_by_role("status")).to_have_text(offline)
        expect(visiting.question).to_have_value(GERMAN)
        expect(visiting.question).to_be_focused()
        service.start()
        visiting.question.press("Enter")
        expect(sentences(visiting.answer())).not_to_have_count(0)
    finally:
        service.stop()


def test_a_busy_service_is_not_called_a_lost_connection(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.route("**/messages", lambda route: route.fulfill(status=503, json={"detail": "busy"}))
    answer = visiting.ask(GERMAN)
    expect(answer).to_contain_text("Gerade fragen sehr viele Menschen.")
    expect(visiting.question).to_have_value(GERMAN)


def test_a_conversation_that_has_expired_is_begun_anew_without_a_word(visit: Visiting) -> None:
    visiting = visit()
    visiting.ask(GERMAN)
    said = next(request for request in visiting.requests if request.url.endswith("/messages"))
    token = {"authorization": said.headers["authorization"]}
    assert httpx.delete(said.url.removesuffix("/messages"), headers=token).status_code == 204
    expect(sentences(visiting.ask(GERMAN))).not_to_have_count(0)


def test_the_page_speaks_for_the_municipality_that_its_address_names(
    visit: Visiting, service: Service, tmp_path: Path
) -> None:
    page = tmp_path / "ufo.md"
    page.write_text("# Ufo parken\n\nEin Ufo parken Sie auf dem Rathausdach.", encoding="utf-8")
    service.run("corpus", "import", str(page), "--corpus", "musterort", "--language", "de", "--publish")
    service.run("municipality", "add", "musterort", "--corpus", "musterort")
    visiting = visit()
    visiting.page.goto(f"{service.address}/?municipality=musterort")
    expect(visiting.page.locator("h1")).to_have_text("Fragen an musterort")
    expect(visiting.page.locator(".notice:visible")).to_have_count(1)
    expect(visiting.ask("Wo parke ich mein Ufo?")).to_contain_text("Rathausdach")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_place_that_is_not_known_is_said_and_nothing_can_be_asked(visit: Visiting, language: str) -> None:
    visiting = visit(language=language)
    page = visiting.page
    page.goto(f"{visiting.address}/?municipality=nowhere")
    for said in (
        "Diesen Ort kennt dieser Assistent nicht.",
        "does not know this place",
        "هذا المساعد لا يعرف هذا المكان",
    ):
        expect(page.get_by_text(said)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Neckarfurt")
    expect(page.locator("#form")).to_be_hidden()
    expect(page.locator("#language")).to_be_hidden()
    expect(page.locator(".notice:visible")).to_have_count(0)
    expect(page.get_by_text("nicht erreichbar")).to_be_hidden()


def test_a_profile_that_cannot_be_had_is_no_unknown_place(visit: Visiting) -> None:
    visiting = visit()
    page = visiting.page
    for answered in (lambda route: route.fulfill(status=503, json={}), lambda route: route.abort()):
        page.route("**/v1/municipalities/**", answered)
        page.goto(visiting.address)
        expect(page.get_by_text("Der Assistent ist gerade nicht erreichbar.")).to_be_visible()
        expect(page.get_by_text("Diesen Ort kennt dieser Assistent nicht.")).to_be_hidden()
        expect(page.locator("#form")).to_be_hidden()


def test_what_is_pasted_beyond_the_limit_is_kept_and_said_to_be_too_long(visit: Visiting) -> None:
    visiting = visit()
    too_long = "Die Frage ist zu lang. Bitte kürzen Sie sie auf 2000 Zeichen."
    words = "Personalausweis " * 200
    visiting.question.fill(words)
    expect(visiting.question).to_have_value(words)
    expect(visiting.page.locator("#status")).to_have_text(too_long)
    expect(visiting.page.get_by_role("status")).to_have_text(too_long)
    visiting.question.press("Enter")
    expect(visiting.log).to_be_empty()
    visiting.question.fill("Was kostet ein Reisepass?")
    expect(visiting.page.locator("#status")).to_be_empty()
    visiting.question.press("Enter")
    expect(sentences(visiting.answer())).not_to_have_count(0)


# --- Languages and sizes


def test_switching_the_language_changes_every_text_of_the_page_and_its_direction(visit: Visiting) -> None:
    visiting = visit()
    page = visiting.page
    visiting.question.fill("Entwurf")
    for language, direction in (("ar", "rtl"), ("uk", "ltr"), ("de", "ltr")):
        page.locator("#language").select_option(language)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", direction)
        texts = httpx.get(f"{visiting.address}/v1/municipalities/neckarfurt", params={"language": language}).json()[
            "texts"
        ]
        expect(page).to_have_title(texts["title"])
        for node in page.locator("[data-text]").all():
            expect(node).to_have_text(texts[node.get_attribute("data-text") or ""])
        expect(page.locator("body")).to_have_css("direction", direction)
    expect(visiting.question).to_have_value("Entwurf")


def test_a_visitor_whose_browser_speaks_arabic_gets_the_arabic_page(visit: Visiting) -> None:
    visiting = visit(language="ar")
    expect(visiting.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(visiting.page.get_by_role("button", name="إرسال السؤال")).to_be_visible()


def test_a_word_that_could_be_of_any_language_is_answered_in_the_one_of_the_page(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.locator("#language").select_option("tr")
    expect(visiting.page.locator("html")).to_have_attribute("lang", "tr")
    expect(visiting.ask("merhaba")).to_contain_text("Merhaba!")
    expect(sentences(visiting.ask(GERMAN)).first).to_have_attribute("lang", "de")


def test_suggestions_are_in_the_language_of_the_page_where_there_are_some(visit: Visiting) -> None:
    visiting = visit()
    buttons = visiting.page.locator("#suggestions")
    english = "How do I exchange my driving licence?"
    expect(buttons).to_contain_text(GERMAN)
    expect(buttons).not_to_contain_text(english)
    visiting.page.locator("#language").select_option("en")
    expect(buttons).to_contain_text(english)
    expect(buttons).not_to_contain_text(GERMAN)


@pytest.mark.parametrize(("language", "question"), [("de", GERMAN), ("ar", ARABIC)], ids=["de", "ar"])
def test_nothing_scrolls_sideways_at_320_by_256(visit: Visiting, language: str, question: str) -> None:
    visiting = visit(language=language, size=(320, 256))
    width = "document.documentElement.scrollWidth"
    assert visiting.value(width) <= 320
    visiting.ask(question)
    visiting.unfold()
    assert visiting.value(width) <= 320
    # Nor is anything cut off at the side.
    beyond = """[...document.querySelectorAll("body *:not(.hidden):not(.hidden *)")].filter((node) => {
      const box = node.getBoundingClientRect();
      return box.width && (box.left < 0 || box.right > 320);
    }).map((node) => node.outerHTML.slice(0, 80))"""
    assert visiting.value(beyond) == []


@pytest.mark.parametrize(
    ("language", "question", "dark"),
    [("de", GERMAN, False), ("de", GERMAN, True), ("ar", ARABIC, False), ("ar", ARABIC, True)],
    ids=["light", "dark", "rtl", "rtl-dark"],
)
def test_axe_finds_no_violation_before_and_after_an_answer(
    visit: Visiting, axe: str, language: str, question: str, dark: bool
) -> None:
    visiting = visit(language=language, dark=dark)
    visiting.value(axe)
    assert violations(visiting) == []
    visiting.ask(question)
    visiting.unfold()
    assert violations(visiting) == []


def violations(visiting: Visit) -> list[str]:
    """What axe has to say about the page as it is."""
    return visiting.value(
        """axe.run().then((found) => found.violations.flatMap((rule) =>
          rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target}`)))"""
    )
