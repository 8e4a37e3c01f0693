from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from corpora.vectors import VectorCache, Vectors, checksum, read_shipped, write_shipped
from tests.fakes import FakeEmbedder

TEXTS = ["Reisepass", "Kita", "Hundesteuer"]


@pytest.fixture
def cache(engine: Engine) -> VectorCache:
    return VectorCache(engine)


def test_vectors_come_in_the_order_of_the_texts(cache: VectorCache, embedder: FakeEmbedder) -> None:
    cache.get("fake", TEXTS[:1], embedder.passages)

    assert np.array_equal(cache.get("fake", TEXTS, embedder.passages), FakeEmbedder().passages(TEXTS))


def test_a_text_is_embedded_once(engine: Engine, embedder: FakeEmbedder) -> None:
    VectorCache(engine).get("fake", [*TEXTS, *TEXTS], embedder.passages)
    VectorCache(engine).get("fake", TEXTS, embedder.passages)

    assert sorted(embedder.embedded) == sorted(TEXTS)


def test_another_embedder_has_vectors_of_its_own(cache: VectorCache) -> None:
    one, other = FakeEmbedder(), FakeEmbedder("other", 8)
    cache.get(one.name, TEXTS, one.passages)

    assert cache.get(other.name, TEXTS, other.passages).shape == (3, 8)
    assert sorted(other.embedded) == sorted(TEXTS)


def test_no_text_has_no_vectors(cache: VectorCache, embedder: FakeEmbedder) -> None:
    assert len(cache.get("fake", [], embedder.passages)) == 0
    assert embedder.embedded == []


def test_a_forgotten_text_is_embedded_anew(cache: VectorCache, embedder: FakeEmbedder) -> None:
    cache.get("fake", TEXTS, embedder.passages)
    cache.forget(["Kita"])
    embedder.embedded.clear()
    cache.get("fake", TEXTS, embedder.passages)

    assert embedder.embedded == ["Kita"]


def test_a_text_is_forgotten_for_every_embedder(cache: VectorCache) -> None:
    one, other = FakeEmbedder(), FakeEmbedder("other")
    for embedder in (one, other):
        cache.get(embedder.name, ["Kita"], embedder.passages)
    cache.forget(["Kita"])
    for embedder in (one, other):
        cache.get(embedder.name, ["Kita"], embedder.passages)

    assert one.embedded == other.embedded == ["Kita", "Kita"]


def test_progress_adds_up_to_all_texts(cache: VectorCache, embedder: FakeEmbedder) -> None:
    texts = [f"Seite {n}" for n in range(150)]
    cache.get("fake", texts[:40], embedder.passages)
    told: list[int] = []
    cache.get("fake", [*texts, texts[0]], embedder.passages, told.append)

    assert sum(told) == 151
    assert told[0] == 41


def test_what_was_embedded_before_a_stop_is_kept(cache: VectorCache, embedder: FakeEmbedder) -> None:
    texts = [f"Seite {n:03}" for n in range(150)]

    def stopping(batch: Sequence[str]) -> Vectors:
        if len(embedder.embedded) >= 64:
            raise RuntimeError("stopped")
        return embedder.passages(batch)

    with pytest.raises(RuntimeError, match="stopped"):
        cache.get("fake", texts, stopping)
    cache.get("fake", texts, embedder.passages)

    assert sorted(embedder.embedded) == texts


def test_batches_are_of_one_length_and_take_turns(cache: VectorCache, embedder: FakeEmbedder) -> None:
    batches: list[list[str]] = []

    def noted(batch: Sequence[str]) -> Vectors:
        batches.append(list(batch))
        return embedder.passages(batch)

    texts = [f"{n:04} " + "x" * n for n in range(640)]
    cache.get("fake", texts, noted)
    shortest = [min(map(len, batch)) for batch in batches]

    assert sorted(embedder.embedded) == texts
    assert all(max(map(len, batch)) - min(map(len, batch)) == 63 for batch in batches)
    assert shortest != sorted(shortest)


def test_more_texts_than_a_statement_takes_are_no_matter(cache: VectorCache, embedder: FakeEmbedder) -> None:
    texts = [f"Seite {n}" for n in range(1100)]
    cache.get("fake", texts, embedder.passages)
    cache.forget(texts)
    cache.get("fake", texts[:3], embedder.passages)

    assert len(embedder.embedded) == 1103


def shipped(folder: Path, texts: Sequence[str], name: str = "fake") -> Path:
    path = folder / "vectors.npz"
    write_shipped(path, {name: dict(zip(map(checksum, texts), FakeEmbedder().passages(texts), strict=True))})
    return path


def test_a_vector_that_ships_is_not_embedded(engine: Engine, embedder: FakeEmbedder, tmp_path: Path) -> None:
    cache = VectorCache(engine, shipped(tmp_path, TEXTS[:2]))
    cache.get("fake", TEXTS, embedder.passages)

    assert embedder.embedded == ["Hundesteuer"]


def test_vectors_that_ship_for_another_embedder_are_not_taken(
    engine: Engine, embedder: FakeEmbedder, tmp_path: Path
) -> None:
    VectorCache(engine, shipped(tmp_path, TEXTS, "other")).get("fake", TEXTS, embedder.passages)

    assert sorted(embedder.embedded) == sorted(TEXTS)


def test_without_a_file_nothing_ships(engine: Engine, embedder: FakeEmbedder, tmp_path: Path) -> None:
    VectorCache(engine, tmp_path / "vectors.npz").get("fake", TEXTS, embedder.passages)

    assert sorted(embedder.embedded) == sorted(TEXTS)


def test_a_shipped_vector_points_where_the_written_one_did(tmp_path: Path) -> None:
    texts = [f"Seite {n}" for n in range(100)]
    rows = np.random.default_rng(7).normal(size=(100, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    path = tmp_path / "vectors.npz"
    write_shipped(path, {"fake": dict(zip(map(checksum, texts), rows, strict=True))})
    found = read_shipped(path, "fake")

    back = np.stack([found[checksum(text)] for text in texts])
    assert np.allclose(np.linalg.norm(back, axis=1), 1, atol=1e-5)
    assert (back * rows).sum(axis=1).min() > 0.99


def test_each_embedder_finds_its_own_among_what_ships(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    vector = FakeEmbedder().passages(["Kita"])[0]
    write_shipped(path, {"one": {checksum("a"): vector}, "two": {checksum("b"): vector}})

    assert list(read_shipped(path, "one")) == [checksum("a")]
    assert list(read_shipped(path, "two")) == [checksum("b")]
    assert read_shipped(path, "three") == {}
