from collections.abc import Sequence

import numpy as np
import pytest

from assistant.answering.present import Present
from assistant.answering.route import OUTCOMES, Places, Route, Router, RouteStep, load
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Draft, Turn
from assistant.domain.replies import replies
from retrieval.centring import Centres
from retrieval.centring import load as centres_of
from retrieval.embedding import Vectors
from retrieval.errors import EmbedderFailed
from tests.fakes import FakeEmbedder
from tests.unit.answering.drafts import asked, done, draft, notices

ROUTES = (
    Route("crisis_violence", ("er schlägt mich",), {"de": ["Mein Mann hat mich verprügelt"]}, 0.6),
    Route("greeting", ("guten tag",), {"de": ["Wer bist du eigentlich?"]}, 0.6),
    Route("thanks", ("danke",), {"de": ["Das hat mir wirklich geholfen"]}, 0.6),
    Route("individual_decision", ("habe ich anspruch",), {"de": ["Wird mein Antrag angenommen?"]}, 0.6),
    Route("out_of_scope", (), {"de": ["Wie wird das Wetter morgen?"]}, 0.6),
    Route("service", (), {"de": ["Mein Mann hat mich umgemeldet"]}, 0.0),
    Route("follow_up", (), {"de": ["Welche Unterlagen brauche ich?"]}, 0.6),
)
SUBJECT = "Wie beantrage ich einen Reisepass?"


