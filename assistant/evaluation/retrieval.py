"""How well search finds the documents that answer one's own questions."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.evaluation.comparison import Interval, interval
from assistant.evaluation.errors import LibraryMissing
from assistant.evaluation.pages import Page, Pages
from assistant.evaluation.questions import Asked, spoken
from assistant.evaluation.runs import MEASURES, Measured, Run
from assistant.searching import Search
from assistant.wiring import Wiring
from retrieval import fusion
from retrieval.fusion import Weights

if TYPE_CHECKING:
    from ir_measures import Measure


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one language whose gold documents are of one language; None stands for all of them."""

    question_language: str | None
    document_language: str | None
    questions: int
    measures: dict[str, Interval]
    p50_milliseconds: float
    p95_milliseconds: float


def measured(wiring: Wiring, asked: Sequence[Asked], top: int, weights: Weights | None = None) -> Run:
    """Every question searched, one after the other; raises LibraryMissing, UnknownCorpus and RetrievalError.

    Documents rank by their best passage among the `top`, and the parallel versions of a page are one document, since
    a search shows only the one in the asker's language.
    """
    # Says what is missing before all questions are searched, not after.
    _library()
    search = Search(wiring.finder(weights or fusion.load()), wiring.shelf.layers)
    pages = Pages(wiring)
    # What is loaded once, model and snapshots, is no part of a search.
    for corpora in {one.corpora for one in asked}:
        search(asked[0].question, corpora, asked[0].language, 1)
    rankings: dict[str, list[Page]] = {}
    took: dict[str, float] = {}
    for one in asked:
        started = time.perf_counter()
        hits = search(one.question, one.corpora, one.language, top)
        took[one.id] = (time.perf_counter() - started) * 1000
        rankings[one.id] = list(dict.fromkeys(hit.page for hit in hits))
    values = valued({one.id: pages.of(one) for one in asked}, rankings)
    return Run(
        _configuration(wiring, asked, top, weights or fusion.load()),
        tuple(
            Measured(one.id, spoken(search, one), pages.language(one), values[one.id], round(took[one.id], 3))
            for one in asked
        ),
    )


def valued(gold: Mapping[str, Iterable[Page]], rankings: Mapping[str, Sequence[Page]]) -> dict[str, dict[str, float]]:
    """The measures of each question from its gold pages and the pages found, best first; raises LibraryMissing."""
    names = _library()
    from ir_measures import iter_calc

    wanted = {id_: {"/".join(page): 1 for page in pages} for id_, pages in gold.items()}
    run = {id_: {"/".join(page): -float(rank) for rank, page in enumerate(pages)} for id_, pages in rankings.items()}
    found = {id_: dict.fromkeys(MEASURES, 0.0) for id_ in gold}
    for one in iter_calc(list(names), wanted, run):
        found[one.query_id][names[one.measure]] = float(one.value)
    return found


def grouped(measured: Iterable[Measured]) -> list[Group]:
    """The measures for each pair of languages and, last, for all questions."""
    pairs: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for one in measured:
        pairs[one.question_language, one.document_language].append(one)
    every = [one for ones in pairs.values() for one in ones]
    return [*(_group(*pair, pairs[pair]) for pair in sorted(pairs)), _group(None, None, every)]


def _group(question_language: str | None, document_language: str | None, ones: Sequence[Measured]) -> Group:
    p50, p95 = np.percentile([one.milliseconds for one in ones], (50, 95))
    return Group(
        question_language,
        document_language,
        len(ones),
        {name: interval([one.values[name] for one in ones]) for name in MEASURES},
        round(float(p50), 1),
        round(float(p95), 1),
    )


def _library() -> dict["Measure", str]:
    try:
        from ir_measures import RR, Success, nDCG
    except ImportError as error:
        raise LibraryMissing("Measuring needs the library ir-measures: pip install 'amtslotse[evaluation]'") from error
    return dict(zip((Success @ 1, Success @ 5, nDCG @ 10, RR), MEASURES, strict=True))


def _configuration(wiring: Wiring, asked: Iterable[Asked], top: int, weights: Weights) -> dict[str, Any]:
    corpora = sorted({corpus for one in asked for corpus in one.corpora})
    revisions = {corpus: wiring.corpora.current(corpus) for corpus in corpora}
    return {
        "revisions": {corpus: revision.number if revision else None for corpus, revision in revisions.items()},
        "embedder": wiring.embedder.name,
        "reranker": wiring.settings.reranker,
        "weights": asdict(weights),
        "top": top,
    }
