"""The rewriting of follow-ups over a real client and a scripted server."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from assistant.answering import route
from assistant.answering.asking import Asking
from assistant.answering.present import Present
from assistant.answering.rewrite import Rewrite, messages, unsure, usable
from assistant.answering.route import Router
from assistant.answering.screen import Screen
from assistant.answering.understand import Understand
from assistant.domain.draft import Draft, Turn
from retrieval.centring import load as centres_of
from serving.admission import Admission
from serving.breaker import Breaker, State
from serving.client import Client
from serving.generation import Endpoint, Timeouts
from tests.fakes import FakeEmbedder
from tests.scripted import Asked, Cut, Finish, Leave, Pause, Script, Scripted, Status
from tests.unit.answering.drafts import TOWN, asked, done, draft, question

PASS = "Was kostet ein Reisepass?"
DAUGHTER = "Und für meine Tochter, sie ist 12?"
GLUED = f"{PASS} {DAUGHTER}"
MEANT = "Was kostet ein Reisepass für meine Tochter, die 12 ist?"
CONVERSATIONS = {
    "de": ("Wie beantrage ich einen Reisepass?", "Was kostet das?"),
    "en": ("How do I apply for a passport?", "How much does it cost?"),
    "fr": ("Comment demander un passeport ?", "Combien ça coûte ?"),
    "tr": ("Pasaport nasıl alabilirim?", "Ne kadar tutar?"),
    "ar": ("كيف أحصل على جواز سفر؟", "كم التكلفة؟"),
    "uk": ("Як отримати закордонний паспорт?", "Скільки це коштує?"),
}
GUESSES = [
    ("de", DAUGHTER),
    ("de", "Geht das auch ohne Termin?"),
    ("de", "Okay. Und der Hund?"),
    ("de", "Und wie viel kostet ein Personalausweis?"),
    ("de", "Personalausweis?"),
    ("de", "Wo ist das Bürgerbüro?"),
    ("de", "Nein, ich meine den vorläufigen"),
    ("en", "What if I lost it?"),
    ("en", "Can my husband collect it?"),
    ("fr", "Et si je l'ai perdu ?"),
    ("fr", "Mon mari peut le récupérer ?"),
    ("tr", "Peki kızım için, 12 yaşında?"),
    ("tr", "Kaybettiysem ne olacak?"),
    ("ar", "وماذا لو فقدته؟"),
    ("ar", "ولابنتي، عمرها 12 سنة؟"),
    ("uk", "А якщо я його загубив?"),
    ("uk", "Чи можна без запису?"),
]
REWRITTEN = {
    "de": "Was mache ich, wenn ich meinen Reisepass verloren habe?",
    "en": "What do I do if I have lost my passport?",
    "fr": "Que faire si j'ai perdu mon passeport ?",
    "tr": "Pasaportumu kaybettiysem ne yapmam gerekiyor?",
    "ar": "ماذا أفعل إذا فقدت جواز السفر الخاص بي؟",
    "uk": "Що робити, якщо я загубив закордонний паспорт?",
    "pl": "Co zrobić, jeśli zgubiłem swój paszport?",
}


@cache
def shipped() -> Router:
    embedder = FakeEmbedder()
    return Router(route.load(), embedder, centres_of(embedder), embedder.queries)


@asynccontextmanager
async def rewriting(server: Scripted, seconds: float = 5, **parts: Any) -> AsyncIterator[Rewrite]:
    client = Client(Endpoint(server.url, "scripted"), Timeouts(2, 2, 2))
    given = {"admission": Admission(2), "breaker": Breaker(2)} | parts
    yield Rewrite(Asking("scripted", client, secret=b"s", **given), shipped().by_phrase, seconds)
    await client.close()


def understood(text: str, *before: str, history: tuple[Turn, ...] | None = None, **fields: Any) -> Draft:
    return cheaply(draft(text, history=asked(*before) if history is None else history, **fields))


def cheaply(screened: Draft) -> Draft:
    result = done(Understand()(screened))
    assert isinstance(result, Draft)
    return result


async def all_rewritten(server: Scripted, *drafts: Draft, **parts: Any) -> list[Draft]:
    async with rewriting(server, **parts) as rewrite:
        results = [await rewrite(one) for one in drafts]
    return [one for one in results if isinstance(one, Draft)]


def run(script: Script | Callable[[Asked], Script], *drafts: Draft, **parts: Any) -> tuple[list[Draft], list[Asked]]:
    with Scripted(script) as server:
        return asyncio.run(all_rewritten(server, *drafts, **parts)), server.asked


def rewritten(script: Script, before: Draft, **parts: Any) -> Draft:
    return run(script, before, **parts)[0][0]


def says(text: str) -> list[str | Finish]:
    return [json.dumps({"question": text}), Finish()]


def test_a_follow_up_becomes_a_question_that_stands_alone() -> None:
    before = understood(DAUGHTER, PASS)
    result = rewritten(
        ['{"question": "Was kostet ein Reisepass', ' für meine Tochter, die 12 ist?"}', Finish()], before
    )

    assert before.standalone == GLUED
    assert result == replace(before, standalone=MEANT, facets=("fees",))


def test_facets_are_those_of_the_new_question_and_of_what_was_said() -> None:
    before = understood("Und geht das auch online?", "Wo beantrage ich einen Reisepass?")
    result = rewritten(says("Was kostet ein Reisepass, der online beantragt wird?"), before)

    assert result.facets == ("fees", "online_service")


def test_the_subject_that_was_left_brings_no_facets() -> None:
    before = understood("Und der Hund?", PASS)

    assert before.facets == ("fees",)
    assert rewritten(says("Wie melde ich einen Hund an?"), before).facets == ("steps",)


@pytest.mark.parametrize(("language", "text"), GUESSES)
def test_it_is_unsure_where_the_conversation_decides_what_is_meant(language: str, text: str) -> None:
    assert unsure(understood(text, CONVERSATIONS[language][0]))


@pytest.mark.parametrize("text", ["A dla mojej córki?", "Ile to kosztuje?"])
def test_it_is_unsure_in_a_language_that_has_no_cues(text: str) -> None:
    assert unsure(understood(text, "Jak złożyć wniosek o nowy paszport?"))


@pytest.mark.parametrize("language", CONVERSATIONS)
def test_it_is_sure_of_a_fact_of_one_service(language: str) -> None:
    subject, fact = CONVERSATIONS[language]

    assert not unsure(understood(fact, subject))
    assert not unsure(understood(fact, subject, fact))


@pytest.mark.parametrize(
    "text",
    [
        "Wann ist der Wertstoffhof geöffnet?",
        "Reisepass Kosten?",
        "Wie kann ich in Neckarfurt meinen Hund anmelden?",
        "Ich bin gestern in eine andere Wohnung gezogen, was muss ich jetzt tun?",
    ],
)
def test_it_is_sure_of_a_question_that_stands_alone(text: str) -> None:
    assert not unsure(understood(text, PASS))


@pytest.mark.parametrize("between", [DAUGHTER, "Und der Hund?", "Welche Unterlagen brauche ich für mein Kind?"])
def test_it_is_unsure_of_a_fact_after_a_follow_up_that_may_have_changed_the_matter(between: str) -> None:
    assert unsure(understood("Was kostet das?", "Wie beantrage ich einen Reisepass?", between))


def test_it_is_unsure_of_a_fact_where_two_services_were_named() -> None:
    assert unsure(understood("Was kostet das?", "Personalausweis und Reisepass verloren, was tun?"))


@pytest.mark.parametrize("history", [(), asked("Hallo", "Vielen Dank!"), (Turn("assistant", "Guten Tag!"),)])
@pytest.mark.parametrize("text", [DAUGHTER, "Personalausweis?"])
def test_without_a_question_before_it_no_model_is_asked(text: str, history: tuple[Turn, ...]) -> None:
    before = understood(text, history=history)
    results, requests = run(says(MEANT), before)

    assert (results, requests) == ([before], [])


def test_where_the_cheap_way_is_sure_no_model_is_asked() -> None:
    before = understood("Was kostet das?", "Wie beantrage ich einen Reisepass?")
    results, requests = run(says(MEANT), before)

    assert (results, requests) == ([before], [])


@pytest.mark.parametrize("text", ["Danke!", "Hallo", "Ich will sterben", "Ich möchte mit einem Menschen sprechen"])
def test_what_takes_a_route_by_its_words_waits_for_no_model(text: str) -> None:
    before = understood(text, PASS)
    results, requests = run(says(MEANT), before)

    assert unsure(before)
    assert (results, requests) == ([before], [])


@pytest.mark.parametrize(
    "script",
    [
        Status(503),
        Status(400),
        Status(429),
        Cut(),
        [Cut()],
        ['{"question": "Was', Cut()],
        [json.dumps({"question": MEANT}), Leave()],
        [Finish()],
        ['{"question": "Was kostet', Finish("length")],
        ["Was kostet ein Reisepass für ein Kind?", Finish()],
        ["[" * 100_000, Finish()],
    ],
)
def test_whatever_goes_wrong_leaves_the_draft_as_it_came(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    before = understood(DAUGHTER, PASS)

    assert rewritten(script, before) == before
    assert "answer a1: its question is not rewritten" in caplog.text


@pytest.mark.parametrize(
    "written",
    [
        "null",
        f'"{MEANT}"',
        "{}",
        '{"question": null}',
        '{"question": ["Was kostet ein Reisepass?"]}',
        json.dumps({"question": MEANT, "answer": "70 Euro"}),
        json.dumps({"question": MEANT}) + " Gerne!",
        f"```json\n{json.dumps({'question': MEANT})}\n```",
        *(
            json.dumps({"question": text})
            for text in (
                "",
                " ",
                "?!",
                "\ud83d",
                "Was kostet ein Reisepass " + "wirklich " * 40,
                "How much is a passport for my daughter?",
                "Was kostet **ein Reisepass** für meine Tochter?",
                "Was kostet ein <b>Reisepass</b> für meine Tochter?",
                "Was kostet ein [Reisepass](x) für meine Tochter?",
                "Was steht auf https://stadt.example zum Reisepass?",
                "Was steht auf WWW.stadt.example zum Reisepass?",
                "Was kostet das für meine Tochter?",
                DAUGHTER,
            )
        ),
    ],
)
def test_what_is_no_such_question_is_not_used(written: str) -> None:
    assert usable(written, understood(DAUGHTER, PASS)) is None


def test_an_echo_that_names_a_service_takes_the_subject_away() -> None:
    before = understood("Wo ist das Bürgerbüro?", PASS)

    assert before.standalone.startswith(PASS)
    assert rewritten(says("Wo ist das Bürgerbüro?"), before).standalone == "Wo ist das Bürgerbüro?"


def test_what_the_model_wrote_is_screened_like_what_a_citizen_writes() -> None:
    written = json.dumps({"question": "Was kostet der Reisepass\n für\u200b erika@example.org?"})

    assert usable(written, understood(DAUGHTER, PASS)) == "Was kostet der Reisepass für [e-mail]?"


@pytest.mark.parametrize("language", REWRITTEN)
def test_a_question_in_the_language_of_the_citizen_is_used(language: str) -> None:
    before = draft("?", language=language)

    for other, text in REWRITTEN.items():
        assert usable(json.dumps({"question": text}), before) == (text if other == language else None)


def test_a_few_words_are_of_any_language() -> None:
    assert usable('{"question": "Personalausweis für ein Kind?"}', draft("?", language="tr")) is not None


def test_a_slow_model_is_left_and_the_citizen_goes_on() -> None:
    before = understood(DAUGHTER, PASS)
    breaker = Breaker(1)
    script: Script = ['{"question": "', *[Pause(0.1), "Was "] * 100, Finish()]
    with Scripted(script) as server:

        async def hurried() -> Draft:
            async with rewriting(server, seconds=0.5, breaker=breaker) as rewrite:
                result = await rewrite(before)
                # Before the client is closed, which would end the connection too.
                await asyncio.to_thread(server.asked[0].left.wait, 5)
            assert isinstance(result, Draft)
            return result

        result = asyncio.run(hurried())

    assert result == before
    assert server.asked[0].left.is_set()
    assert breaker.state is State.CLOSED


def test_a_model_that_says_nothing_is_left_too() -> None:
    before = understood(DAUGHTER, PASS)

    assert rewritten([Pause(5)], before, seconds=0.3) == before


def test_a_place_is_given_back_however_it_ends() -> None:
    admission = Admission(1)
    before = understood(DAUGHTER, PASS)
    for script in (says(MEANT), Status(503), [Pause(5)]):
        rewritten(script, before, seconds=0.5, admission=admission)

        assert admission.taken == 0


def test_without_a_place_no_model_is_asked() -> None:
    before = understood(DAUGHTER, PASS)
    results, requests = run(says(MEANT), before, admission=Admission(0))

    assert (results, requests) == ([before], [])


def test_a_server_that_fails_is_asked_no_more() -> None:
    before = understood(DAUGHTER, PASS)
    results, requests = run(Status(500), *[before] * 4, breaker=Breaker(2))

    assert results == [before] * 4
    assert len(requests) == 2


def test_no_word_of_a_citizen_or_the_model_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    before = understood(DAUGHTER, PASS)
    with caplog.at_level(logging.DEBUG):
        run(Status(400, json.dumps({"error": {"message": GLUED}})), before)
        run(["Tochter, 12", Finish()], before)
        run(says("How much is a passport for Tochter, 12?"), before)

    assert caplog.text.count("is not rewritten") == 3
    assert "Tochter" not in caplog.text
    assert "Reisepass" not in caplog.text


def test_the_model_must_write_one_short_question() -> None:
    _, (request,) = run(says(MEANT), understood(DAUGHTER, PASS))
    schema = request.body["response_format"]["json_schema"]["schema"]

    assert schema["properties"]["question"]["maxLength"] == 300
    assert (schema["required"], schema["additionalProperties"]) == (["question"], False)
    assert (request.body["temperature"], request.body["max_completion_tokens"]) == (0, 90)


def test_the_request_bears_another_name_than_that_for_the_answer() -> None:
    _, (request,) = run(says(MEANT), understood(DAUGHTER, PASS))

    assert request.headers["x-request-id"] == "a1-rewrite"


def test_each_municipality_has_a_salt_of_its_own_that_does_not_name_it() -> None:
    towns = [TOWN, TOWN, replace(TOWN, id="altenau")]
    _, requests = run(says(MEANT), *(understood(DAUGHTER, PASS, town=town) for town in towns))
    salts = [request.body["cache_salt"] for request in requests]

    assert salts[0] == salts[1] != salts[2]
    assert all(len(salt) == 64 and "neckarfurt" not in salt for salt in salts)


def test_the_end_of_the_conversation_is_given_and_cut() -> None:
    spoken = (PASS, "q" * 1000, "y" * 1000)
    said = messages(understood("Und wie lange?", *spoken))[1].text

    assert PASS not in said
    assert "y" * 600 in said
    assert "y" * 601 not in said
    assert said.endswith("Last message: Und wie lange?\nLanguage: German")


def test_the_subject_is_given_where_it_lies_further_back() -> None:
    facts = ["Was kostet das?", "Und wie lange dauert das?", "Welche Unterlagen?"]
    near, far = (messages(understood(DAUGHTER, PASS, *facts[:count]))[1].text for count in (1, 3))

    assert near.count(PASS) == far.count(PASS) == 1
    assert far.startswith(f"Conversation:\nCitizen: {PASS}\nCitizen: Und wie lange dauert das?\nAssistant: ")


def test_the_prompt_begins_alike_for_all() -> None:
    first = {messages(understood(text, PASS, town=TOWN))[0] for text in (DAUGHTER, "Okay. Und der Hund?")}
    second = {messages(understood("What if I lost it?", CONVERSATIONS["en"][0]))[0]}

    assert first == second
    assert "not instructions" in first.pop().text


def test_the_model_gets_nothing_unscreened() -> None:
    raw = question("Und für erika@example.org?", history=asked("Pass für DE02 1203 0000 0000 2020 51?"))
    screened = done(Screen(Present("test"), 2000)(Draft("a1", raw)))
    assert isinstance(screened, Draft)
    _, (request,) = run(says(MEANT), cheaply(screened))
    sent = json.dumps(request.body)

    assert "[e-mail]" in sent
    assert "[IBAN]" in sent
    assert "erika" not in sent
    assert "2020" not in sent


@pytest.mark.parametrize(
    ("language", "name"), [("uk", "Ukrainian"), ("pl", "Polish"), ("sw", "that of the last message")]
)
def test_the_language_to_write_in_is_named(language: str, name: str) -> None:
    assert messages(draft("?", history=asked(PASS), language=language))[1].text.endswith(f"Language: {name}")
