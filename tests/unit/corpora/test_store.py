from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine
from sqlalchemy.event import listen
from sqlalchemy.pool import StaticPool

from corpora import tables
from corpora.documents import Document, Fee, ServiceFacts
from corpora.errors import UnknownCorpus, UnknownDocument, UnknownRevision
from corpora.revisions import Changes, Revision
from corpora.store import CorpusStore, checksum_of
from tests.fakes import page


@pytest.fixture
def store(engine: Engine) -> CorpusStore:
    return CorpusStore(engine)


def publish(store: CorpusStore, *documents: Document, replace: bool = False) -> Revision:
    store.draft("stadt", documents, replace)
    return store.commit("stadt", store.next_number("stadt"), "0" * 64, "import")


def said(store: CorpusStore, number: int | None) -> dict[str, str]:
    return {document.id: document.body for document in store.documents("stadt", number)}


def test_documents_that_are_new_wait_in_the_draft(store: CorpusStore) -> None:
    changes = store.draft("stadt", [page("pass"), page("kita")])

    assert changes == Changes(added=("kita", "pass"))
    assert store.current("stadt") is None
    assert [(s.name, s.current, s.documents, s.drafted) for s in store.states()] == [("stadt", None, 0, 2)]


def test_a_committed_draft_is_the_current_revision(store: CorpusStore) -> None:
    revision = publish(store, page("pass", "A"), page("kita", "B"))

    assert store.current("stadt") == revision
    assert (revision.number, revision.documents, revision.added) == (1, 2, 2)
    assert said(store, 1) == {"pass": "A", "kita": "B"}
    assert [(s.current, s.documents, s.drafted) for s in store.states()] == [(1, 2, 0)]


def test_a_document_comes_back_as_it_was_put_in(store: CorpusStore) -> None:
    whole = page("pass", "A", facts=ServiceFacts(fees=(Fee("70 Euro", 70.0),)), keywords=("Pass",))

    publish(store, whole)

    assert list(store.documents("stadt", 1)) == [whole]


def test_the_time_of_a_publication_is_kept(store: CorpusStore) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    publish(store, page("pass"))

    assert before <= store.history("stadt")[0].published_at.replace(tzinfo=None)


def test_only_what_differs_is_a_change(store: CorpusStore) -> None:
    publish(store, page("pass", "A"), page("kita", "B"))

    assert store.draft("stadt", [page("pass", "A"), page("kita", "C"), page("hund")]) == Changes(
        added=("hund",), changed=("kita",)
    )


def test_nothing_changed_is_no_change(store: CorpusStore) -> None:
    publish(store, page("pass", "A"))

    assert not store.draft("stadt", [page("pass", "A")])


def test_replacing_removes_what_is_not_among_the_new(store: CorpusStore) -> None:
    publish(store, page("pass"), page("kita"))

    assert store.draft("stadt", [page("pass")], replace=True) == Changes(removed=("kita",))


def test_replacing_gives_up_the_waiting_draft(store: CorpusStore) -> None:
    publish(store, page("pass"))
    store.draft("stadt", [page("kita")])

    assert store.draft("stadt", [page("pass")], replace=True) == Changes()


def test_taking_back_a_change_empties_the_draft(store: CorpusStore) -> None:
    publish(store, page("pass", "A"))
    store.draft("stadt", [page("pass", "B")])

    assert store.draft("stadt", [page("pass", "A")]) == Changes()


def test_a_removed_document_is_in_earlier_revisions_still(store: CorpusStore) -> None:
    publish(store, page("pass", "A"), page("kita", "B"))
    store.draft_removal("stadt", "kita")

    assert store.changes("stadt") == Changes(removed=("kita",))
    publish(store)
    assert (said(store, 1), said(store, 2)) == ({"pass": "A", "kita": "B"}, {"pass": "A"})


