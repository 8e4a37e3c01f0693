"""Municipalities as the store keeps them and as administrators describe them."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Engine, delete, insert, select

from assistant.domain.municipality import Contact, Municipality
from assistant.errors import BadMunicipality, UnknownMunicipality
from assistant.tables import municipalities
from corpora.readers.problems import problems

_LISTS = ("corpora", "languages", "places", "suggestions", "allowed_origins")


def _origin(text: str) -> str:
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", text) or re.fullmatch(r"https:.*:443|http:.*:80", text):
        raise ValueError("should be as browsers send it: in lower case, without a path, as https://www.town.example")
    return text


Name = Annotated[str, Field(min_length=1, max_length=100)]
Origin = Annotated[str, AfterValidator(_origin)]


class ContactRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name = "Behördennummer 115"
    phone: str | None = "115"
    email: str | None = None
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    hours: str | None = None


class MunicipalityRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    corpora: list[str] = []
    contact: ContactRow = ContactRow()
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]] = []
    places: list[Name] = []
    demonstration: bool = False
    suggestions: list[Name] = []
    tone: Annotated[str, Field(max_length=300)] = ""
    allowed_origins: list[Origin] = []
    color: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    enforcement: Annotated[str, Field(max_length=300)] = ""


def described(name: str, corpora: Sequence[str], file: Path | None = None) -> Municipality:
    """The municipality of a TOML file, or one that takes every language and knows no places; BadMunicipality."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")) if file else {}
        row = MunicipalityRow.model_validate(table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadMunicipality(f"{file}: cannot be read ({error}).") from error
    except ValidationError as error:
        raise BadMunicipality(f"{file}: {problems(error)}.") from error
    chosen = tuple(corpora) or tuple(row.corpora)
    if not chosen:
        raise BadMunicipality(f"The municipality {name} needs at least one corpus.")
    return _municipality(name, row.model_dump() | {"corpora": chosen, "name": row.name or name})


def _municipality(name: str, fields: dict[str, Any]) -> Municipality:
    lists = {key: tuple(fields.get(key, ())) for key in _LISTS}
    return Municipality(**{"id": name, **fields, **lists, "contact": Contact(**fields["contact"])})


class MunicipalityStore:
    """Keeps municipalities by id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, municipality: Municipality) -> None:
        """Adds a municipality or puts a new description in the place of the old one."""
        fields = asdict(municipality)
        with self._engine.begin() as connection:
            connection.execute(delete(municipalities).where(municipalities.c.id == municipality.id))
            connection.execute(
                insert(municipalities).values(id=municipality.id, description=fields, added_at=datetime.now(UTC))
            )

    def get(self, name: str) -> Municipality:
        """The municipality of that id; raises UnknownMunicipality."""
        with self._engine.connect() as connection:
            row = connection.execute(select(municipalities).where(municipalities.c.id == name)).one_or_none()
        if row is None:
            raise UnknownMunicipality(f"There is no municipality named {name}.")
        return _municipality(row.id, {k: v for k, v in row.description.items() if k != "id"})

    def all(self) -> list[Municipality]:
        """All municipalities by id."""
        with self._engine.connect() as connection:
            names = connection.scalars(select(municipalities.c.id).order_by(municipalities.c.id)).all()
        return [self.get(name) for name in names]
