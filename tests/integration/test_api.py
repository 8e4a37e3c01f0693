"""The API as its callers see it: answers, search, profiles, health and the description of all that."""

import pytest

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
    assert {"ai", "demonstration", "failed", "facet_fees"} <= set(profile["texts"])


def test_the_profile_in_a_language_without_texts_is_in_english(town):
    assert town.get("/v1/municipalities/neckarfurt?language=pl").json()["language"] == "en"


def test_a_healthy_service_is_alive_and_ready(town):
    assert town.get("/healthz").json() == {"status": "ok"}
    ready = town.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "checks": {"store": "ok", "embedder": "ok", "indexes": "ok"}}


@pytest.mark.parametrize("path", ["/", "/page.js", "/healthz", "/openapi.json", "/nowhere", "/v1/answers"])
def test_every_response_has_the_headers_that_keep_browsers_careful(town, path):
    headers = town.get(path).headers
    for name, part in HEADERS.items():
        assert part in headers[name]


def test_every_post_body_is_described_with_an_example_that_works(town):
    described = town.get("/openapi.json").json()
    schemas = described["components"]["schemas"]
    begun = town.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    bearer = {"Authorization": f"Bearer {begun['token']}"}
    posts = {path: parts["post"] for path, parts in described["paths"].items() if "post" in parts}
    assert len(posts) >= 4
    for path, post in posts.items():
        schema = post["requestBody"]["content"]["application/json"]["schema"]
        examples = schemas[schema["$ref"].rsplit("/", 1)[1]]["examples"]
        reply = town.post(path.replace("{conversation_id}", begun["id"]), json=examples[0], headers=bearer)
        assert reply.is_success, (path, reply.text)


def test_every_route_describes_its_errors_as_the_problems_they_are(town):
    paths = town.get("/openapi.json").json()["paths"]
    for path in (path for path in paths if path.startswith("/v1/")):
        for described in paths[path].values():
            errors = {status: body["content"] for status, body in described["responses"].items() if status >= "400"}
            assert {"404", "422", "503"} <= set(errors)
            assert {kind for content in errors.values() for kind in content} == {"application/problem+json"}


def test_every_event_of_a_stream_is_described(town):
    reply = town.post("/v1/answers", json=QUESTION, headers={"Accept": "text/event-stream"})
    sent = {line.removeprefix("event: ") for line in reply.text.splitlines() if line.startswith("event: ")}
    described = town.get("/openapi.json").json()["paths"]["/v1/answers"]["post"]["responses"]["200"]["description"]
    assert sent >= {"stage", "sources", "sentence", "answer"}
    assert [kind for kind in sent if f"`{kind}`" not in described] == []


def test_a_language_may_be_named_as_browsers_do(town):
    assert town.post("/v1/answers", json=QUESTION | {"language": "tr-TR"}).json()["language"] == "tr"
    assert town.get("/v1/municipalities/neckarfurt?language=ar-EG").json()["language"] == "ar"