class Failing(FakeEmbedder):
    """An embedder that is out of order."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderFailed("out of order")


def step(routes: Sequence[Route] = ROUTES, embedder: FakeEmbedder | None = None) -> RouteStep:
    embedder = embedder or FakeEmbedder(dimensions=256)
    router = Router(routes, embedder, centres_of(embedder), FakeEmbedder(dimensions=256).queries)
    return RouteStep(router, embedder, Present("test"), Places())


def routed(text: str, *, history: tuple[Turn, ...] = (), standalone: str | None = None) -> Draft | Answer:
    return done(step()(draft(text, history=history, standalone=standalone or text)))


def ending(text: str) -> Outcome | None:
    result = routed(text)
    return result.outcome if isinstance(result, Answer) else None


def goes_on(text: str, *, history: tuple[Turn, ...] = (), standalone: str | None = None) -> Draft:
    result = routed(text, history=history, standalone=standalone)
    assert isinstance(result, Draft)
    return result


def test_the_routes_that_ship_end_in_a_known_way() -> None:
    names = {route.name for route in load()}

    assert names == {*OUTCOMES, "individual_decision", "service", "follow_up"}


def test_crises_are_looked_for_first() -> None:
    order = [route.name.startswith("crisis_") for route in load()]

    assert order == sorted(order, reverse=True)


def test_no_example_of_a_route_is_an_example_of_another() -> None:
    seen: dict[str, str] = {}
    twice = []
    for route in load():
        for text in {text.casefold() for texts in route.examples.values() for text in texts}:
            twice += [(text, route.name, seen[text])] if text in seen else []
            seen[text] = route.name

    assert twice == []


def test_a_question_about_a_service_goes_on_with_its_vector() -> None:
    result = goes_on("Wo ist das Rathaus?")

    assert result.outcome is Outcome.ANSWERED
    assert result.vector is not None
    assert np.array_equal(result.vector, FakeEmbedder(dimensions=256).queries(["Wo ist das Rathaus?"])[0])


@pytest.mark.parametrize("text", ["Guten Tag!", "GUTEN TAG", "wer bist du eigentlich"])
def test_a_greeting_is_greeted(text: str) -> None:
    assert ending(text) is Outcome.GREETING


def test_a_greeting_in_front_of_a_question_is_no_greeting() -> None:
    assert ending("Guten Tag, wo ist das Rathaus in der Stadt?") is None


def test_thanks_are_answered_as_thanks() -> None:
    answer = routed("Danke!")

    assert isinstance(answer, Answer)
    assert notices(answer)["outcome"] == replies("de").text("outcomes", "thanks")


@pytest.mark.parametrize("text", ["Hilfe, er schlägt mich!", "Mein Mann hat mich verprügelt."])
def test_a_crisis_gets_its_numbers(text: str) -> None:
    answer = routed(text)

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.CRISIS
    assert "116 016" in answer.text
    assert "110" in answer.text


def test_an_example_of_a_service_that_is_nearer_keeps_it_a_question() -> None:
    assert ending("Mein Mann hat mich umgemeldet, wo?") is None


def test_a_crisis_needs_no_embedder() -> None:
    answer = done(step(embedder=Failing(dimensions=256))(draft("Er schlägt mich")))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.CRISIS


def test_a_fixed_phrase_needs_no_embedder() -> None:
    answer = done(step(embedder=Failing(dimensions=256))(draft("Guten Tag")))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.GREETING


@pytest.mark.parametrize("text", ["Wo ist das Rathaus?", "Habe ich Anspruch auf Wohngeld?"])
def test_a_question_needs_the_embedder(text: str) -> None:
    with pytest.raises(EmbedderFailed):
        done(step(embedder=Failing(dimensions=256))(draft(text)))


@pytest.mark.parametrize("text", ["Habe ich Anspruch auf Wohngeld?", "Wird mein Antrag angenommen?"])
def test_what_only_an_office_decides_goes_on_as_such(text: str) -> None:
    assert goes_on(text).outcome is Outcome.INDIVIDUAL_DECISION


def test_what_looks_off_topic_is_left_to_the_judge() -> None:
    result = goes_on("Wie wird das Wetter morgen?")

    assert result.outcome is Outcome.OUT_OF_SCOPE
    assert result.vector is not None


def test_a_question_after_another_gets_its_subject() -> None:
    result = goes_on("Welche Unterlagen brauche ich?", history=asked(SUBJECT))

    assert result.standalone == f"{SUBJECT} Welche Unterlagen brauche ich?"
    assert result.vector is not None
    assert np.array_equal(result.vector, FakeEmbedder(dimensions=256).queries([result.standalone])[0])


def test_without_a_conversation_it_is_asked_as_it_is() -> None:
    assert goes_on("Welche Unterlagen brauche ich?").standalone == "Welche Unterlagen brauche ich?"


def test_a_follow_up_is_embedded_with_its_subject() -> None:
    whole = f"{SUBJECT} Und das Rathaus?"
    result = goes_on("Und das Rathaus?", history=asked(SUBJECT), standalone=whole)

    assert result.vector is not None
    assert np.array_equal(result.vector, FakeEmbedder(dimensions=256).queries([whole])[0])


def test_a_crisis_in_the_middle_of_a_conversation_is_recognised() -> None:
    text = "Mein Mann hat mich verprügelt"

    answer = done(step()(draft(text, history=asked(SUBJECT), standalone=f"{SUBJECT} {text}")))

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.CRISIS


def test_another_place_is_named() -> None:
    answer = routed("Wo ist das Rathaus in München?")

    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.OTHER_PLACE
    assert "München" in answer.text


def test_nearness_is_told_for_every_route() -> None:
    embedder = FakeEmbedder(dimensions=256)
    router = Router(ROUTES, embedder, Centres({"de": np.zeros(256, np.float32)}, {}), embedder.queries)
    route, nearness = router.by_example(embedder.queries(["Wer bist du eigentlich?"])[0], "de")

    assert route == "greeting"
    assert nearness.keys() == {one.name for one in ROUTES}
    assert nearness["greeting"] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Wo ist das Rathaus in München?", "München"),
        ("Rathaus Muenchen", "München"),
        ("Personalausweis in Berlin beantragen", "Berlin"),
        ("Паспорт у Берліні", "Berlin"),
        ("جواز سفر في برلين", "Berlin"),
        ("Ich ziehe aus Hamburg nach Köln, wo melde ich mich an?", "Köln"),
        ("Ich komme aus Hamburg und ziehe her", None),
        ("I moved here from Berlin", None),
        ("München oder Neckarfurt?", None),
        ("Wo ist das Hallenbad?", None),
        ("Berliner kaufen", None),
        ("Was kostet der Kieler Ausweis", None),
    ],
)
def test_a_place_that_is_not_ours_is_recognised(text: str, place: str | None) -> None:
    assert Places().other(text, ("Neckarfurt", "Altenau")) == place


def test_a_town_that_lists_no_places_is_asked_about_all() -> None:
    assert Places().other("Wo ist das Rathaus in München?", ()) is None
