"""What pages of other origins may see of the API, and that they can read why they may not see the rest."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import delete

from assistant.tables import municipalities
from assistant.web.bundle import WIDGET

WWW = "https://www.altstadt.example"
FOREIGN = "https://www.nirgends.example"
PREFLIGHT = {"Origin": WWW, "Access-Control-Request-Method": "POST"}
PROFILE = "/v1/municipalities/altstadt"
FOUND = {"query": "Hundesteuer", "top": 1}


@pytest.fixture(scope="module", autouse=True)
def altstadt(town_wiring):
    """A town whose assistant may stand on pages of another origin."""
    like = town_wiring.municipalities.get("neckarfurt")
    town_wiring.municipalities.put(replace(like, id="altstadt", allowed_origins=(WWW,)))
    yield
    with town_wiring.engine.begin() as connection:
        connection.execute(delete(municipalities).where(municipalities.c.id == "altstadt"))


@pytest.fixture
def own(town):
    """The origin of the service's own pages."""
    return f"http://{town.base_url.netloc.decode()}"


def refused(reply, status, origin):
    """The sentence of a problem that the page at that origin can read."""
    body = reply.json()
    assert reply.status_code == body["status"] == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["access-control-allow-origin"] == origin
    return body["detail"]


def test_the_profile_is_for_our_own_pages_and_those_that_the_town_has_named(town, own):
    for origin in (WWW, own):
        reply = town.get(PROFILE, headers={"Origin": origin})
        assert reply.json()["id"] == "altstadt"
        assert reply.headers["access-control-allow-origin"] == origin
    assert town.get(PROFILE).json()["id"] == "altstadt"
    for origin in (FOREIGN, "null"):
        assert "altstadt" in refused(town.get(PROFILE, headers={"Origin": origin}), 403, origin)
    refused(town.get("/v1/municipalities/neckarfurt", headers={"Origin": WWW}), 403, WWW)


def test_a_search_for_a_town_is_for_the_pages_it_has_named(town, own):
    row = FOUND | {"municipality": "altstadt"}
    for headers in ({"Origin": WWW}, {"Origin": own}, {}):
        assert len(town.post("/v1/search", json=row, headers=headers).json()["results"]) == 1
    refused(town.post("/v1/search", json=row, headers={"Origin": FOREIGN}), 403, FOREIGN)
    other = FOUND | {"municipality": "neckarfurt"}
    refused(town.post("/v1/search", json=other, headers={"Origin": WWW}), 403, WWW)


def test_a_search_in_corpora_by_name_is_for_our_own_pages(town, own):
    row = FOUND | {"corpora": ["neckarfurt"]}
    for headers in ({"Origin": own}, {}):
        assert len(town.post("/v1/search", json=row, headers=headers).json()["results"]) == 1
    for origin in (WWW, FOREIGN, "null"):
        refused(town.post("/v1/search", json=row, headers={"Origin": origin}), 403, origin)


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "https://", "x" * 3_000, "http://\xe4"])
def test_an_origin_that_is_no_address_is_refused_like_any_other(town, origin):
    headers = {"Origin": origin.encode("latin-1")}
    assert town.get(PROFILE, headers=headers).status_code == 403


@pytest.mark.parametrize("origin", [WWW, FOREIGN, "null"])
@pytest.mark.parametrize("path", ["/v1/visitors", "/v1/answers", "/v1/conversations/x/messages", PROFILE])
def test_a_preflight_is_answered_for_everybody(town, path, origin):
    reply = town.options(path, headers=PREFLIGHT | {"Origin": origin})
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["access-control-allow-origin"] == origin
    assert reply.headers["vary"] == "Origin"
    assert int(reply.headers["access-control-max-age"]) == 7200


def test_every_method_of_the_api_is_allowed_to_pages(town):
    allowed = town.options("/v1/visitors", headers=PREFLIGHT).headers["access-control-allow-methods"].split(", ")
    described = town.get("/openapi.json").json()["paths"]
    methods = {method.upper() for path, of in described.items() if path.startswith("/v1/") for method in of}
    assert set(allowed) == methods


