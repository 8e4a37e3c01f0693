"""What says the same with other denials is no contradiction; the contrary is one."""

import tomllib
from pathlib import Path

import pytest

from assistant.answering.polarity import is_free, polarity
from assistant.answering.verify import Verify
from assistant.domain.draft import Cited
from tests.fakes import page
from tests.unit.answering.drafts import evidence

DATA = tomllib.loads((Path(__file__).parent / "polarity.toml").read_text(encoding="utf-8"))


def contradicted(language: str, said: str, source: str) -> bool:
    one = evidence(page("page", source, title="X", language=language))
    reasons = Verify()(Cited(said, language, (one,), quoted=False))
    return bool({"contradicts the source", "not in the source: free"} & set(reasons))


@pytest.mark.parametrize(("language", "said", "source"), DATA["same"])
def test_the_same_in_other_words_is_no_contradiction(language: str, said: str, source: str) -> None:
    assert not contradicted(language, said, source)


@pytest.mark.parametrize(("language", "said", "source"), DATA["contrary"])
def test_the_contrary_is_one(language: str, said: str, source: str) -> None:
    assert contradicted(language, said, source)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das ist kostenlos."), ("de", "Dafür zahlen Sie nichts."), ("de", "Das kostet kein Geld."),
        ("de", "Eintritt frei"), ("en", "It costs no money."), ("en", "You pay nothing."), ("en", "free advice"),
        ("en", "You don't have to pay for it."), ("fr", "C'est gratuit."), ("fr", "Vous n'avez rien à payer."),
        ("fr", "Cela ne coûte rien."), ("tr", "Ücretsizdir."), ("tr", "Para ödemezsiniz."), ("uk", "Це безкоштовно."),
        ("uk", "Платити не потрібно, не треба платити."), ("uk", "Це нічого не коштує."), ("ar", "هذا مجاني."),
        ("ar", "لا تدفع شيئا."), ("ar", "دون مقابل"),
    ],
)  # fmt: skip
def test_what_costs_nothing_is_free(language: str, text: str) -> None:
    assert is_free(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das ist nicht kostenlos."), ("de", "Das ist leider nicht gebührenfrei."), ("en", "It is not free."),
        ("en", "It isn't free of charge."), ("en", "You are free to choose."), ("en", "Feel free to ask."),
        ("fr", "Ce n'est pas gratuit."), ("tr", "Ücretsiz değildir."), ("uk", "Це не безкоштовно."),
        ("ar", "ليس مجانيا."), ("ar", "غير مجاني"),
    ],
)  # fmt: skip
def test_what_is_not_free_claims_no_freedom(language: str, text: str) -> None:
    assert not is_free(text, language)
    assert not polarity(text, language).free


def test_several_denials_of_one_thing_deny_it() -> None:
    assert polarity("Es ist nicht Pflicht, sondern freiwillig.", "de").denied
    assert polarity("Ніхто не зобов'язаний.", "uk").denied
    assert not polarity("Es ist nicht freiwillig.", "de").denied
