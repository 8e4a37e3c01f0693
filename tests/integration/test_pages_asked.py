"""The page of a town asked by a form, as browsers without JavaScript do."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete

from assistant.domain.replies import replies
from assistant.tables import municipalities

WWW = "https://www.altstadt.example"
MARKUP = '</textarea><script>alert(1)</script><img src=x onerror="alert(1)"> & "\'{{ 7 * 7 }}'


@pytest.fixture(scope="module", autouse=True)
def altstadt(town_wiring):
    """A town whose pages may ask."""
    like = town_wiring.municipalities.get("neckarfurt")
    town_wiring.municipalities.put(replace(like, id="altstadt", allowed_origins=(WWW,)))
    yield
    with town_wiring.engine.begin() as connection:
        connection.execute(delete(municipalities).where(municipalities.c.id == "altstadt"))


def soup(reply, status=200):
    """A page that came as one."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    return BeautifulSoup(reply.text, "lxml")


def asked(town, question, query="", **fields):
    """The page that answers a question."""
    return soup(town.post(f"/m/neckarfurt{query}", data={"question": question, **fields}))


def test_a_question_is_answered_with_its_sources(town):
    page = asked(town, "Was kostet ein Reisepass?")
    article = page.article
    assert article["aria-labelledby"] == article.h2["id"]
    assert "Was kostet ein Reisepass?" in article.find(class_="asked").text
    assert "70,00 Euro ab 24 Jahren" in article.text
    numbers = [link["href"].removeprefix("#") for link in article("a") if link["href"].startswith("#")]
    sources = {item["id"]: item for item in article.ol("li")}
    assert numbers
    assert set(numbers) <= sources.keys()
    first = sources[numbers[0]]
    assert first["lang"] == "de"
    assert first.a["href"] == "https://www.neckarfurt.example/de/reisepass"
    assert "70,00 Euro" in first.blockquote.text
    assert "Stand: 2026-" in first.text
    assert {"tel:06990009110", "mailto:buergerbuero@neckarfurt.example"} <= {link["href"] for link in article.ul("a")}


def test_the_page_with_an_answer_takes_the_next_question(town):
    page = asked(town, "Hallo", "?language=fr")
    assert page.html["lang"] == "fr"
    assert page.form["action"] == "/m/neckarfurt?language=fr"
    assert page.textarea.text.strip() == ""


def test_what_the_words_leave_open_is_answered_in_the_language_of_the_page(town):
    said = {
        (question, language): {
            p["lang"] for p in asked(town, question, f"?language={language}").article("p", lang=True)
        }
        for question in ("merhaba", "Wie beantrage ich einen Personalausweis?")
        for language in ("tr", "de")
    }
    assert said["merhaba", "tr"] == {"tr"}
    assert said["merhaba", "de"] == {"de"}
    assert said["Wie beantrage ich einen Personalausweis?", "tr"] == {"de"}


def test_arabic_is_written_from_right_to_left_beside_german_sources(town):
    page = asked(town, "ما هي تكلفة الحصول على رخصة صيد السمك؟", "?language=de")
    assert {(p["lang"], p["dir"]) for p in page.article("p", lang=True)} == {("ar", "rtl"), ("de", "ltr")}
    assert {(item["lang"], item["dir"]) for item in page.article.ol("li")} == {("de", "ltr")}
    assert page.html["dir"] == "ltr"


def test_in_a_crisis_the_numbers_stand_above_everything_else(town):
    page = asked(town, "Ich will nicht mehr leben")
    assert "0800 111 0 111" in page.article.text
    links = [link["href"] for link in page.article.ul("a")]
    assert links[:4] == ["tel:112", "tel:110", "tel:08001110111", "tel:116123"]


def test_plain_language_may_be_asked_for(town):
    missing = replies("de").text("notices", "plain_language_missing")
    question = "Was kostet ein Reisepass?"
    assert missing in asked(town, question, plain="on").article.text
    assert missing not in asked(town, question).article.text


@pytest.mark.parametrize("body", [b"", b"question=", b"question=+%0A%09", b"plain=on", b"question", b"&&&=;"])
def test_who_asks_nothing_sees_the_page_again(town, body):
    page = soup(town.post("/m/neckarfurt", content=body))
    assert page.article is None
    assert page.form.textarea


def test_a_question_that_is_too_long_is_told_how_long_it_may_be(town):
    told = replies("de").text("notices", "too_long", count="2000")
    assert told in asked(town, "Was kostet ein Reisepass? " * 80).article.text
    assert told not in asked(town, "Was kostet ein Reisepass?").article.text


def test_a_form_that_is_far_too_large_is_refused(town):
    assert town.post("/m/neckarfurt", data={"question": "x" * 70_000}).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"question=Hallo\xff\xfe",
        b"question=Hallo%FF%FE",
        b"question=Hallo%ED%A0%80",
        b"question=Hallo%00",
        b"question=Hallo&question=Was",
        b"\xff=\xfe&question=Hallo",
        "question=Gr\xfc\xdfe aus M\xfcnchen".encode("latin-1"),
    ],
)
def test_a_form_in_another_encoding_is_answered_all_the_same(town, body):
    page = soup(town.post("/m/neckarfurt", content=body))
    assert page.article
    assert page.html["lang"] == "de"


def test_a_form_of_another_kind_is_no_error_of_the_service(town):
    reply = town.post("/m/neckarfurt", files={"question": ("a.txt", b"Hallo")})
    assert soup(reply).form


def test_what_a_citizen_writes_is_shown_and_never_markup(town):
    page = asked(town, MARKUP)
    assert MARKUP in page.find(class_="asked").text
    # The widget would lay itself over the answer.
    assert page("script") == []
    assert page("img") == []


@pytest.mark.parametrize("question", ["Was kostet ein Reisepass?", MARKUP])
def test_who_comes_in_a_rush_keeps_their_question(town_dir, wire, serve, gated, monkeypatch, question):
    monkeypatch.setattr("assistant.web.service._WAIT_SECONDS", 0.05)
    wiring = wire(town_dir, concurrency=1)
    client = serve(wiring)
    gate = gated(wiring)
    row = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
    with client.stream("POST", "/v1/answers", json=row, headers={"Accept": "text/event-stream"}) as stream:
        next(stream.iter_lines())
        reply = client.post("/m/neckarfurt", data={"question": question})
        page = soup(reply, 503)
        gate.set()
    assert "Gerade fragen sehr viele Menschen" in page.find(role="alert").text
    assert page.textarea.text.strip() == question
    assert page.article is None
    assert page("img") == []


def test_only_pages_of_ours_and_of_the_towns_may_send_the_form(town):
    own = f"http://{town.base_url.netloc.decode()}"
    for origin in (own, WWW, None):
        headers = {"Origin": origin} if origin else {}
        assert soup(town.post("/m/altstadt", data={"question": "Hallo"}, headers=headers)).article
    for name, origin in (("altstadt", "https://www.nirgends.example"), ("altstadt", "null"), ("neckarfurt", WWW)):
        reply = town.post(f"/m/{name}", data={"question": "Hallo"}, headers={"Origin": origin})
        assert reply.status_code == 403
        assert origin in reply.text
        assert "access-control-allow-origin" not in reply.headers


def test_nothing_of_what_is_asked_by_a_form_is_kept(town_dir, wire, serve, files_with):
    client = serve(wire(town_dir))
    assert asked(client, "Was kostet ein Reisepass für Quittenbaums?").article
    assert files_with(town_dir, "Quittenbaums") == []
