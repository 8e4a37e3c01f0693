"""The API as its callers see it: answers, search, profiles, health and the description of all that."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer
from pydantic import TypeAdapter

from assistant.conversations.tokens import VISITOR_SECONDS
from assistant.web import answers, conversations, feedback, municipalities, search, visitors
from assistant.web.descriptions import _EXAMPLES

HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "geolocation=()",
}
QUESTION = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}


def test_an_answer_cites_a_source_for_every_sentence_and_says_where_it_came_from(town):
    reply = town.post("/v1/answers", json=QUESTION)
    answer = reply.json()
    assert (reply.status_code, answer["outcome"], answer["language"]) == (200, "answered", "de")
    assert reply.headers["cache-control"] == "no-store"
    numbers = {source["n"] for source in answer["sources"]}
    assert answer["sentences"]
    assert all(sentence["sources"] and set(sentence["sources"]) <= numbers for sentence in answer["sentences"])
    assert all(sentence["text"] in answer["text"] for sentence in answer["sentences"])
    assert "70,00 Euro" in answer["text"]
    source = answer["sources"][0]
    assert (source["document_id"], source["corpus"], source["revision"]) == ("reisepass", "neckarfurt", 1)
    assert source["url"].startswith("https://")
    assert source["as_of"]
    assert answer["card"]["fees"]
    assert {action["kind"] for action in answer["actions"]} >= {"call", "email"}
    provenance = answer["provenance"]
    assert (provenance["ai_generated"], provenance["composed_by"]) == (True, "quoting")
    assert [used["corpus"] for used in provenance["revisions"]] == ["neckarfurt", "baden-wuerttemberg", "bund"]


def test_history_makes_a_follow_up_understood(town):
    history = [
        {"role": "user", "text": "Ich möchte meinen Hund anmelden."},
        {"role": "assistant", "text": "So geht es."},
    ]
    row = {"municipality": "neckarfurt", "question": "Und was kostet das?", "history": history}
    answer = town.post("/v1/answers", json=row).json()
    assert "108,00 Euro" in answer["text"]


def test_search_finds_passages_in_the_layers_of_a_municipality(town):
    row = {"municipality": "neckarfurt", "query": "Hundesteuer", "top": 5}
    results = town.post("/v1/search", json=row).json()["results"]
    assert len(results) == 5
    assert results[0]["document_id"] == "hundesteuer"
    assert [r["score"] for r in results] == sorted((r["score"] for r in results), reverse=True)


def test_search_in_corpora_by_name_finds_nothing_from_others(town):
    results = town.post("/v1/search", json={"corpora": ["bund"], "query": "Hundesteuer"}).json()["results"]
    assert {result["corpus"] for result in results} == {"bund"}


def test_drafts_are_never_found(town_dir, wire, serve, pages):
    wiring = wire(town_dir)
    drafted = pages(2, "quittenbaum")
    wiring.publisher.import_documents("neckarfurt", drafted)
    wiring.publisher.import_documents("nur-entwurf", drafted)
    client = serve(wiring)
    row = {"municipality": "neckarfurt", "query": "Dienst in der Fassung quittenbaum", "top": 100}
    assert "quittenbaum" not in client.post("/v1/search", json=row).text
    question = {"municipality": "neckarfurt", "question": row["query"]}
    assert "Fassung quittenbaum" not in client.post("/v1/answers", json=question).text
    reply = client.post("/v1/search", json={"corpora": ["nur-entwurf"], "query": "quittenbaum"})
    assert reply.status_code == 404


def test_a_publication_is_followed_by_a_running_service(town_dir, wire, serve, pages, monkeypatch):
    monkeypatch.setattr("assistant.publishing.shelf._FRESH_SECONDS", 0.0)
    client = serve(wire(town_dir))
    row = {"corpora": ["bund"], "query": "Dienst in der Fassung quittenbaum"}
    assert "quittenbaum" not in client.post("/v1/search", json=row).text
    wire(town_dir).publisher.import_documents("bund", pages(2, "quittenbaum"), publish=True)
    best = client.post("/v1/search", json=row).json()["results"][0]
    assert (best["document_id"][:6], best["revision"]) == ("dienst", 2)


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl"), ("uk", "ltr")])
def test_the_profile_of_a_municipality_has_its_texts_in_the_language_asked_for(town, language, direction):
    profile = town.get("/v1/municipalities/neckarfurt", params={"language": language}).json()
    assert (profile["language"], profile["direction"]) == (language, direction)
    assert profile["contact"]["phone"] == "115"
    assert profile["demonstration"]
    assert "Neckarfurt" in profile["texts"]["title"]
    assert {"ai", "ai_long", "too_long", "demonstration", "facet_fees"} <= set(profile["texts"])


def test_a_profile_suggests_questions_in_its_language_where_it_has_some(town):
    suggested = {
        language: town.get(f"/v1/municipalities/neckarfurt?language={language}").json()["suggestions"]
        for language in ("de", "en", "uk")
    }
    assert "Wie beantrage ich einen Personalausweis?" in suggested["de"]
    assert "How do I exchange my driving licence?" in suggested["en"]
    assert all(suggested.values())
    assert not set(suggested["de"]) & set(suggested["en"]) & set(suggested["uk"])


def test_a_profile_suggests_all_questions_where_none_is_in_its_language(town_dir, wire, serve):
    wiring = wire(town_dir)
    wiring.municipalities.put(replace(wiring.municipalities.get("neckarfurt"), suggestions=("Was kostet das?",)))
    profile = serve(wiring).get("/v1/municipalities/neckarfurt?language=tr").json()
    assert profile["suggestions"] == ["Was kostet das?"]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("Mein Mann schlägt mich", ["112", "110", "116016"]),
        ("I want to kill myself", ["112", "110", "08001110111", "116123"]),
    ],
)
def test_in_a_crisis_its_numbers_are_the_first_thing_to_do(town, question, numbers):
    answer = town.post("/v1/answers", json=QUESTION | {"question": question}).json()
    assert answer["outcome"] == "crisis"
    calls = answer["actions"][: len(numbers)]
    assert [(action["kind"], action["url"]) for action in calls] == [("call", f"tel:{number}") for number in numbers]


def test_the_profile_in_a_language_without_texts_is_in_english(town):
    assert town.get("/v1/municipalities/neckarfurt?language=zh").json()["language"] == "en"


def test_a_healthy_service_is_alive_and_ready(town):
    assert town.get("/healthz").json() == {"status": "ok"}
    ready = town.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "checks": {"store": "ok", "embedder": "ok", "indexes": "ok"}}


@pytest.mark.parametrize(
    "path", ["/", "/widget.js", "/m/nirgends", "/healthz", "/openapi.json", "/nowhere", "/v1/answers"]
)
def test_every_response_has_the_headers_that_keep_browsers_careful(town, path):
    headers = town.get(path).headers
    for name, part in HEADERS.items():
        assert part in headers[name]


def test_every_post_body_is_described_with_an_example_that_works(town):
    described = town.get("/openapi.json").json()
    schemas = described["components"]["schemas"]
    begun = town.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    answered = town.post("/v1/answers", json=QUESTION | {"question": "Hallo"})
    tokens = {"{conversation_id}": begun["token"], "{answer_id}": answered.headers["answer-token"]}
    posts = {path: parts["post"] for path, parts in described["paths"].items() if "post" in parts}
    assert len(posts) >= 6
    for path, post in posts.items():
        schema = post["requestBody"]["content"]["application/json"]["schema"]
        examples = schemas[schema["$ref"].rsplit("/", 1)[1]]["examples"]
        address = path.replace("{conversation_id}", begun["id"]).replace("{answer_id}", answered.json()["id"])
        bearer = next((f"Bearer {token}" for part, token in tokens.items() if part in path), "")
        for example in examples:
            reply = town.post(address, json=example, headers={"Authorization": bearer})
            assert reply.is_success, (path, reply.text)


def test_every_route_describes_its_errors_as_the_problems_they_are(town):
    paths = town.get("/openapi.json").json()["paths"]
    for path in (path for path in paths if path.startswith("/v1/")):
        for described in paths[path].values():
            errors = {status: body["content"] for status, body in described["responses"].items() if status >= "400"}
            assert {"404", "422", "503"} <= set(errors)
            assert {kind for content in errors.values() for kind in content} == {"application/problem+json"}


def test_every_json_answer_is_described_with_an_example_of_its_kind(town):
    models = {
        (route.path, method.lower()): route.response_model
        for part in (answers, feedback, visitors, conversations, search, municipalities)
        for route in part.router.routes
        for method in route.methods
    }
    paths = town.get("/openapi.json").json()["paths"]
    described = {(path, method): of for path in paths for method, of in paths[path].items() if path[:4] == "/v1/"}
    assert described.keys() == models.keys()
    for route, operation in described.items():
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                assert content["example"], (route, status, kind)
                if kind == "application/json":
                    TypeAdapter(models[route]).validate_python(content["example"])
                if kind == "application/problem+json":
                    assert content["example"]["status"] == int(status)


def test_the_example_of_a_profile_is_what_is_sent(town):
    assert town.get("/v1/municipalities/neckarfurt?language=en").json() == _EXAMPLES["profile"]


def test_the_example_of_a_visitors_token_has_the_form_of_what_is_sent(town):
    read = URLSafeTimedSerializer("of somebody without the secret").loads_unsafe
    sent = town.post("/v1/visitors", json={"municipality": "neckarfurt"}).json()
    example = _EXAMPLES["visitor"]
    assert example.keys() == sent.keys()
    assert example["expires_in"] == sent["expires_in"] == VISITOR_SECONDS
    assert read(sent["token"]) == (False, ["neckarfurt", ""])
    assert read(example["token"]) == (False, ["neckarfurt", "https://www.neckarfurt.example"])


def test_a_token_is_described_as_one_and_not_as_a_header(town):
    described = town.get("/openapi.json").json()
    schemes = described["components"]["securitySchemes"]
    assert {(scheme["type"], scheme["scheme"]) for scheme in schemes.values()} == {("http", "bearer")}
    assert all(scheme["description"] for scheme in schemes.values())
    visited = {("/v1/answers", "post"): "visitor", ("/v1/conversations", "post"): "visitor"}
    visited["/v1/answers/{answer_id}/feedback", "post"] = "answer"
    visited["/v1/answers/{answer_id}/events", "get"] = "answer"
    assert schemes.keys() == {"conversation", *visited.values()}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            name = "conversation" if "{conversation_id}" in path else visited.get((path, method))
            assert operation.get("security") == ([{name: []}] if name else None)
            assert "authorization" not in {one["name"].lower() for one in operation.get("parameters", [])}


def test_headers_that_a_caller_needs_are_described(town):
    for operations in (of for path, of in town.get("/openapi.json").json()["paths"].items() if path[:4] == "/v1/"):
        for operation in operations.values():
            responses = operation["responses"]
            assert responses["503"]["headers"]["Retry-After"]["schema"]["type"] == "integer"
            assert responses["405"]["headers"]["Allow"]["description"]
            if "text/event-stream" in responses.get("200", {}).get("content", {}):
                assert responses["200"]["headers"]["Answer-Id"]["description"]


def test_headers_that_are_described_are_sent(town):
    paths = town.get("/openapi.json").json()["paths"]
    begun = town.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    headers = {"Accept": "text/event-stream", "Authorization": f"Bearer {begun['token']}"}
    said = town.post(f"/v1/conversations/{begun['id']}/messages", json={"text": "Hallo"}, headers=headers)
    replies = {
        ("/v1/answers", "post"): town.post("/v1/answers", json=QUESTION, headers=headers),
        ("/v1/conversations/{conversation_id}/messages", "post"): said,
        ("/v1/answers/{answer_id}/events", "get"): town.get(f"/v1/answers/{said.headers['answer-id']}/events"),
    }
    for (path, method), reply in replies.items():
        described = {name.lower() for name in paths[path][method]["responses"]["200"]["headers"]}
        assert described == {name for name in reply.headers if name.startswith("answer-")}, path


def test_every_kind_of_notice_and_action_and_who_composes_is_described(town, town_wiring):
    said = (Path(__file__).parents[2] / "assistant" / "answering" / "present.py").read_text(encoding="utf-8")
    kinds = {*re.findall(r'(?:Notice|Action)\(\s*"(\w+)"', said), "quoting"}
    assert kinds >= {"outcome", "crisis", "other_language", "call", "page", "quoting"}
    paths = town.get("/openapi.json").json()["paths"]
    for path in ("/v1/answers", "/v1/conversations/{conversation_id}/messages"):
        described = paths[path]["post"]["responses"]["200"]["description"]
        assert [kind for kind in kinds if f"`{kind}`" not in described] == []


def test_what_the_assistant_said_is_described_as_an_answer(town):
    message = town.get("/openapi.json").json()["components"]["schemas"]["MessageOut"]
    assert {"$ref": "#/components/schemas/Answer"} in message["properties"]["answer"]["anyOf"]


def test_what_happens_to_a_question_that_is_too_long_is_described(town, town_wiring):
    schemas = town.get("/openapi.json").json()["components"]["schemas"]
    for described in (schemas["QuestionIn"]["properties"]["question"], schemas["MessageIn"]["properties"]["text"]):
        assert "question_characters" in described["description"]
        assert f"({town_wiring.settings.question_characters}," in described["description"]
        assert "`refused`" in described["description"]


def test_every_event_of_a_stream_is_described(town):
    reply = town.post("/v1/answers", json=QUESTION, headers={"Accept": "text/event-stream"})
    sent = {line.removeprefix("event: ") for line in reply.text.splitlines() if line.startswith("event: ")}
    described = town.get("/openapi.json").json()["paths"]["/v1/answers"]["post"]["responses"]["200"]["description"]
    assert sent >= {"stage", "sources", "sentence", "answer"}
    assert [kind for kind in sent if f"`{kind}`" not in described] == []


def test_a_language_may_be_named_as_browsers_do(town):
    assert town.post("/v1/answers", json=QUESTION | {"language": "tr-TR"}).json()["language"] == "tr"
    assert town.post("/v1/answers", json=QUESTION | {"language": "FR"}).json()["language"] == "fr"
    assert town.get("/v1/municipalities/neckarfurt?language=ar-EG").json()["language"] == "ar"
