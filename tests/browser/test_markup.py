"""Nothing that a document, a model or a citizen writes becomes an element, a request or a link to anywhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Visiting
from tests.browser.stage import Visit

pytestmark = pytest.mark.browser

_GROUPS: dict[str, list[str]] = json.loads((Path(__file__).parent / "payloads.json").read_text(encoding="utf-8"))
PAYLOADS = [payload for group in _GROUPS.values() for payload in group]
# All that the widget and its receipt are made of.
ELEMENTS = """a article blockquote button dd details div dl dt fieldset form h1 h2 h3 header input label legend li main
  ol option p section select slot span strong summary textarea ul"""
ATTRIBUTES = """aria-busy aria-controls aria-describedby aria-disabled aria-expanded aria-hidden aria-label
  aria-labelledby aria-live autocomplete class dir for hidden href id lang maxlength open part rel required role rows
  selected style tabindex target title type value"""
FOREIGN = "img, script, svg, math, iframe, style, object, embed, template, b, video, audio, link, base, meta"
SCHEMES = {"http:", "https:", "tel:", "mailto:"}
# What is in a tree: elements, attributes, styles, where links lead, and what turns the direction of other words.
MADE_OF = """(root) => {
  const all = [...root.querySelectorAll("*")];
  const texts = (node) => [...node.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE).map((one) => one.data);
  const turning = all.filter((node) => texts(node).some((text) => /[\\u202a-\\u202e\\u2066-\\u2069]/.test(text)));
  return {
    elements: [...new Set(all.map((node) => node.localName))],
    attributes: [...new Set(all.flatMap((node) => node.getAttributeNames()))],
    styled: all.filter((node) => node.hasAttribute("style") && !node.matches(".frame")).length,
    // A colon alone is what a browser makes of an address that leads nowhere.
    schemes: [...new Set(all.filter((node) => node.href).map((node) => node.protocol).filter((one) => one !== ":"))],
    turning: turning.map((node) => getComputedStyle(node))
      .filter((style) => style.display === "inline" && !/isolate|plaintext/.test(style.unicodeBidi)).length,
  };
}"""


def answer(payloads: list[str], language: str = "de") -> dict[str, Any]:
    """An answer in which these words stand wherever words and addresses can stand."""
    first = payloads[0]
    numbers = range(1, len(payloads) + 1)
    contact = {"name": first, "phone": first, "email": first, "url": first, "hours": first}
    return {
        "id": "0" * 32,
        "outcome": "answered",
        "language": language,
        "text": "\n".join(payloads),
        "sentences": [
            {"text": text, "language": language, "sources": [n], "quoted": True}
            for n, text in zip(numbers, payloads, strict=True)
        ],
        "notices": [{"kind": kind, "text": first} for kind in ("outcome", "crisis", "near_pages", "contact", first)],
        "sources": [
            {"n": n, "document_id": text, "title": text, "heading": f"{text} ", "url": text, "corpus": text}
            | {"revision": 1, "language": language, "quote": text, "as_of": "2026-11-02"}
            for n, text in zip(numbers, payloads, strict=True)
        ],
        "card": {
            "fees": [{"text": text} for text in payloads],
            "required_documents": payloads,
            "processing_time": first,
            "deadline": first,
            "office": {**contact, "address": first},
        },
        "actions": [
            {"kind": kind, "label": text, "url": text} for kind in ("page", "form", "call") for text in payloads
        ],
        "contact": contact,
        "provenance": {"composed_by": first, "created_at": "2026-11-23T16:44:32Z", "revisions": []},
    }


def scripted(route: Route, said: dict[str, Any]) -> None:
    """Answers as the service does, in other words."""
    parts = [("stage", {"name": "reading", "text": sentence["text"]}) for sentence in said["sentences"]]
    parts += [("sentence", sentence) for sentence in said["sentences"]]
    events = [*parts, ("answer", said)]
    body = "".join(f"event: {kind}\ndata: {json.dumps(data)}\nid: {n}\n\n" for n, (kind, data) in enumerate(events, 1))
    headers = {"content-type": "text/event-stream", "answer-id": said["id"], "answer-token": "token"}
    route.fulfill(headers=headers, body=body)


@pytest.fixture
def defenceless(visit: Visiting) -> Iterator[Visit]:
    """The page without its policy, on which a script or an image that got in would run or be asked for."""
    visiting = visit(bypass_csp=True)
    yield visiting
    assert visiting.dialogs == []
    assert visiting.strangers() == []
    assert [request.url for request in visiting.requests if request.resource_type in ("image", "media", "font")] == []


def made_of(tree: Locator) -> dict[str, Any]:
    """What a tree consists of, once it was found to be what we make."""
    found: dict[str, Any] = tree.evaluate(MADE_OF)
    assert set(found["elements"]) <= set(ELEMENTS.split())
    assert set(found["attributes"]) <= set(ATTRIBUTES.split())
    assert set(found["schemes"]) <= SCHEMES
    assert (found["styled"], found["turning"]) == (0, 0)
    return found


def missing(text: str) -> list[str]:
    """The payloads that cannot be read in a text; HTML leaves out what has the number 0."""
    plain = text.replace("\u00a0", " ").replace("\0", "")
    return [payload for payload in PAYLOADS if payload.replace("\0", "") not in plain]


def test_there_are_enough_payloads_and_a_fault_would_be_found(defenceless: Visit) -> None:
    assert len(set(PAYLOADS)) > 100
    frame = defenceless.page.locator(".frame")
    made_of(frame)
    frame.evaluate("(node) => node.insertAdjacentHTML('beforeend', '<b>fett</b>')")
    with pytest.raises(AssertionError):
        made_of(frame)


def test_an_answer_shows_every_payload_as_text_and_its_receipt_too(defenceless: Visit) -> None:
    page = defenceless.page
    page.route("**/messages", lambda route: scripted(route, answer(PAYLOADS)))
    page.evaluate("window.print = () => {}")
    shown = defenceless.ask(PAYLOADS[0])
    assert defenceless.messages.first.locator(".said").text_content() == PAYLOADS[0]
    for part in (".sentence", ".sources .path", ".sources blockquote", ".card dd label", ".actions"):
        assert missing("\n".join(shown.locator(part).all_text_contents())) == []
    defenceless.unfold()
    found = made_of(page.locator(".frame"))
    assert set(found["schemes"]) == SCHEMES
    # Of an address that is none, only the words are left.
    links = page.locator(".actions a").count()
    assert 0 < links < page.locator(".actions li").count() / 2

    with page.expect_download() as saving:
        shown.locator(".tools button", has_text="Speichern").click()
    saved = saving.value.path().read_text(encoding="utf-8")
    other = defenceless.context.new_page()
    other.on("dialog", lambda dialog: (defenceless.dialogs.append(dialog.message), dialog.dismiss()))
    other.on("request", lambda request: defenceless.requests.append(request))
    other.set_content(saved)
    assert missing(other.locator("main").text_content() or "") == []
    made_of(other.locator("body"))
    shown.locator(".tools button", has_text="Drucken").click()
    printed = page.frame_locator("iframe.printing").locator("body")
    assert missing(printed.text_content() or "") == []
    made_of(printed)


def test_a_transcript_shows_every_payload_as_text(defenceless: Visit) -> None:
    page = defenceless.page
    messages = []
    for payload in PAYLOADS:
        said = answer([payload], language=payload)
        messages += [
            {"role": "user", "text": payload, "answer": None, "answer_token": None},
            {"role": "assistant", "text": payload, "answer": said, "answer_token": payload},
        ]
    page.route("**/v1/conversations/**", lambda route: route.fulfill(json={"messages": messages}))
    memory = {"conversation": {"id": "x", "token": "y"}, "draft": "<img src=x onerror=alert(1)>"}
    page.evaluate("(value) => sessionStorage.setItem('amtslotse:neckarfurt', value)", json.dumps(memory))
    page.reload()
    expect(defenceless.messages).to_have_count(2 * len(PAYLOADS))
    asked = page.locator("article.user .said").all_text_contents()
    assert asked == PAYLOADS
    answered = [text.replace("\u00a0", " ") for text in defenceless.answers.all_text_contents()]
    assert [one for one, text in zip(PAYLOADS, answered, strict=True) if text.count(one) < 10] == []
    made_of(page.locator(".frame"))
    expect(defenceless.question).to_have_value("<img src=x onerror=alert(1)>")


def test_words_in_attributes_are_shown_as_text(defenceless: Visit) -> None:
    page = defenceless.page
    hostile = [payload for payload in PAYLOADS if "<" in payload and "|" not in payload]
    page.evaluate(
        """([words, suggestions]) => {
          const chat = document.createElement("amtslotse-chat");
          chat.setAttribute("municipality", "neckarfurt");
          for (const name of ["launcher", "greeting", "color", "size", "theme"]) chat.setAttribute(name, words);
          chat.setAttribute("suggestions", suggestions);
          document.body.append(chat);
        }""",
        ["<img src=x onerror=alert(1)>", "|".join(hostile)],
    )
    page.locator(".launcher").click()
    corner = page.locator("amtslotse-chat").last
    assert corner.locator(".suggestions button").all_text_contents() == [payload.strip() for payload in hostile]
    expect(corner.locator(".welcome p").first).to_have_text("<img src=x onerror=alert(1)>")
    expect(corner.locator("img, script, iframe, style")).to_have_count(0)


# --- From a document to the page


def test_markup_in_a_document_is_shown_as_text(visit: Visiting, malicious: str) -> None:
    visiting = visit()
    answer = visiting.ask(f"<img src=x onerror=alert(7)> Wie melde ich einen {malicious} an?")
    visiting.unfold()
    expect(visiting.messages.first).to_contain_text("<img src=x onerror=alert(7)>")
    expect(answer).to_contain_text("schreiben Sie <img src=x onerror=alert(5)> hinein.")
    expect(answer.locator(".path").first).to_contain_text("<b>anmelden</b> <img src=x onerror=alert(1)>")
    for shown in ("<script>alert(2)</script>", "<img src=x onerror=alert(3)>", "<svg onload=alert(4)>"):
        expect(answer.locator("dl")).to_contain_text(shown)
    made_of(visiting.log)
    assert (visiting.dialogs, visiting.value("violations")) == ([], [])
    # What was said is the same when it is read again.
    visiting.page.reload()
    expect(visiting.messages).to_have_count(2)
    expect(visiting.messages.first).to_contain_text("<img src=x onerror=alert(7)>")
    expect(visiting.answers).to_contain_text("schreiben Sie <img src=x onerror=alert(5)> hinein.")
    made_of(visiting.log)


def test_the_page_that_answers_without_the_widget_shows_markup_as_text(bare: Visit, malicious: str) -> None:
    question = f"</textarea><script>alert(8)</script><img src=x onerror=alert(9)> Wie melde ich einen {malicious} an?"
    post(bare, question)
    article = bare.page.locator("article")
    expect(article.locator(".asked")).to_contain_text(question)
    expect(article).to_contain_text("schreiben Sie <img src=x onerror=alert(5)> hinein.")
    expect(article.locator("ol")).to_contain_text("<b>anmelden</b> <img src=x onerror=alert(1)>")
    for shown in ("<script>alert(2)</script>", "<img src=x onerror=alert(3)>", "<svg onload=alert(4)>"):
        expect(article.locator("dl")).to_contain_text(shown)
    # One question of all payloads would be too long; so they come in several.
    for payloads in (PAYLOADS[start : start + 30] for start in range(0, len(PAYLOADS), 30)):
        post(bare, "  ".join(payloads))
        readable = (bare.page.locator(".asked").text_content() or "").replace("\r\n", "\n")
        # HTML has no such thing as a character of the number 0.
        assert [one for one in payloads if one.strip() not in readable and "\0" not in one] == []


@pytest.fixture
def bare(defenceless: Visit) -> Iterator[Visit]:
    """The page of a browser that did not get the widget, with scripts allowed, so that one that got in would run."""
    defenceless.page.route("**/widget.js", lambda route: route.abort())
    yield defenceless
    expect(defenceless.page.locator("main").locator(FOREIGN)).to_have_count(0)


def post(visiting: Visit, question: str) -> None:
    """Sends the form of the page with exactly this question."""
    page = visiting.page
    page.goto(visiting.address)
    with page.expect_navigation():
        page.locator("#plain-question").evaluate(
            "(field, text) => { field.value = text; field.form.submit(); }", question
        )
    expect(page.locator("main").locator(FOREIGN)).to_have_count(0)
