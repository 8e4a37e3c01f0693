"""Who may ask from a browser: pages of our own and those that a town has named, with a visitor's token."""

import time
from dataclasses import replace

import pytest
from itsdangerous.timed import TimestampSigner
from sqlalchemy import delete

from assistant import storage
from assistant.conversations.tokens import VISITOR_SECONDS, Tokens
from assistant.tables import municipalities

WWW = "https://www.altstadt.example"
PORT = "https://altstadt.example:8443"
FOREIGN = "https://www.nirgends.example"
QUESTION = {"municipality": "altstadt", "question": "Hallo"}
BEGIN = {"municipality": "altstadt"}
ASKING = pytest.mark.parametrize(("path", "body"), [("/v1/answers", QUESTION), ("/v1/conversations", BEGIN)])


@pytest.fixture(scope="module", autouse=True)
def altstadt(town_wiring):
    """A town whose assistant may stand on pages of two origins, and its like whose may not."""
    like = town_wiring.municipalities.get("neckarfurt")
    town_wiring.municipalities.put(replace(like, id="altstadt", allowed_origins=(WWW, PORT)))
    yield like
    with town_wiring.engine.begin() as connection:
        connection.execute(delete(municipalities).where(municipalities.c.id == "altstadt"))


@pytest.fixture
def own(town):
    """The origin of the service's own pages."""
    return f"http://{town.base_url.netloc.decode()}"


@pytest.fixture
def tokens(town_wiring):
    """What the service signs with."""
    return Tokens(storage.secret(town_wiring.data_dir))


def welcomed(town, origin, municipality="altstadt"):
    """The headers of a page that has got its token."""
    reply = town.post("/v1/visitors", json={"municipality": municipality}, headers={"Origin": origin})
    assert reply.status_code == 201, reply.text
    return {"Origin": origin, "Authorization": f"Bearer {reply.json()['token']}"}


def refused(reply, status, origin):
    """The sentence of a problem that the page at that origin can read."""
    body = reply.json()
    assert reply.status_code == body["status"] == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["access-control-allow-origin"] == origin
    return body["detail"]


@pytest.mark.parametrize("origin", [WWW, PORT, None])
def test_a_page_of_ours_or_of_an_origin_that_the_town_has_named_gets_a_token(town, own, origin):
    reply = town.post("/v1/visitors", json=BEGIN, headers={"Origin": origin or own})
    assert reply.status_code == 201
    assert reply.json().keys() == {"token", "expires_in"}
    assert reply.json()["expires_in"] == 900
    assert reply.headers["access-control-allow-origin"] == (origin or own)


@pytest.mark.parametrize("origin", [FOREIGN, f"{WWW}:8443", WWW.replace("https", "http"), f"{WWW}.nirgends.example"])
def test_a_page_of_another_origin_gets_none_and_can_read_why(town, origin):
    reply = town.post("/v1/visitors", json=BEGIN, headers={"Origin": origin})
    assert origin in refused(reply, 403, origin)
    assert "token" not in reply.text


def test_a_page_without_an_origin_of_its_own_gets_none(town):
    detail = refused(town.post("/v1/visitors", json=BEGIN, headers={"Origin": "null"}), 403, "null")
    assert "Pages at null" in detail


def test_what_one_town_allows_is_not_allowed_for_another(town):
    body = {"municipality": "neckarfurt"}
    assert "neckarfurt" in refused(town.post("/v1/visitors", json=body, headers={"Origin": WWW}), 403, WWW)


def test_a_page_of_ours_on_another_port_is_another_origin(town, own):
    other = own.rpartition(":")[0] + ":1"
    refused(town.post("/v1/visitors", json=BEGIN, headers={"Origin": other}), 403, other)


@pytest.mark.parametrize(("origin", "status"), [("https://chat.example", 201), ("https://chat.example:8443", 403)])
def test_our_pages_behind_a_proxy_that_ends_tls_are_ours(town, origin, status):
    headers = {"Origin": origin, "Host": "chat.example"}
    assert town.post("/v1/visitors", json=BEGIN, headers=headers).status_code == status


def test_what_is_no_browser_may_have_a_token_that_opens_nothing_for_a_page(town):
    reply = town.post("/v1/visitors", json=BEGIN)
    assert reply.status_code == 201
    assert "access-control-allow-origin" not in reply.headers
    headers = {"Origin": WWW, "Authorization": f"Bearer {reply.json()['token']}"}
    refused(town.post("/v1/answers", json=QUESTION, headers=headers), 403, WWW)


def test_a_town_that_is_not_there_is_404_for_pages_everywhere(town):
    body = {"municipality": "nirgends"}
    assert "nirgends" in refused(town.post("/v1/visitors", json=body, headers={"Origin": WWW}), 404, WWW)


@ASKING
@pytest.mark.parametrize("origin", [WWW, None])
@pytest.mark.parametrize("authorization", [None, "Basic x", "Bearer", ""])
def test_a_page_without_a_token_is_told_how_to_get_one(town, own, path, body, origin, authorization):
    headers = {"Origin": origin or own} | ({} if authorization is None else {"Authorization": authorization})
    reply = town.post(path, json=body, headers=headers)
    assert "POST /v1/visitors" in refused(reply, 401, origin or own)
    assert reply.headers["www-authenticate"] == "Bearer"


@ASKING
def test_a_page_with_its_token_may_ask(town, own, path, body):
    for origin in (WWW, PORT, own):
        reply = town.post(path, json=body, headers=welcomed(town, origin))
        assert reply.is_success, reply.text
        assert reply.headers["access-control-allow-origin"] == origin


