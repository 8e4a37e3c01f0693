from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from assistant.domain.municipality import Contact, Municipality
from assistant.errors import BadMunicipality, UnknownMunicipality
from assistant.publishing.municipalities import MunicipalityStore, described
from assistant.tables import municipalities
from corpora.samples import layers

WHOLE = """
name = "Neustadt"
corpora = ["stadt", "land"]
languages = ["de", "uk"]
places = ["Neustadt", "Altdorf"]
suggestions = ["Was kostet ein Pass?"]
allowed_origins = ["https://www.neustadt.example", "http://localhost:8080"]
color = "#7a0019"
enforcement = "Schlichtungsstelle, schlichtung@neustadt.example"

[contact]
name = "Bürgertelefon"
phone = "0123"
url = "https://neustadt.example"
"""
NEUSTADT = Municipality(
    id="neustadt",
    name="Neustadt",
    corpora=("stadt", "land"),
    contact=Contact("Bürgertelefon", "0123", url="https://neustadt.example"),
    languages=("de", "uk"),
    places=("Neustadt", "Altdorf"),
    suggestions=("Was kostet ein Pass?",),
    allowed_origins=("https://www.neustadt.example", "http://localhost:8080"),
    color="#7a0019",
    enforcement="Schlichtungsstelle, schlichtung@neustadt.example",
)


def file(folder: Path, content: str | bytes) -> Path:
    path = folder / "neustadt.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def store(engine: Engine) -> MunicipalityStore:
    return MunicipalityStore(engine)


def test_a_file_describes_a_municipality(tmp_path: Path) -> None:
    assert described("neustadt", (), file(tmp_path, WHOLE)) == NEUSTADT


def test_without_a_file_a_municipality_takes_every_language_and_knows_no_places() -> None:
    assert described("neustadt", ["stadt"]) == Municipality(
        "neustadt", "neustadt", ("stadt",), Contact("Behördennummer 115", "115")
    )


def test_corpora_that_are_given_go_before_those_of_the_file(tmp_path: Path) -> None:
    assert described("neustadt", ["bund"], file(tmp_path, WHOLE)).corpora == ("bund",)


def test_a_municipality_without_a_corpus_is_refused() -> None:
    with pytest.raises(BadMunicipality, match="neustadt needs at least one corpus"):
        described("neustadt", ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name = ", "cannot be read"),
        (b'name = "M\xfcnchen"', "cannot be read"),
        ('name = ""', "name: "),
        ("name = 7", "name: "),
        ('einwohner = "viele"', "einwohner: "),
        ('corpora = "stadt"', "corpora: "),
        ('languages = ["Deutsch"]', "languages.0: "),
        ("places = ['']", "places.0: "),
        ('[contact]\nurl = "javascript:alert(1)"', "contact.url: "),
        ('[contact]\nfax = "1"', "contact.fax: "),
        ('allowed_origins = "https://neustadt.example"', "allowed_origins: must be a list."),
        ('color = "red"', "color: "),
        ('color = "#7a001"', "color: "),
        ('color = "#7a0019; }"', "color: "),
        ("color = 7", "color: must be text."),
        (f'enforcement = "{"x" * 301}"', "enforcement: must have at most 300 characters."),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_by_name_and_field(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    with pytest.raises(BadMunicipality) as caught:
        described("neustadt", ["stadt"], file(tmp_path, content))
    assert str(caught.value).startswith(f"{tmp_path / 'neustadt.toml'}: {reason}")


@pytest.mark.parametrize(
    "origin",
    [
        "https://neustadt.example/",
        "https://neustadt.example/rathaus",
        "https://*.neustadt.example",
        "*",
        "null",
        "neustadt.example",
        "HTTPS://neustadt.example",
        "https://Neustadt.example",
        "https://neüstadt.example",
        "ftp://neustadt.example",
        "https://neustadt.example:",
        "https://neustadt.example:https",
        "https://amt@neustadt.example",
        "https://neustadt.example https://altdorf.example",
        "https://neustadt.example; script-src *",
        "https://neustadt.example\\n",
        " https://neustadt.example",
        "https://",
        "",
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(tmp_path: Path, origin: str) -> None:
    written = file(tmp_path, f'allowed_origins = ["https://www.neustadt.example", "{origin}"]')

    with pytest.raises(BadMunicipality) as caught:
        described("neustadt", ["stadt"], written)
    assert str(caught.value).startswith(f"{written}: allowed_origins.1: ")


@pytest.mark.parametrize("color", ["#7A0019", "#000000", ""])
def test_a_colour_may_be_written_in_capitals_or_left_out(tmp_path: Path, color: str) -> None:
    assert described("neustadt", ["stadt"], file(tmp_path, f'color = "{color}"')).color == color


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMunicipality, match="cannot be read"):
        described("neustadt", ["stadt"], tmp_path / "neustadt.toml")


def test_a_municipality_comes_back_as_it_was_put_in(store: MunicipalityStore) -> None:
    store.put(NEUSTADT)

    assert store.get("neustadt") == NEUSTADT


def test_a_municipality_stored_before_pages_elsewhere_could_show_it_is_for_our_own_pages(
    store: MunicipalityStore, engine: Engine
) -> None:
    newer = ("allowed_origins", "color", "enforcement")
    old = {key: value for key, value in asdict(NEUSTADT).items() if key not in newer}
    with engine.begin() as connection:
        connection.execute(
            insert(municipalities).values(id="neustadt", description=old, added_at=datetime(2026, 1, 1, tzinfo=UTC))
        )

    assert store.get("neustadt") == replace(NEUSTADT, allowed_origins=(), color="", enforcement="")


def test_a_new_description_takes_the_place_of_the_old_one(store: MunicipalityStore) -> None:
    store.put(NEUSTADT)
    store.put(described("neustadt", ["bund"]))

    assert store.all() == [described("neustadt", ["bund"])]


def test_all_municipalities_come_by_their_id(store: MunicipalityStore) -> None:
    for name in ("b", "c", "a"):
        store.put(described(name, ["stadt"]))

    assert [one.id for one in store.all()] == ["a", "b", "c"]


def test_a_municipality_that_is_not_there_is_refused_by_name(store: MunicipalityStore) -> None:
    with pytest.raises(UnknownMunicipality, match="no municipality named neustadt"):
        store.get("neustadt")


def test_the_sample_town_says_that_it_is_one() -> None:
    town = described("neckarfurt", (), layers.MUNICIPALITY)

    assert town.demonstration
    assert town.contact.url
    assert town.suggestions