def test_removing_what_only_the_draft_has_takes_it_out_of_the_draft(store: CorpusStore) -> None:
    store.draft("stadt", [page("pass"), page("kita")])
    store.draft_removal("stadt", "kita")

    assert store.changes("stadt") == Changes(added=("pass",))


def test_removing_twice_is_one_change(store: CorpusStore) -> None:
    publish(store, page("pass"))
    store.draft_removal("stadt", "pass")
    store.draft_removal("stadt", "pass")

    assert store.changes("stadt") == Changes(removed=("pass",))


def test_importing_a_document_again_takes_its_removal_back(store: CorpusStore) -> None:
    publish(store, page("pass", "A"))
    store.draft_removal("stadt", "pass")

    assert store.draft("stadt", [page("pass", "A")]) == Changes()


def test_an_earlier_revision_can_be_drafted_again(store: CorpusStore) -> None:
    publish(store, page("pass", "A"), page("kita", "B"))
    publish(store, page("pass", "C"), page("hund", "D"), replace=True)

    assert store.draft_revision("stadt", 1) == Changes(added=("kita",), changed=("pass",), removed=("hund",))
    publish(store)
    assert said(store, 3) == said(store, 1)


def test_drafting_a_revision_that_is_not_there_leaves_the_draft(store: CorpusStore) -> None:
    publish(store, page("pass"))
    store.draft("stadt", [page("kita")])

    with pytest.raises(UnknownRevision, match="no revision 7"):
        store.draft_revision("stadt", 7)
    assert store.changes("stadt") == Changes(added=("kita",))


def test_the_history_names_what_each_revision_changed(store: CorpusStore) -> None:
    publish(store, page("pass", "A"), page("kita"))
    publish(store, page("pass", "B"), replace=True)

    assert [(r.number, r.documents, r.added, r.changed, r.removed) for r in store.history("stadt")] == [
        (2, 1, 0, 1, 1),
        (1, 2, 2, 0, 0),
    ]


def test_a_revision_number_is_given_once(store: CorpusStore) -> None:
    publish(store, page("pass"))
    store.draft("stadt", [page("kita")])

    with pytest.raises(UnknownRevision, match="another process meanwhile"):
        store.commit("stadt", 1, "0" * 64, "import")
    assert said(store, 1).keys() == {"pass"}
    assert store.changes("stadt") == Changes(added=("kita",))


def test_an_index_built_anew_is_pointed_to(store: CorpusStore) -> None:
    publish(store, page("pass"))
    store.point("stadt", 1, "f" * 64)

    assert [r.manifest_checksum for r in store.history("stadt")] == ["f" * 64]


def test_corpora_do_not_mix(store: CorpusStore) -> None:
    publish(store, page("pass", "A"))
    store.draft("land", [page("pass", "B")])

    assert store.changes("land") == Changes(added=("pass",))
    assert said(store, 1) == {"pass": "A"}
    assert [state.name for state in store.states()] == ["land", "stadt"]


def test_an_erased_document_is_in_no_revision_and_no_draft(store: CorpusStore) -> None:
    publish(store, page("pass", "A"), page("kita", "B"))
    publish(store, page("pass", "C"))
    store.draft("stadt", [page("pass", "D")])
    store.erase("stadt", "pass")

    assert said(store, 1) == said(store, 2) == {"kita": "B"}
    assert store.versions("stadt", "pass") == []
    assert store.changes("stadt") == Changes()


def test_erasing_marks_the_revisions_that_held_the_document(store: CorpusStore) -> None:
    publish(store, page("kita"))
    publish(store, page("pass", "A"))
    publish(store, page("pass", "B"))
    publish(store, page("kita"), replace=True)
    store.erase("stadt", "pass")

    assert [(r.number, r.documents, r.redacted) for r in store.history("stadt")] == [
        (4, 1, False),
        (3, 1, True),
        (2, 1, True),
        (1, 1, False),
    ]


