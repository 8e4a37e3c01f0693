import pytest

from retrieval import arrays, lexical
from retrieval.lexical import LexicalPart
from retrieval.tokens import terms
from retrieval.variants import variants

WORDS = """Reisepass Kinderreisepass Reisepassantrag Kinder Pass Führerschein
    Geburtsurkunde Geburt Urkunde Wohngeld Haus Hausen"""


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> LexicalPart:
    folder = tmp_path_factory.mktemp("part")
    _, kept = lexical.write(folder, [("de", WORDS), ("uk", "паспорт громадянина"), ("en", "passport household")])
    arrays.write(folder / "arrays", kept)
    return LexicalPart(folder, arrays.opened(folder / "arrays"))


def found(part: LexicalPart, term: str, language: str = "de") -> set[str]:
    return set(variants([part], language, term))


def test_a_word_stands_in_longer_ones_too(part: LexicalPart) -> None:
    assert found(part, "reisepass") >= {"kinderreisepass", "reisepassantrag"}


@pytest.mark.parametrize(
    ("compound", "halves"),
    [("wohngeldurkund", {"wohngeld", "urkund"}), ("geburtsurkund", {"geburt", "urkund"})],
)
def test_a_compound_is_made_up_of_words(part: LexicalPart, compound: str, halves: set[str]) -> None:
    assert found(part, compound) == halves


def test_the_last_half_is_as_long_as_can_be(part: LexicalPart) -> None:
    assert found(part, "hausreisepass") == {"haus", "reisepass"}


def test_no_word_is_its_own_variant(part: LexicalPart) -> None:
    assert all(term not in found(part, term) for term in ("reisepass", "kinderreisepass", "geburtsurkund"))


@pytest.mark.parametrize("typed", ["Führerschien", "Fuerherschein", "Führershein", "Führerscheinn", "Fhürerschein"])
def test_a_slip_is_forgiven(part: LexicalPart, typed: str) -> None:
    assert found(part, *terms(typed, "de")) == {"fuhrerschein"}


def test_a_slip_is_forgiven_in_a_language_that_writes_words_apart(part: LexicalPart) -> None:
    assert found(part, "паспот", "uk") == {"паспор"}


@pytest.mark.parametrize("term", ["wohnung", "katze", "geburtstag2024", "12345", "has"])
def test_what_is_near_to_nothing_has_no_variants(part: LexicalPart, term: str) -> None:
    assert found(part, term) == set()


def test_a_word_that_is_known_is_not_taken_for_a_slip(part: LexicalPart) -> None:
    assert found(part, "паспор", "uk") == set()


def test_an_ending_is_no_part_of_a_compound(part: LexicalPart) -> None:
    assert "haus" not in found(part, "hausen")
    assert found(part, "househol", "en") == {"household"}


def test_what_is_worth_less_than_the_word_itself_is_told(part: LexicalPart) -> None:
    assert all(0 < share < 1 for share in variants([part], "de", "reisepass").values())


def test_words_of_another_language_are_none_of_these(part: LexicalPart) -> None:
    assert found(part, "reisepass", "en") == set()
    assert variants([], "de", "reisepass") == {}
