"""What an answer says of plain language."""

from dataclasses import replace

import pytest

from assistant.answering.present import Present
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Level
from assistant.domain.replies import languages, replies
from tests.fakes import page
from tests.unit.answering.drafts import cited, draft, evidence, notices

PROSE = evidence(page("pass", "Kommen Sie vorbei.", title="Reisepass"))
PRESENT = Present("ministral")
PLAIN_KINDS = {"plain_language", "plain_language_missing"}


def levelled(
    *quoted: bool, level: Level = "plain", outcome: Outcome = Outcome.ANSWERED, language: str = "de"
) -> Answer:
    """The answer to a question at a level, with a sentence for each of these: quoted, or worded by the model."""
    said = tuple(cited(f"Satz {n}.", PROSE, quoted=one) for n, one in enumerate(quoted, start=1))
    before = draft("Reisepass?", sentences=said, outcome=outcome, language=language)
    return PRESENT.answered(replace(before, question=replace(before.question, level=level)))


@pytest.mark.parametrize("quoted", [(False,), (False, False), (False, True), (True, False)])
def test_plain_language_of_a_model_is_labelled_once_and_before_it_is_read(quoted: tuple[bool, ...]) -> None:
    answer = levelled(*quoted)
    kinds = [notice.kind for notice in answer.notices]

    assert [kind for kind in kinds if kind in PLAIN_KINDS] == ["plain_language"]
    assert answer.text.index(notices(answer)["plain_language"]) < answer.text.index("Satz 1.")


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.INDIVIDUAL_DECISION])
def test_who_wants_plain_language_and_gets_quotes_is_told_so(outcome: Outcome) -> None:
    answer = levelled(True, True, outcome=outcome)

    assert PLAIN_KINDS & set(notices(answer)) == {"plain_language_missing"}
    assert answer.provenance.composed_by == "quoting"


@pytest.mark.parametrize("quoted", [True, False])
def test_who_did_not_ask_for_plain_language_hears_nothing_of_it(quoted: bool) -> None:
    assert not PLAIN_KINDS & set(notices(levelled(quoted, level="normal")))


@pytest.mark.parametrize("outcome", Outcome)
def test_where_no_sentence_is_said_plain_language_is_not_talked_about(outcome: Outcome) -> None:
    asked = draft("Reisepass?")
    asked = replace(asked, question=replace(asked.question, level="plain"))

    assert not PLAIN_KINDS & set(notices(PRESENT.ending(asked, outcome)))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("quoted", "kind"), [(False, "plain_language"), (True, "plain_language_missing")])
def test_plain_language_is_talked_about_in_the_language_of_the_citizen(quoted: bool, kind: str, language: str) -> None:
    assert notices(levelled(quoted, language=language))[kind] == replies(language).text("notices", kind)


def test_simplified_text_is_not_called_leichte_sprache_which_people_check() -> None:
    label = notices(levelled(False))["plain_language"]

    assert label.startswith("Einfache Sprache, automatisch erstellt.")
    assert "Leichte" not in label
