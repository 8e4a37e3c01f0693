import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.answering.present import SYSTEM, Present
from assistant.domain.answer import Answer, Outcome, RevisionUsed
from assistant.domain.draft import Draft, Turn
from assistant.domain.replies import languages, replies
from corpora.documents import Fee, Link, Office, ServiceFacts
from tests.fakes import page
from tests.unit.answering.drafts import NOW, TOWN, cited, draft, evidence, hit, notices

FACTS = ServiceFacts(
    fees=(Fee("70,00 Euro"),),
    office=Office("Passamt", phone="069 / 90009-120", email="pass@neckarfurt.example", hours="Mo 8–12 Uhr"),
    online_service=Link("Pass online", "https://amt.example/online"),
    appointment_url="https://amt.example/termin",
    forms=(Link("Antrag", "https://amt.example/antrag"),),
    as_of=date(2026, 1, 1),
)
PASS = page("pass", "Kommen Sie vorbei.\n\n## Dauer\nSechs Wochen.", title="Reisepass",
            url="https://amt.example/pass", updated=date(2026, 3, 1), facts=FACTS)  # fmt: skip
FEES = evidence(PASS, 0)
PROSE = evidence(PASS, -1)
PLAIN = evidence(page("hund", "Melden Sie ihn an.", title="Hund", url="https://amt.example/hund",
                      updated=date(2026, 3, 1)))  # fmt: skip
PRESENT = Present("ministral")


def told(*texts: tuple[str, Any], **fields: Any) -> Draft:
    return draft("Reisepass?", sentences=tuple(cited(text, *sources) for text, sources in texts), **fields)


def answered(**fields: Any) -> Answer:
    return PRESENT.answered(told(("Kommen Sie vorbei.", (PROSE,)), **fields))


def ended(outcome: Outcome, **fields: Any) -> Answer:
    return PRESENT.ending(draft("Reisepass?", **fields), outcome)


def test_sources_are_numbered_as_they_are_first_cited() -> None:
    before = told(("Eins.", (PROSE,)), ("Zwei.", (FEES, PROSE)), ("Drei.", (PLAIN,)))
    answer = PRESENT.answered(before)

    assert [(s.n, s.document_id, s.heading) for s in answer.sources] == [
        (1, "pass", "Dauer"), (2, "pass", FEES.passage.heading), (3, "hund", "Hund"),
    ]  # fmt: skip
    assert [sentence.sources for sentence in answer.sentences] == [(1,), (2, 1), (3,)]


def test_every_number_of_a_sentence_is_a_source() -> None:
    answer = PRESENT.answered(told(("Eins.", (PROSE, PLAIN)), ("Zwei.", (FEES,))))

    assert {n for sentence in answer.sentences for n in sentence.sources} == {source.n for source in answer.sources}


def test_passages_of_the_same_id_in_two_corpora_are_two_sources() -> None:
    other = replace(PROSE, corpus="bund")
    answer = PRESENT.answered(told(("Eins.", (PROSE,)), ("Zwei.", (other,))))

    assert [source.corpus for source in answer.sources] == ["stadt", "bund"]


def test_a_source_says_where_it_is_from() -> None:
    source = answered().sources[0]

    assert (source.title, source.url, source.corpus, source.revision) == (
        "Reisepass", "https://amt.example/pass", "stadt", 3,
    )  # fmt: skip
    assert source.quote == PROSE.passage.text


def test_a_source_is_dated_by_its_facts_and_else_by_its_page() -> None:
    assert answered().sources[0].as_of == date(2026, 1, 1)
    assert PRESENT.answered(told(("Eins.", (PLAIN,)))).sources[0].as_of == date(2026, 3, 1)


def test_the_text_is_all_that_is_said_in_reading_order() -> None:
    answer = answered(missing=("deadline",))
    lines = answer.text.splitlines()

    assert lines[0] == notices(answer)["outcome"]
    assert lines[1] == "Kommen Sie vorbei."
    assert lines[-1] == replies("de").text("notices", "ai")


def test_without_sentences_an_answer_declines() -> None:
    assert PRESENT.answered(draft("Reisepass?")).outcome is Outcome.NOT_FOUND


def test_what_is_missing_makes_an_answer_partial() -> None:
    answer = answered(missing=("fees", "deadline"))

    assert answer.outcome is Outcome.PARTLY_ANSWERED
    assert "Kosten, Frist" in notices(answer)["missing"]


def test_a_decision_stays_one_whatever_is_missing() -> None:
    answer = answered(missing=("fees",), outcome=Outcome.INDIVIDUAL_DECISION)

    assert answer.outcome is Outcome.INDIVIDUAL_DECISION


def test_facts_of_a_cited_page_are_the_card() -> None:
    assert answered().card == FACTS
    assert PRESENT.answered(told(("Eins.", (PLAIN,)))).card is None


def test_facts_are_things_to_do() -> None:
    assert [(action.kind, action.url) for action in answered().actions] == [
        ("online_service", "https://amt.example/online"),
        ("appointment", "https://amt.example/termin"),
        ("form", "https://amt.example/antrag"),
        ("call", "tel:06990009120"),
        ("email", "mailto:pass@neckarfurt.example"),
    ]


def test_the_office_of_the_page_is_the_contact() -> None:
    assert answered().contact.name == "Passamt"


