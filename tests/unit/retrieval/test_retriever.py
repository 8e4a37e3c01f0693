from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpora.documents import Document
from retrieval.centring import Centres
from retrieval.fusion import Weights
from retrieval.retriever import CANDIDATES, Query, Retriever
from tests.fakes import TODAY, WEIGHTS, FakeEmbedder, found, opened, page, retriever

PASS = page("pass", "Der Reisepass kostet 70 Euro.", "Reisepass")
KITA = page("kita", "Die Kita ist gebührenfrei.", "Kita")
HUND = page("hund", "Die Hundesteuer beträgt 108 Euro im Jahr.", "Hundesteuer")
PASS_EN = page("pass-en", "It costs 70 euros.\n\n## Time\nSix weeks.", "Passport", "en", translation_of="pass")
PASS_UK = page("pass-uk", "Він коштує 70 євро.", "Паспорт", "uk", translation_of="pass")


def ids(*args: object, **kwargs: object) -> list[str]:
    return [hit.document.id for hit in found(*args, **kwargs)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "best"),
    [("Was kostet der Reisepass?", "pass"), ("Gebühren der Kita", "kita"), ("Hundesteuer im Jahr", "hund")],
)
def test_the_passage_that_answers_comes_first(tmp_path: Path, question: str, best: str) -> None:
    assert ids([opened(tmp_path, [PASS, KITA, HUND])], question)[0] == best


def test_hits_are_ordered_by_their_score(tmp_path: Path) -> None:
    scores = [hit.score for hit in found([opened(tmp_path, [PASS, KITA], [HUND])], "70 Euro")]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3


def test_no_more_hits_are_given_than_asked_for(tmp_path: Path) -> None:
    layer = opened(tmp_path, [PASS, KITA, HUND, PASS_EN])

    assert [len(found([layer], "Reisepass", language, top=2)) for language in ("de", "en")] == [2, 2]


def test_a_hit_says_where_it_was_found(tmp_path: Path) -> None:
    hit = found([opened(tmp_path, [PASS], corpus="bund")], "Reisepass")[0]

    assert (hit.corpus, hit.revision, hit.document, hit.passage.title) == ("bund", 1, PASS, "Reisepass")
    assert hit.page == ("bund", "pass")


def test_a_hit_tells_meaning_words_and_nearness_apart(tmp_path: Path) -> None:
    hit = found([opened(tmp_path, [PASS, KITA])], "Reisepass")[0]
    vectors = FakeEmbedder().passages(["Reisepass", PASS.title + "\n" + PASS.body])

    assert hit.meaning == pytest.approx(float(vectors[0] @ vectors[1]), abs=1e-5)
    assert hit.nearness == pytest.approx(hit.meaning, abs=1e-5)
    assert hit.score == pytest.approx(hit.meaning + hit.words, abs=1e-5)
    assert 0 < hit.words <= WEIGHTS.same_language


def test_words_count_less_in_another_language(tmp_path: Path) -> None:
    layer = opened(tmp_path, [PASS, KITA])
    own, other = (found([layer], "Reisepass", language)[0].words for language in ("de", "fr"))

    assert other == pytest.approx(own * WEIGHTS.other_language / WEIGHTS.same_language, rel=1e-5)


def test_a_page_is_not_found_before_its_first_day_or_after_its_last(tmp_path: Path) -> None:
    limited = page("markt", "Der Markt ist offen.", valid_from=date(2026, 5, 1), valid_until=date(2026, 5, 31))
    layer = opened(tmp_path, [limited, KITA])

    assert "markt" in ids([layer], "Markt offen", day=date(2026, 5, 31))
    for day in (date(2026, 4, 30), date(2026, 6, 1)):
        assert ids([layer], "Markt offen", day=day) == ["kita"]


def test_a_parallel_page_takes_the_place_of_its_original(tmp_path: Path) -> None:
    hits = found([opened(tmp_path, [PASS, KITA, PASS_EN, PASS_UK])], "Der Reisepass kostet 70 Euro", "en")

    assert hits[0].document == PASS_EN
    assert {hit.document.id for hit in hits} == {"pass-en", "kita"}


def test_a_parallel_page_stands_as_high_as_the_page_that_was_found(tmp_path: Path) -> None:
    question = "Der Reisepass kostet 70 Euro"
    alone = found([opened(tmp_path, [PASS, KITA])], question, "en")
    both = found([opened(tmp_path, [PASS, KITA], [PASS_EN])], question, "en")

    assert both[0].document == PASS_EN
    assert both[0].score == pytest.approx(alone[0].score, abs=1e-5)


def test_no_passage_is_found_twice(tmp_path: Path) -> None:
    layer = opened(tmp_path, [PASS, KITA], [PASS_EN, PASS_UK])
    for question in ("Der Reisepass kostet 70 Euro", "It costs 70 euros", "Паспорт"):
        for language in ("de", "en", "uk", "fr"):
            passages = [hit.passage.id for hit in found([layer], question, language)]
            assert len(passages) == len(set(passages)), (question, language)


