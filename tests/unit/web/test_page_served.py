import re

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool

from assistant.domain.municipality import Contact, Municipality
from assistant.domain.replies import LIKELY
from assistant.publishing.municipalities import MunicipalityStore
from assistant.tables import metadata
from assistant.web.page import _PAGES, _first


def knowing(*names: str) -> Engine:
    """A database with those towns."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    for name in names:
        MunicipalityStore(engine).put(Municipality(name, name, ("amt",), Contact("Amt")))
    return engine


@pytest.mark.parametrize(
    ("known", "first"),
    [(("zwickelheim", "altdorf"), "altdorf"), (("altdorf", "neckarfurt"), "neckarfurt"), ((), "")],
    ids=["own towns", "the sample town too", "none"],
)
def test_the_page_is_for_the_sample_town_where_it_is_there_and_else_for_the_first(
    known: tuple[str, ...], first: str
) -> None:
    assert _first(knowing(*known)) == first


def test_without_the_database_the_page_is_there_all_the_same() -> None:
    assert _first(create_engine("sqlite://")) == "neckarfurt"


@pytest.mark.parametrize("unknown", [True, False])
def test_that_nobody_can_be_asked_is_said_in_several_languages(unknown: bool) -> None:
    said = _PAGES.get_template("nobody.html").render(unknown=unknown).split("</h1>")[1]

    assert sorted(re.findall(r'lang="(\w+)"', said)) == sorted(LIKELY)
    assert re.findall(r'lang="(\w+)" dir="rtl"', said) == ["ar"]
    assert said.count("115") == len(LIKELY)
    assert "Neckarfurt" not in said