@ASKING
def test_a_token_is_good_more_than_once(town, path, body):
    headers = welcomed(town, WWW)
    assert [town.post(path, json=body, headers=headers).is_success for _ in range(2)] == [True, True]


@ASKING
def test_what_is_no_browser_needs_no_token(town, path, body):
    assert town.post(path, json=body).is_success


@ASKING
def test_a_token_of_another_town_or_another_page_is_refused(town, own, path, body):
    for wrong in (
        welcomed(town, own, "neckarfurt"),
        welcomed(town, own) | {"Origin": WWW},
        welcomed(town, PORT) | {"Origin": WWW},
    ):
        assert "another" in refused(town.post(path, json=body, headers=wrong), 403, wrong["Origin"])


@ASKING
def test_a_token_does_not_let_in_a_page_that_the_town_has_not_named(town, tokens, path, body):
    headers = {"Origin": FOREIGN, "Authorization": f"Bearer {tokens.visitor('altstadt', FOREIGN)}"}
    assert FOREIGN in refused(town.post(path, json=body, headers=headers), 403, FOREIGN)


@ASKING
def test_a_token_is_good_for_a_quarter_of_an_hour(town, tokens, monkeypatch, path, body):
    now = int(time.time())
    for age, status in ((VISITOR_SECONDS - 60, 200), (VISITOR_SECONDS + 1, 403)):
        with monkeypatch.context() as patch:
            patch.setattr(TimestampSigner, "get_timestamp", lambda _self, then=now - age: then)
            token = tokens.visitor("altstadt", WWW)
        reply = town.post(path, json=body, headers={"Origin": WWW, "Authorization": f"Bearer {token}"})
        if status == 403:
            assert "POST /v1/visitors gives a new one" in refused(reply, 403, WWW)
        else:
            assert reply.is_success, reply.text


@ASKING
def test_a_token_that_somebody_else_has_signed_is_refused(town, tokens, path, body):
    forged = Tokens(b"guessed").visitor("altstadt", WWW)
    good = tokens.visitor("altstadt", WWW)
    for token in (forged, good[:-5], f"{good[:5]}A{good[6:]}", tokens.answer("altstadt", WWW), "x"):
        headers = {"Origin": WWW, "Authorization": f"Bearer {token}"}
        refused(town.post(path, json=body, headers=headers), 403, WWW)


class Begun:
    """A conversation, as the pages of an origin hold it."""

    def __init__(self, town, headers):
        reply = town.post("/v1/conversations", json=BEGIN, headers=headers)
        assert reply.status_code == 201, reply.text
        self._town = town
        self._path = f"/v1/conversations/{reply.json()['id']}"
        self._bearer = {"Authorization": f"Bearer {reply.json()['token']}"}

    def ways(self, origin):
        """What a page of that origin gets: saying something, reading all that was said, erasing it."""
        headers = self._bearer | ({"Origin": origin} if origin else {})
        yield self._town.post(f"{self._path}/messages", json={"text": "Hallo"}, headers=headers)
        yield self._town.get(self._path, headers=headers)
        yield self._town.delete(self._path, headers=headers)


def test_a_conversation_goes_on_at_the_origin_where_it_began_and_nowhere_else(town, own):
    begun = Begun(town, welcomed(town, WWW))
    for origin in (PORT, own):
        for reply in begun.ways(origin):
            assert "another origin" in refused(reply, 403, origin)
    for reply in begun.ways(FOREIGN):
        assert FOREIGN in refused(reply, 403, FOREIGN)
    said, read, erased = begun.ways(WWW)
    assert [said.status_code, read.status_code, erased.status_code] == [200, 200, 204]
    # Nothing of what was refused has been said.
    assert [message["role"] for message in read.json()["messages"]] == ["user", "assistant"]
    assert {reply.headers["access-control-allow-origin"] for reply in (said, read, erased)} == {WWW}


def test_a_browser_does_not_say_where_it_reads_our_own_pages_from(town, own):
    begun = Begun(town, welcomed(town, own))
    assert [reply.status_code for reply in begun.ways(None)] == [200, 200, 204]


def test_a_conversation_that_no_page_has_begun_may_go_on_at_a_page_of_the_towns(town):
    begun = Begun(town, {})
    for reply in begun.ways(FOREIGN):
        refused(reply, 403, FOREIGN)
    assert [reply.status_code for reply in begun.ways(WWW)] == [200, 200, 204]


def test_who_has_no_token_of_the_conversation_is_told_so_wherever_they_ask_from(town):
    begun = Begun(town, welcomed(town, WWW))
    begun._bearer = {}
    for reply in begun.ways(WWW):
        assert "conversation's token" in refused(reply, 401, WWW)
    begun._bearer = {"Authorization": welcomed(town, WWW)["Authorization"]}
    for reply in begun.ways(WWW):
        refused(reply, 403, WWW)


def test_a_page_that_the_town_no_longer_names_loses_its_conversations(town, town_wiring, altstadt):
    begun, headers = Begun(town, welcomed(town, WWW)), welcomed(town, WWW)
    town_wiring.municipalities.put(replace(altstadt, id="altstadt", allowed_origins=(PORT,)))
    try:
        refused(town.post("/v1/answers", json=QUESTION, headers=headers), 403, WWW)
        for reply in begun.ways(WWW):
            refused(reply, 403, WWW)
    finally:
        town_wiring.municipalities.put(replace(altstadt, id="altstadt", allowed_origins=(WWW, PORT)))
