from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import UnknownMunicipality
from assistant.publishing.demonstration import NAME, Demonstration
from assistant.publishing.municipalities import MunicipalityStore, described
from assistant.storage import opened
from corpora.samples import layers
from retrieval import snapshot
from retrieval.errors import SnapshotForeign
from tests.fakes import Office, found, page


def demonstration(office: Office) -> Demonstration:
    return Demonstration(office.store, office.publisher, MunicipalityStore(office.engine))


def refused(*_: object) -> None:
    raise AssertionError("Nothing was to be published.")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample town, made ready once for the tests that only look at it."""
    folder: Path = tmp_path_factory.mktemp("town")
    engine = opened(folder)
    office = Office(folder, engine)
    demonstration(office).ready()
    yield office
    engine.dispose()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages in place of the sample town's."""
    monkeypatch.setattr(layers, "documents", lambda layer: [page(f"{layer}-1", "A"), page(f"{layer}-2", "B")])


def test_all_layers_are_published(town: Office) -> None:
    assert {state.name: state.documents for state in town.store.states()} == {
        layer: len(layers.documents(layer)) for layer in layers.LAYERS
    }


def test_the_town_is_searched_in_all_its_layers(town: Office) -> None:
    municipality = MunicipalityStore(town.engine).get(NAME)

    assert municipality.corpora == layers.LAYERS
    assert len(town.shelf.layers(municipality.corpora)) == 3


@pytest.mark.parametrize("language", ["de", "en", "uk", "ar"])
def test_a_sample_page_is_found_in_the_language_of_the_question(town: Office, language: str) -> None:
    hits = found(town.shelf.layers(layers.LAYERS), "Reisepass", language)

    assert hits[0].document.original == "reisepass"
    assert hits[0].document.language == language


def test_a_second_time_nothing_is_done(town: Office) -> None:
    manifests = {layer: town.opened(layer).manifest for layer in layers.LAYERS}

    with pytest.MonkeyPatch.context() as watched:
        watched.setattr(snapshot, "build", refused)
        watched.setattr(snapshot, "write_manifest", refused)
        demonstration(town).ready()

    assert {state.current for state in town.store.states()} == {1}
    assert {layer: town.opened(layer).manifest for layer in layers.LAYERS} == manifests


@pytest.mark.usefixtures("small")
def test_later_changes_to_the_samples_are_left_alone(office: Office) -> None:
    demonstration(office).ready()
    office.publish(page("eigene", "C"), corpus="bund", replace=True)
    municipalities = MunicipalityStore(office.engine)
    municipalities.put(described(NAME, ["bund"]))
    demonstration(office).ready()

    assert office.served("bund") == {"eigene": "C"}
    assert municipalities.get(NAME).corpora == ("bund",)


@pytest.mark.usefixtures("small")
def test_a_layer_that_was_drafted_but_not_published_is_published(office: Office) -> None:
    office.publisher.import_documents("bund", [page("bund-1", "A")])
    demonstration(office).ready()

    assert office.served("bund") == {"bund-1": "A", "bund-2": "B"}


@pytest.mark.usefixtures("small")
def test_an_index_of_another_version_is_renewed_and_a_draft_waits(office: Office) -> None:
    demonstration(office).ready()
    office.publisher.import_documents("bund", [page("bund-1", "Entwurf")])
    for layer in layers.LAYERS:
        older = replace(office.opened(layer).manifest, format=1)
        office.store.point(layer, 1, snapshot.write_manifest(office.folders.snapshots, older))
        with pytest.raises(SnapshotForeign):
            office.shelf.snapshot(layer)
    demonstration(office).ready()

    assert {office.opened(layer).manifest.format for layer in layers.LAYERS} == {snapshot.FORMAT}
    assert office.served("bund") == {"bund-1": "A", "bund-2": "B"}
    assert office.store.changes("bund")


@pytest.mark.usefixtures("small")
def test_what_a_stop_left_undone_is_done_the_next_time(office: Office) -> None:
    def stop(_stage: str, _done: int, _of: int) -> None:
        if office.store.states()[0].current:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demonstration(office).ready(stop)
    demonstration(office).ready()

    assert {state.name: state.current for state in office.store.states()} == dict.fromkeys(layers.LAYERS, 1)