def test_a_parallel_page_of_many_passages_does_not_crowd_out_better_ones(tmp_path: Path) -> None:
    sections = "".join(f"\n\n## Zz{n}\nqqqq wwww xxxx" for n in range(12))
    long = page("pass-en", f"It costs 70 euros.{sections}", "Passport", "en", translation_of="pass")
    hits = found([opened(tmp_path, [PASS, KITA, long])], "Reisepass 70 Euro, Kita gebührenfrei", "en", top=5)

    assert hits[0].document == long
    assert KITA in [hit.document for hit in hits]


def test_a_citizen_of_a_language_without_parallel_page_gets_the_original(tmp_path: Path) -> None:
    assert ids([opened(tmp_path, [PASS, PASS_EN, PASS_UK])], "It costs 70 euros", "fr")[0] == "pass"


def test_a_translation_without_its_original_is_better_than_nothing(tmp_path: Path) -> None:
    assert set(ids([opened(tmp_path, [PASS_EN])], "costs 70 euros", "fr")) == {"pass-en"}


def test_a_parallel_page_that_is_not_valid_takes_no_place(tmp_path: Path) -> None:
    late = page("pass-fr", "Il coûte 70 euros.", "Passeport", "fr", translation_of="pass", valid_from=date(2027, 1, 1))

    assert ids([opened(tmp_path, [PASS, late])], "Der Reisepass kostet 70 Euro", "fr") == ["pass"]


def test_a_parallel_page_takes_no_place_in_another_layer(tmp_path: Path) -> None:
    town, state = opened(tmp_path, [PASS], corpus="stadt"), opened(tmp_path, [PASS_EN], corpus="land")
    hits = found([town, state], "Reisepass 70", "en")

    assert {(hit.corpus, hit.document.id) for hit in hits} == {("stadt", "pass"), ("land", "pass-en")}


def test_of_equal_passages_that_of_the_earlier_layer_comes_first(tmp_path: Path) -> None:
    town, state = opened(tmp_path, [PASS], corpus="stadt"), opened(tmp_path, [PASS], corpus="land")

    assert [hit.corpus for hit in found([town, state], "Reisepass")] == ["stadt", "land"]
    assert [hit.corpus for hit in found([state, town], "Reisepass")] == ["land", "stadt"]


def test_a_much_better_passage_of_a_later_layer_comes_first(tmp_path: Path) -> None:
    town, state = opened(tmp_path, [KITA], corpus="stadt"), opened(tmp_path, [PASS], corpus="land")

    assert [hit.corpus for hit in found([town, state], "Was kostet der Reisepass?")] == ["land", "stadt"]


def test_nothing_is_found_in_no_layer_or_an_empty_one(tmp_path: Path) -> None:
    assert found([], "Reisepass") == []
    assert found([opened(tmp_path)], "Reisepass") == []


def test_words_find_a_passage_that_meaning_ranks_behind_all_candidates(tmp_path: Path) -> None:
    crowd = [page(f"p{n}", "Reisepass Antrag Frist Kosten", "Reisepass") for n in range(CANDIDATES + 5)]
    rare = page("rar", "Zwölfender " + "xyz uvw rst " * 15, "Zoo")
    meaningless = Weights(same_language=2.0, other_language=0.0, layer=0.0)
    searcher = retriever(weights=meaningless)
    query = searcher.query("Reisepass Antrag Frist Kosten Zwölfender", "de", TODAY)

    assert "rar" in {hit.document.id for hit in searcher.search(query, [opened(tmp_path, [*crowd, rare])], 300)}


def test_the_centres_of_question_and_passage_are_taken_out(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    documents: list[Document] = [PASS, KITA, HUND]
    plain = embedder.passages([f"{d.title}\n{d.body}" for d in documents])
    mean = {"de": plain.mean(axis=0)}
    centres = Centres({"de": plain[0] * 0.5}, mean)
    searcher = Retriever(embedder, centres, Weights(0.0, 0.0, 0.0))
    query = Query("?", "de", plain[0], TODAY)
    hits = {hit.document.id: hit for hit in searcher.search(query, [opened(tmp_path, documents, centres=centres)])}

    for document, vector in zip(documents, plain, strict=True):
        question, passage = plain[0] - centres.questions["de"], vector - mean["de"]
        cosine = question @ passage / np.linalg.norm(question) / np.linalg.norm(passage)
        assert hits[document.id].meaning == pytest.approx(float(cosine), abs=1e-5)
        above = float(plain[0] @ vector - centres.questions["de"] @ mean["de"])
        assert hits[document.id].nearness == pytest.approx(above, abs=1e-5)