def test_all_that_a_document_ever_said_is_known(store: CorpusStore) -> None:
    publish(store, page("pass", "A"))
    publish(store, page("pass", "B"))
    store.draft("stadt", [page("pass", "C"), page("kita", "D")])

    assert {document.body for document in store.versions("stadt", "pass")} == {"A", "B", "C"}


@pytest.mark.parametrize("call", ["current", "history", "changes"])
def test_a_corpus_that_is_not_there_is_refused_by_name(store: CorpusStore, call: str) -> None:
    with pytest.raises(UnknownCorpus, match="no corpus named land"):
        getattr(store, call)("land")


@pytest.mark.parametrize("call", ["draft_removal", "erase"])
def test_a_document_that_is_not_there_is_refused_by_name(store: CorpusStore, call: str) -> None:
    publish(store, page("pass"))

    with pytest.raises(UnknownDocument, match="stadt has no document kita"):
        getattr(store, call)("stadt", "kita")


def test_more_documents_than_a_statement_takes_are_no_matter(store: CorpusStore) -> None:
    many = [page(f"seite-{n:04}", "A") for n in range(1201)]
    publish(store, *many)
    revision = publish(store, *(page(one.id, "B") for one in many))

    assert (revision.documents, revision.changed) == (1201, 1201)


def test_what_one_page_costs_does_not_grow_with_the_corpus(store: CorpusStore, engine: Engine) -> None:
    steps = [0]

    def told(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.set_progress_handler(lambda: steps.append(steps.pop() + 1), 10)

    def cost(body: str) -> int:
        steps[0] = 0
        publish(store, page("pass", body), page(f"neu-{body}"))
        store.draft_removal("stadt", f"neu-{body}")
        publish(store)
        return steps[0]

    publish(store, page("pass"), *(page(f"seite-{n:04}", "A") for n in range(100)))
    listen(engine, "checkout", told)
    small = cost("B")
    publish(store, *(page(f"seite-{n:04}", "A") for n in range(100, 4000)))

    assert cost("C") < 1.5 * small


def test_the_checksum_tells_documents_apart_by_all_they_say() -> None:
    one = page("pass", "A")

    assert checksum_of(one) == checksum_of(page("pass", "A"))
    assert checksum_of(one) != checksum_of(page("pass", "A", keywords=("x",)))


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz")), min_size=1, max_size=5))
@settings(max_examples=25)
def test_every_revision_says_for_ever_what_it_said_at_first(states: list[dict[str, str]]) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    tables.metadata.create_all(engine)
    store = CorpusStore(engine)
    for state in states:
        publish(store, *(page(id_, body) for id_, body in state.items()), replace=True)

    assert [said(store, number) for number in range(1, len(states) + 1)] == states
    engine.dispose()


@given(
    st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xyz")), min_size=1, max_size=5),
    st.lists(st.integers(min_value=1, max_value=8), max_size=4),
)
@settings(max_examples=60)
def test_rolling_back_changes_what_differs_and_nothing_else(states: list[dict[str, str]], targets: list[int]) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    tables.metadata.create_all(engine)
    store = CorpusStore(engine)
    for state in states:
        publish(store, *(page(id_, body) for id_, body in state.items()), replace=True)

    said_by = list(states)
    for target in (1 + target % len(said_by) for target in targets):
        now, then = said_by[-1], said_by[target - 1]
        changes = store.draft_revision("stadt", target)
        revision = store.commit("stadt", store.next_number("stadt"), "0" * 64, "rollback")
        said_by.append(then)
        assert changes == Changes(
            added=tuple(sorted(then.keys() - now.keys())),
            changed=tuple(sorted(i for i in then if i in now and then[i] != now[i])),
            removed=tuple(sorted(now.keys() - then.keys())),
        )
        assert revision.documents == len(then)
    assert [said(store, number) for number in range(1, len(said_by) + 1)] == said_by
    engine.dispose()