def test_an_office_that_cannot_be_reached_is_no_contact() -> None:
    silent = replace(PASS, facts=replace(FACTS, office=Office("Passamt")))

    assert PRESENT.answered(told(("Eins.", (evidence(silent),)))).contact == TOWN.contact


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("language", languages())
def test_every_ending_has_a_sentence_and_says_it_is_a_machine(outcome: Outcome, language: str) -> None:
    answer = ended(outcome, language=language)

    assert answer.language == language
    assert notices(answer)["outcome"].strip()
    assert notices(answer)["ai"] == replies(language).text("notices", "ai")
    assert "{" not in answer.text


@pytest.mark.parametrize(
    ("outcome", "shown"),
    [
        (Outcome.HUMAN_REQUESTED, True), (Outcome.NOT_FOUND, True), (Outcome.FAILED, True), (Outcome.UNCLEAR, True),
        (Outcome.REFUSED, True), (Outcome.GREETING, False), (Outcome.CRISIS, False), (Outcome.ABUSE, False),
    ],
)  # fmt: skip
def test_a_person_is_named_where_the_machine_does_not_help(outcome: Outcome, shown: bool) -> None:
    told = notices(ended(outcome))

    assert ("contact" in told) is shown
    assert not shown or "069 90009 0" in told["contact"]


@pytest.mark.parametrize(
    ("kind", "number"), [("suicide", "116 123"), ("violence", "116 016"), ("child", "116 111"), ("emergency", "112")]
)
@pytest.mark.parametrize("language", languages())
def test_a_crisis_names_its_helpline_and_the_emergency_call(kind: str, number: str, language: str) -> None:
    answer = ended(Outcome.CRISIS, crisis=(kind,), language=language)

    assert number in answer.text
    assert "110" in answer.text
    assert [notice.kind for notice in answer.notices].count("crisis") == (1 if kind == "emergency" else 2)


@pytest.mark.parametrize("kind", ["suicide", "violence", "child", "emergency"])
@pytest.mark.parametrize("language", languages())
def test_every_number_of_a_crisis_can_be_called_at_once_before_anything_else(kind: str, language: str) -> None:
    answer = ended(Outcome.CRISIS, crisis=(kind,), language=language)
    said = [notice.text for notice in answer.notices if notice.kind == "crisis"]
    numbers = {number.replace(" ", "") for text in said for number in re.findall(r"\d[\d ]+\d", text)}
    calls = answer.actions[: len(numbers)]

    assert [action.kind for action in calls] == ["call"] * len(numbers)
    assert {action.url for action in calls} == {f"tel:{number}" for number in numbers}
    assert [action.url for action in calls[:2]] == ["tel:112", "tel:110"]
    assert "tel:069900090" in {action.url for action in answer.actions[len(numbers) :]}


def test_helplines_are_offered_in_a_crisis_only() -> None:
    assert [action.url for action in ended(Outcome.HUMAN_REQUESTED).actions] == [
        "tel:069900090", "mailto:buero@neckarfurt.example",
    ]  # fmt: skip


def test_another_place_is_named() -> None:
    assert "München" in ended(Outcome.OTHER_PLACE, other_place="München").text


def test_a_page_in_another_language_is_announced_once() -> None:
    answer = PRESENT.answered(told(("Eins.", (PROSE,)), ("Zwei.", (PLAIN,)), language="en"))

    assert [notice.kind for notice in answer.notices].count("other_language") == 1
    assert "German" in notices(answer)["other_language"]


def test_one_page_in_another_language_is_no_reason_to_say_that_there_is_no_other() -> None:
    english = evidence(page("dog", "Register it.", title="Dog", language="en", url="https://amt.example/dog"))
    answer = PRESENT.answered(told(("Register it.", (english,)), ("Eins.", (PROSE,)), language="en"))

    assert [source.language for source in answer.sources] == ["en", "de"]
    assert "other_language" not in notices(answer)


def test_who_writes_in_a_language_without_replies_is_answered_in_english() -> None:
    answer = answered(language="zh")

    assert answer.language == "en"
    assert "German" in notices(answer)["other_language"]


def test_near_pages_are_shown_three_at_most_and_each_once() -> None:
    pages = [page(f"p{n}", "Text", title=f"Seite {n}", url=f"https://amt.example/{n}") for n in range(5)]
    hits = tuple(hit(one) for one in (pages[0], pages[0], *pages))
    answer = ended(Outcome.NOT_FOUND, hits=hits)

    assert [action.label for action in answer.actions if action.kind == "page"] == ["Seite 0", "Seite 1", "Seite 2"]
    assert "Seite 0; Seite 1; Seite 2" in notices(answer)["near_pages"]


def test_pages_without_an_address_are_not_shown() -> None:
    assert "near_pages" not in notices(ended(Outcome.NOT_FOUND, hits=(hit(page("p", "Text")),)))


def test_who_was_masked_is_told() -> None:
    assert "masked" in notices(answered(masked=True))
    assert "masked" not in notices(answered())


def test_a_demonstration_is_called_one() -> None:
    assert "demonstration" in notices(answered(town=replace(TOWN, demonstration=True)))
    assert "demonstration" not in notices(answered())


def test_an_answer_says_how_it_came_about() -> None:
    used = (RevisionUsed("stadt", 3),)
    provenance = answered(revisions=used, history=(Turn("user", "Hallo"),)).provenance

    assert provenance.ai_generated
    assert (provenance.composed_by, provenance.system) == ("quoting", SYSTEM)
    assert (provenance.created_at, provenance.revisions) == (NOW, used)


def test_a_streamed_sentence_is_that_of_the_answer() -> None:
    before = told(("Eins.", (PROSE,)), ("Zwei.", (FEES,)))

    assert tuple(PRESENT.sentence(before, n) for n in range(2)) == PRESENT.answered(before).sentences
    assert PRESENT.sources(before) == PRESENT.answered(before).sources
