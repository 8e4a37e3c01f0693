"""What a model writes, proven and released, over a real client and a scripted server."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from assistant.answering.asking import Asking
from assistant.answering.compose import Quote
from assistant.answering.prompt import Prompts
from assistant.answering.release import Release
from assistant.answering.verify import Verify
from assistant.answering.write import Write
from assistant.domain.draft import Cited, Draft
from serving.admission import Admission
from serving.breaker import Breaker, State
from serving.client import Client
from serving.generation import Endpoint, Timeouts
from tests.fakes import page
from tests.scripted import Cut, Finish, Pause, Script, Scripted, Status
from tests.unit.answering.drafts import draft, hit, whole_page

PASS = page("pass", "Ein Reisepass kostet 70 Euro. Er gilt zehn Jahre.", title="Reisepass")
DOG = page("hund", "Die Hundesteuer beträgt 108 Euro im Jahr.", title="Hundesteuer")
ASKED = draft("Was kostet ein Reisepass?", hits=(hit(PASS, score=0.8), hit(DOG, score=0.7)), page=whole_page(PASS))
QUOTED = ["Ein Reisepass kostet 70 Euro.", "Er gilt zehn Jahre.", "Die Hundesteuer beträgt 108 Euro im Jahr."]


@asynccontextmanager
async def writing(server: Scripted, **parts: Any) -> AsyncIterator[Release]:
    client = Client(Endpoint(server.url, "scripted"), Timeouts(2, 2, 2))
    given = {"admission": Admission(2), "breaker": Breaker(2)} | parts
    asking = Asking("scripted", client, secret=b"s", **given)
    yield Release((Write(asking, Prompts(len, 100_000)), Quote()), Verify())
    await client.close()


async def composed(release: Release, asked: Draft = ASKED) -> list[Cited]:
    return [cited async for cited in release(asked) if isinstance(cited, Cited)]


async def answered(server: Scripted, times: int = 1, **parts: Any) -> list[list[Cited]]:
    async with writing(server, **parts) as write:
        return [await composed(write) for _ in range(times)]


def said(script: Script) -> list[Cited]:
    with Scripted(script) as server:
        return asyncio.run(answered(server))[0]


def texts(found: Sequence[Cited]) -> list[str]:
    return [cited.text for cited in found]


def test_what_the_model_writes_is_released_with_the_sources_it_names() -> None:
    found = said(["Ein Pass kostet", " 70 Euro. [1] Die Steuer", " sind 108 Euro. [2]", Finish()])

    assert texts(found) == ["Ein Pass kostet 70 Euro.", "Die Steuer sind 108 Euro."]
    assert [[one.document.id for one in cited.evidence] for cited in found] == [["pass"], ["hund"]]
    assert not any(cited.quoted for cited in found)


@pytest.mark.parametrize("invented", ["kostet 75 Euro. [1]", "kostet 70 Euro. [2]", "kostet 70 Euro. [3]"])
def test_what_cannot_be_proven_is_dropped_and_the_rest_released(invented: str) -> None:
    assert texts(said([f"Ein Pass {invented} Er gilt zehn Jahre. [1]", Finish()])) == ["Er gilt zehn Jahre."]


@pytest.mark.parametrize(
    "script",
    [
        ["Ein Pass kostet 75 Euro. [1]", Finish()],
        ["Das weiß ich nicht.", Finish()],
        [Finish()],
        Status(503),
        Status(400),
        Cut(),
        [Cut()],
        ["Ein Pass", Cut()],
        [Pause(5)],
    ],
)
def test_where_nothing_is_proven_the_page_is_quoted(script: Script) -> None:
    found = said(script)

    assert texts(found) == QUOTED
    assert all(cited.quoted for cited in found)


def test_where_the_server_breaks_off_the_page_is_quoted_for_what_it_has_not_said() -> None:
    found = said(["Ein Pass kostet 70 Euro. [1] Er", " gilt", Cut()])

    assert texts(found) == ["Ein Pass kostet 70 Euro.", *QUOTED[1:]]
    assert [cited.quoted for cited in found] == [False, True, True]


def test_a_server_that_is_not_there_is_asked_no_more_and_the_page_is_quoted() -> None:
    with Scripted([Finish()]) as server:
        server.kill()
        breaker = Breaker(2)
        answers = asyncio.run(answered(server, 4, breaker=breaker))

    assert [texts(answer) for answer in answers] == [QUOTED] * 4
    assert breaker.state is State.OPEN


def test_who_finds_no_place_is_quoted_at_once() -> None:
    with Scripted([Pause(1), "Ein Pass kostet 70 Euro. [1]", Finish()]) as server:

        async def both() -> list[list[Cited]]:
            async with writing(server, admission=Admission(1)) as write:
                return await asyncio.gather(*(composed(write) for _ in range(2)))

        found = asyncio.run(both())

    assert sorted(texts(one) for one in found) == sorted([["Ein Pass kostet 70 Euro."], QUOTED])
    assert len(server.asked) == 1


def test_who_closes_the_window_stops_the_model() -> None:
    script: Script = ["Ein Pass kostet 70 Euro. [1] Er gilt", *[Pause(0.2), " lange"] * 50, Finish()]
    with Scripted(script) as server:

        async def leave() -> None:
            async with writing(server) as write:
                async with aclosing(write(ASKED)) as sentences:
                    async for _ in sentences:
                        break
                await asyncio.sleep(0.5)

        asyncio.run(leave())

    assert server.asked[0].left


def test_no_word_of_a_citizen_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        said(Status(400, '{"error": {"message": "Was kostet ein Reisepass?"}}'))

    assert "answer a1" in caplog.text
    assert "Reisepass" not in caplog.text


def test_each_municipality_has_a_salt_of_its_own_that_does_not_name_it() -> None:
    with Scripted([Finish()]) as server:
        asyncio.run(answered(server))
        body = server.asked[0].body

    assert len(body["cache_salt"]) == 64
    assert "neckarfurt" not in body["cache_salt"]


def test_in_a_language_that_cannot_be_proven_nothing_is_worded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.answering.write.known", lambda language: False)
    with Scripted(["Ein Pass kostet 70 Euro. [1]", Finish()]) as server:
        found = asyncio.run(answered(server))[0]

    assert texts(found) == QUOTED
    assert server.asked == []
