"""The page of a town as it is sent: in whose language, who may frame it, and what the widget is loaded from."""

import gzip
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from assistant.domain.municipality import Contact, Municipality
from assistant.domain.replies import languages, replies
from assistant.tables import municipalities
from assistant.web.bundle import bundle

WWW = "https://www.altstadt.example"
PORT = "https://altstadt.example:8443"
ENFORCEMENT = 'Schlichtungsstelle <b>"Nord"</b> {body}, schlichtung@altstadt.example'


@pytest.fixture(scope="module", autouse=True)
def altstadt(town_wiring):
    """A town whose pages may show the assistant, and that names a body of enforcement."""
    like = town_wiring.municipalities.get("neckarfurt")
    named = replace(like, id="altstadt", allowed_origins=(WWW, PORT), enforcement=ENFORCEMENT)
    town_wiring.municipalities.put(named)
    yield named
    with town_wiring.engine.begin() as connection:
        connection.execute(delete(municipalities).where(municipalities.c.id == "altstadt"))


def soup(reply, status=200):
    """A page that came as one."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    return BeautifulSoup(reply.text, "lxml")


def spoken(reply):
    """The language and direction of a page."""
    html = soup(reply).html
    return html["lang"], html["dir"]


def frames(reply):
    """Who may show a page in a frame."""
    policy = reply.headers["content-security-policy"]
    return re.search(r"frame-ancestors ([^;]*)$", policy)[1].split()


def test_the_first_address_leads_to_the_sample_town(town):
    reply = town.get("/")
    assert (reply.status_code, reply.headers["location"]) == (307, "/m/neckarfurt")
    assert reply.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("named", "location"),
    [
        ("altstadt", "/m/altstadt"),
        ("nirgends", "/m/nirgends"),
        ("//nirgends.example", "/m/%2F%2Fnirgends.example"),
        ("a\r\nSet-Cookie: a=b", "/m/a%0D%0ASet-Cookie%3A%20a%3Db"),
    ],
)
def test_another_town_may_be_named_there_and_no_other_host(town, named, location):
    reply = town.get("/", params={"municipality": named})
    assert (reply.status_code, reply.headers["location"]) == (307, location)
    assert "set-cookie" not in reply.headers


def test_who_has_no_sample_town_is_led_to_the_first_of_theirs(tmp_path, wire, serve, pages):
    wiring = wire(tmp_path / "own")
    client = serve(wiring)
    said = soup(client.get("/"), 404)
    assert [p["lang"] for p in said.main("p")] == ["de", "en", "fr", "tr", "uk", "ar"]
    wiring.publisher.import_documents("amt", pages(1, "eins"), publish=True)
    name = '"><b>Dorf & "Söhne"</b>'
    wiring.municipalities.put(Municipality('"><b>Dorf', name, ("amt",), Contact('<i>Amt</i>"'), suggestions=("<u>?",)))
    page = client.get("/", follow_redirects=True)
    read = soup(page)
    assert read.find("amtslotse-chat")["municipality"] == '"><b>Dorf'
    assert name in read.title.text
    assert read.find_all(["b", "i", "u"]) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ["nirgends", "%3Cscript%3E", "a%00b", "x" * 1000])
def test_a_town_that_is_not_there_is_told_in_words(town, method, name):
    said = soup(town.request(method, f"/m/{name}"), 404)
    assert "Diesen Ort kennt dieser Assistent nicht" in said.text
    assert said.text.count("115") == len(said.main("p")) == 6
    assert said("script") == []


def test_that_a_statement_is_of_no_town_is_told_in_words_too(town):
    assert "Diesen Ort kennt" in soup(town.get("/m/nirgends/accessibility"), 404).text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_that_the_database_cannot_be_reached_is_told_in_words(town, town_wiring, monkeypatch, method):
    def gone(_name):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(town_wiring.municipalities, "get", gone)
    said = soup(town.request(method, "/m/neckarfurt"), 503)
    assert "gerade nicht erreichbar" in said.text
    assert "SELECT" not in said.text


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "de"),
        ("", "tr", "tr"),
        ("", "pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("", "PL", "pl"),
        ("", "zh-CN,zh;q=0.9,uk;q=0.8,de;q=0.7", "uk"),
        ("", "*", "de"),
        ("", ";;,,-,\xff", "de"),
        ("?language=fr", "tr", "fr"),
        ("?language=de-AT", "tr", "de"),
        ("?language=AR", "tr", "ar"),
        ("?language=zh", "tr", "tr"),
        ("?language=fa", "", "fa"),
    ],
)
def test_a_page_is_in_the_language_of_the_address_then_of_the_browser(town, query, accepted, language):
    reply = town.get(f"/m/neckarfurt{query}", headers={"Accept-Language": accepted.encode("latin-1")})
    assert spoken(reply) == (language, "rtl" if language in ("ar", "fa") else "ltr")
    assert reply.headers["vary"] == "Accept-Language"
    assert reply.headers["cache-control"] == "no-cache"
    assert soup(reply).find("amtslotse-chat")["language"] == language
    assert replies(language).text("interface", "title", place="Neckarfurt") == soup(reply).title.text


def test_a_page_is_else_in_the_first_language_of_its_town(town, town_wiring, altstadt):
    town_wiring.municipalities.put(replace(altstadt, languages=("zh", "fr", "de")))
    try:
        assert spoken(town.get("/m/altstadt")) == ("fr", "ltr")
        assert spoken(town.get("/m/altstadt", headers={"Accept-Language": "tr"})) == ("tr", "ltr")
    finally:
        town_wiring.municipalities.put(altstadt)


def test_a_page_says_what_it_is_before_anything_is_asked(town):
    page = soup(town.get("/m/neckarfurt"))
    said = page.find("amtslotse-chat").get_text(" ", strip=True)
    for text in ("kein Mensch", "Die Stadt Neckarfurt ist erfunden"):
        assert said.index(text) < said.index("Ihre Frage")
    assert page.form["action"] == "/m/neckarfurt?language=de"
    assert page.form["method"] == "post"
    [label] = page.find_all("label", attrs={"for": "plain-question"})
    assert (label.text, page.textarea["id"]) == ("Ihre Frage", "plain-question")


def test_a_page_offers_every_language_and_says_which_it_is_in(town):
    links = soup(town.get("/m/neckarfurt?language=uk")).nav("a")
    assert {link["lang"]: link["href"] for link in links} == {
        code: f"/m/neckarfurt?language={code}" for code in languages()
    }
    assert [link["lang"] for link in links if link.get("aria-current")] == ["uk"]
    assert {link["lang"]: link.text for link in links}["el"] == "Ελληνικά"


def test_a_page_may_be_framed_by_the_origins_that_its_town_has_named(town):
    page = town.get("/m/altstadt")
    assert frames(page) == ["'self'", WWW, PORT]
    assert frames(town.get("/m/altstadt/accessibility")) == ["'self'", WWW, PORT]
    assert frames(town.post("/m/altstadt", content=b"question=Hallo")) == ["'self'", WWW, PORT]
    assert frames(town.get("/m/neckarfurt")) == frames(town.get("/m/nirgends")) == ["'self'"]
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy


def test_a_form_says_where_it_comes_from_and_to_nobody_else(town):
    assert town.get("/m/neckarfurt").headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/m/neckarfurt", "/m/neckarfurt/accessibility", "/m/nirgends"])
def test_a_page_loads_nothing_but_what_is_ours_and_all_of_that_is_there(town, path):
    page = soup(town.get(path), 404 if "nirgends" in path else 200)
    loaded = [tag["href"] for tag in page("link")] + [tag["src"] for tag in page(src=True)]
    assert {"/page.css", "/icon.svg"} <= set(loaded)
    assert {town.get(address).status_code for address in loaded} == {200}
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    # The policy of the page would keep them from working.
    assert page.find_all(style=True) + page.find_all("style") == []
    assert [tag for tag in page("script") if not tag.get("src") or tag.text] == []
    assert [name for tag in page(True) for name in tag.attrs if name.startswith("on")] == []


@pytest.mark.parametrize("language", languages())
def test_the_accessibility_statement_is_there_in_every_language(town, language):
    said = replies(language).tables["accessibility"]
    for name, named in (("neckarfurt", False), ("altstadt", True)):
        reply = town.get(f"/m/{name}/accessibility", params={"language": language})
        page = soup(reply)
        assert spoken(reply) == (language, "rtl" if language in ("ar", "fa") else "ltr")
        assert page.title.text == page.h1.text == said["title"]
        told = [p.text for p in page.main("p")]
        assert told[1:3] == [said["status"], said["limits"]]
        assert "Neckarfurt" in told[0]
        assert "115" in told[3]
        assert (told[4] == said["enforcement"].replace("{body}", ENFORCEMENT)) is named
        assert ("{" in page.text.replace(ENFORCEMENT, "")) is False
        assert page.main.a["href"] == f"/m/{name}?language={language}"
        assert page.find("b") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/widget.js", "text/javascript"), ("/page.css", "text/css"), ("/icon.svg", "image/svg+xml")],
)
def test_a_file_is_sent_pressed_and_once(town, path, kind):
    first = town.get(path, headers={"Accept-Encoding": "gzip"})
    assert first.status_code == 200
    assert first.headers["content-type"] == f"{kind}; charset=utf-8"
    assert first.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in first.headers["vary"]
    assert first.headers["cache-control"] == "no-cache"
    plain = town.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content
    same = town.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    assert town.get(path, headers={"If-None-Match": '"older"'}).status_code == 200


def test_the_widget_is_for_pages_everywhere_and_small(town):
    with town.stream("GET", "/widget.js", headers={"Accept-Encoding": "gzip", "Origin": WWW}) as reply:
        sent = b"".join(reply.iter_raw())
    assert gzip.decompress(sent).decode() == bundle()
    assert len(sent) <= 30_000
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert reply.headers["x-content-type-options"] == "nosniff"
    for path in ("/page.css", "/m/neckarfurt"):
        assert "access-control-allow-origin" not in town.get(path, headers={"Origin": WWW}).headers