def test_every_header_that_the_widget_sends_is_allowed_and_every_one_it_reads_can_be_read(town):
    source = (WIDGET / "server.js").read_text(encoding="utf-8")
    # Names of one word, such as `accept`, need no leave; but this one does.
    sent = {"authorization", *re.findall(r'"([a-z]+(?:-[a-z]+)+)": ', source)}
    assert "authorization: `Bearer" in source
    assert {"content-type", "last-event-id"} < sent
    read = set(re.findall(r'headers\.get\("([\w-]+)"\)', source))
    reply = town.options("/v1/visitors", headers=PREFLIGHT)
    assert sent <= set(reply.headers["access-control-allow-headers"].lower().split(", "))
    assert {"answer-id", "answer-token"} <= read
    assert read <= set(reply.headers["access-control-expose-headers"].lower().split(", "))


def test_options_that_are_no_preflight_are_405(town):
    refused(town.options("/v1/visitors", headers={"Origin": WWW}), 405, WWW)


@pytest.mark.parametrize("path", ["/", "/m/altstadt", "/healthz", "/readyz", "/openapi.json"])
def test_what_is_not_the_api_is_for_our_own_pages(town, path):
    for reply in (town.options(path, headers=PREFLIGHT), town.get(path, headers={"Origin": WWW})):
        assert [name for name in reply.headers if name.startswith("access-control-")] == []


def test_no_page_may_send_credentials_along(town):
    replies = [
        town.options("/v1/visitors", headers=PREFLIGHT),
        town.post("/v1/visitors", json={"municipality": "altstadt"}, headers={"Origin": WWW}),
        town.get(PROFILE, headers={"Origin": FOREIGN}),
        town.get("/widget.js", headers={"Origin": WWW}),
    ]
    assert [reply.status_code for reply in replies] == [204, 201, 403, 200]
    for reply in replies:
        assert "access-control-allow-credentials" not in reply.headers
        assert "set-cookie" not in reply.headers


def test_what_is_kept_by_a_cache_for_one_page_is_not_given_to_another(town):
    for headers in ({"Origin": WWW}, {"Origin": FOREIGN}, {}):
        assert "origin" in town.get(PROFILE, headers=headers).headers["vary"].lower(), headers


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/nowhere", None, 404),
        ("GET", "/v1/municipalities/nirgends", None, 404),
        ("GET", "/v1/answers/nirgends/events", None, 401),
        ("GET", "/v1/answers", None, 405),
        ("POST", "/v1/answers", b"x" * 70_000, 413),
        ("POST", "/v1/visitors", b"{", 422),
    ],
)
def test_a_page_can_read_what_went_wrong(town, method, path, body, status):
    headers = {"Origin": WWW, "Content-Type": "application/json"}
    refused(town.request(method, path, content=body, headers=headers), status, WWW)


def test_a_page_can_read_that_the_service_broke(town_dir, wire, serve, monkeypatch):
    client = serve(wire(town_dir))

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("assistant.web.municipalities.suggestions", broken)
    origin = f"http://{client.base_url.netloc.decode()}"
    reply = client.get("/v1/municipalities/neckarfurt", headers={"Origin": origin})
    refused(reply, 500, origin)


def test_a_page_of_the_towns_reads_a_stream_on_after_a_break(town):
    visitor = town.post("/v1/visitors", json={"municipality": "altstadt"}, headers={"Origin": WWW}).json()
    headers = {"Origin": WWW, "Authorization": f"Bearer {visitor['token']}", "Accept": "text/event-stream"}
    row = {"municipality": "altstadt", "question": "Hallo"}
    first = town.post("/v1/answers", json=row, headers=headers)
    path = f"/v1/answers/{first.headers['answer-id']}/events"
    bearer = {"Authorization": f"Bearer {first.headers['answer-token']}", "Last-Event-ID": "1"}
    assert town.get(path, headers={"Origin": WWW}).status_code == 401
    assert town.get(path, headers={"Origin": "https://elsewhere.example", **bearer}).status_code == 403
    rest = town.get(path, headers={"Origin": WWW, **bearer})
    assert "event: answer" in rest.text
    assert rest.text == first.text[-len(rest.text) :]
    assert rest.headers["access-control-allow-origin"] == WWW
