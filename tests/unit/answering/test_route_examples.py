"""The routes that ship with the embedder that ships: what takes a route, and what must never."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import route
from assistant.answering.pipeline import Pipeline
from assistant.answering.route import Router
from assistant.answering.understand import Understand
from assistant.domain.answer import Answer, Outcome
from assistant.settings import Settings
from assistant.wiring import Wiring
from tests.unit.answering.drafts import TOWN, asked, done, draft

ROOT = Path(__file__).parents[3]
QUESTIONS = {
    file.stem: file.read_text(encoding="utf-8").splitlines()
    for file in sorted((ROOT / "retrieval/data/questions").glob("*.txt"))
}
INPUTS = tomllib.loads((Path(__file__).parent / "inputs.toml").read_text(encoding="utf-8"))
PLAIN = tomllib.loads((Path(__file__).parent / "administrative.toml").read_text(encoding="utf-8"))
# Each language is asked a fourth of its questions, each question in a fourth of the languages: all would take a minute.
SHARE = 4
NEVER = {"abuse", "manipulation", "greeting", "thanks", "crisis_suicide", "crisis_child", "crisis_emergency"}


@pytest.fixture(scope="module")
def wiring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """The parts as a service has them."""
    wiring = Wiring(Settings(data_dir=tmp_path_factory.mktemp("routes")))
    yield wiring
    wiring.engine.dispose()


@pytest.fixture(scope="module")
def router(wiring: Wiring) -> Router:
    return wiring.router


def taken(wiring: Wiring, text: str, language: str) -> str | None:
    """The route of an input at the beginning of a conversation."""
    nearest, _ = wiring.router.by_example(wiring.embedder.queries([text])[0], language)
    return wiring.router.by_phrase(text) or nearest


def after_a_question(wiring: Wiring, text: str, before: str) -> Outcome | None:
    """How an input ends that follows a question; None where it goes on to the documents."""
    pipeline: Pipeline = wiring.pipeline
    known = done(Understand()(draft(text, history=asked(before), town=TOWN)))
    assert not isinstance(known, Answer)
    result = done(pipeline.steps[2](known))
    return result.outcome if isinstance(result, Answer) else None


def test_the_inputs_stand_in_no_data_file() -> None:
    known = {text for one in route.load() for texts in one.examples.values() for text in texts}
    mine = [text for languages in INPUTS.values() for texts in languages.values() for text in texts]

    assert [text for text in mine if text in known] == []


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_like_the_examples_takes_their_route(wiring: Wiring, name: str) -> None:
    inputs = [(language, text) for language, texts in INPUTS[name].items() for text in texts]
    wrong = [(text, took) for language, text in inputs if (took := taken(wiring, text, language)) != name]

    assert wrong == []


CRISIS, THANKS, GOES_ON = Outcome.CRISIS, Outcome.GREETING, None
PASS = {"de": "Wie beantrage ich einen Reisepass?", "en": "How do I apply for a passport?"}


@pytest.mark.parametrize(
    ("text", "before", "ending"),
    [
        ("Er hat mich wieder verprügelt, ich habe Angst", PASS["de"], CRISIS),
        ("Und ich möchte einfach nicht mehr da sein", PASS["de"], CRISIS),
        ("Dort brennt es gerade, Hilfe!", PASS["de"], CRISIS),
        ("He hit me again and I am scared", PASS["en"], CRISIS),
        ("And I feel like ending my life tonight", PASS["en"], CRISIS),
        ("Das hat mir sehr geholfen, danke!", PASS["de"], THANKS),
        ("That really helped me, thank you", PASS["en"], THANKS),
        ("Und was kostet das?", PASS["de"], GOES_ON),
        ("Und für mein Kind?", PASS["de"], GOES_ON),
        ("Er ist noch klein, muss er mit?", "Wie beantrage ich einen Reisepass für meinen Sohn?", GOES_ON),
        ("And how much is it for my daughter?", PASS["en"], GOES_ON),
    ],
)
def test_after_a_question_a_crisis_is_a_crisis_thanks_are_thanks_and_a_question_goes_on(
    wiring: Wiring, text: str, before: str, ending: Outcome | None
) -> None:
    assert after_a_question(wiring, text, before) is ending


def test_a_plain_question_holds_no_phrase_of_these_routes(router: Router) -> None:
    found = {(text, router.by_phrase(text)) for texts in QUESTIONS.values() for text in texts}

    assert {(text, name) for text, name in found if name in NEVER} == set()


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_plain_question_is_near_to_no_example_of_these_routes(wiring: Wiring, language: str) -> None:
    texts = QUESTIONS[language][sorted(QUESTIONS).index(language) % SHARE :: SHARE]
    vectors = wiring.embedder.queries(texts)
    taken = [wiring.router.by_example(vector, language)[0] for vector in vectors]

    assert [(text, name) for text, name in zip(texts, taken, strict=True) if name in NEVER] == []


@pytest.mark.parametrize("language", PLAIN)
def test_a_plain_matter_that_holds_words_of_need_or_insult_takes_none_of_these_routes(
    wiring: Wiring, language: str
) -> None:
    vectors = wiring.embedder.queries(PLAIN[language])
    taken = [wiring.router.by_example(vector, language)[0] for vector in vectors]

    assert [
        (text, name) for text, name in zip(PLAIN[language], taken, strict=True) if name in {*NEVER, "crisis_violence"}
    ] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tr", "nişanlımla evlenmek istiyorum"), ("tr", "burada çalışmak istiyorum"), ("tr", "kimlik almak istiyorum"),
        ("tr", "eşimden ayrılmak istiyorum"), ("tr", "evlenmek istiyorum"), ("de", "wir wollen im Mai heiraten"),
        ("en", "we would like to get married"),
        ("fr", "je voudrais me marier en mai"), ("uk", "ми хочемо одружитися"), ("ar", "أريد الزواج هنا"),
        ("pl", "chcemy się pobrać"), ("ro", "vrem să ne căsătorim"), ("ru", "мы хотим пожениться"),
    ],
)  # fmt: skip
def test_who_wishes_for_a_service_does_not_wish_for_a_person(wiring: Wiring, language: str, text: str) -> None:
    assert taken(wiring, text, language) in {None, "follow_up", "individual_decision"}