def others_draft(office: Office) -> None:
    office.publisher.import_documents("bund", [page("eigene", "Entwurf")])


def others_page(office: Office) -> None:
    office.publish(page("eigene", "C"), corpus="bund")


def others_page_among_ours(office: Office) -> None:
    office.publish(page("bund-1", "A"), page("eigene", "C"), corpus="bund")


def others_words(office: Office) -> None:
    office.publish(page("bund-1", "Anders"), corpus="bund")


def others_draft_of_ours(office: Office) -> None:
    office.publish(page("bund-1", "A"), page("bund-2", "B"), corpus="bund")
    office.publisher.import_documents("bund", [page("bund-1", "Anders")])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "imported", [others_draft, others_page, others_page_among_ours, others_words, others_draft_of_ours]
)
def test_where_a_layer_has_other_documents_nothing_is_done(office: Office, imported: Callable[[Office], None]) -> None:
    imported(office)
    before, changes = office.store.states(), office.store.changes("bund")

    for ready in (demonstration(office).ready, demonstration(office).ready_alone):
        with pytest.raises(UnknownMunicipality, match=f"{NAME} is not set up, since .* not its own are in bund;"):
            ready()

    assert (office.store.states(), office.store.changes("bund")) == (before, changes)
    assert MunicipalityStore(office.engine).all() == []


@pytest.mark.usefixtures("small")
def test_over_layers_that_are_all_there_the_town_is_set_up_whoever_wrote_them(office: Office) -> None:
    for layer in layers.LAYERS:
        office.publish(page("eigene", "C"), corpus=layer)
    office.publisher.import_documents("bund", [page("neue", "Entwurf")])
    demonstration(office).ready()

    assert MunicipalityStore(office.engine).get(NAME).demonstration
    assert {layer: office.served(layer) for layer in layers.LAYERS} == {
        layer: {"eigene": "C"} for layer in layers.LAYERS
    }
    assert office.store.changes("bund").added == ("neue",)


@pytest.mark.usefixtures("small")
def test_a_municipality_of_that_name_that_others_described_gets_no_layers(office: Office) -> None:
    office.publish(page("eigene", "C"), corpus="bund")
    municipalities = MunicipalityStore(office.engine)
    municipalities.put(described(NAME, ["bund"]))
    demonstration(office).ready()
    demonstration(office).ready_alone()

    assert [state.name for state in office.store.states()] == ["bund"]
    assert municipalities.get(NAME) == described(NAME, ["bund"])


@pytest.mark.usefixtures("small")
def test_alone_the_town_is_set_up(office: Office) -> None:
    demonstration(office).ready_alone()
    demonstration(office).ready_alone()

    assert MunicipalityStore(office.engine).get(NAME).corpora == layers.LAYERS
    assert {state.current for state in office.store.states()} == {1}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("other", ["a corpus", "a draft", "a municipality"])
def test_beside_others_the_town_is_not_set_up_by_itself(office: Office, other: str) -> None:
    if other == "a municipality":
        MunicipalityStore(office.engine).put(described("musterstadt", ["stadt"]))
    else:
        office.publisher.import_documents("stadt", [page("eigene")], publish=other == "a corpus")
    before = office.store.states()

    with pytest.raises(UnknownMunicipality, match=rf"{NAME} is not set up by itself beside (muster)?stadt: name yours"):
        demonstration(office).ready_alone()

    assert office.store.states() == before


@pytest.mark.usefixtures("small")
def test_beside_others_a_town_that_is_there_is_left_as_it_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    demonstration(office).ready()
    office.publish(page("eigene"))
    monkeypatch.setattr(snapshot, "read_manifest", refused)
    demonstration(office).ready_alone()


@pytest.mark.usefixtures("small")
def test_progress_is_told(office: Office) -> None:
    told: list[str] = []
    demonstration(office).ready(lambda stage, _done, _of: told.append(stage))

    assert set(told) == {"embed", "index"}
