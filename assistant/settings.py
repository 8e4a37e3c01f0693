"""What an operator can set: environment `AMTSLOTSE_*` or `amtslotse.toml` in the working directory."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """The settings of one process, read once."""

    model_config = SettingsConfigDict(env_prefix="AMTSLOTSE_", toml_file="amtslotse.toml", extra="forbid", frozen=True)

    # Everything on disk lives here: the database, the indexes, the secret.
    data_dir: Path = Path(".data")
    # A whole URL for PostgreSQL; SQLite in the data directory where it is empty.
    database_url: SecretStr | None = None
    # A sentence-transformers model, by folder or by name, where multilingual-e5-small is not good enough.
    embedder: str | None = None
    # For a model that wants words before each question and does not say so itself.
    query_prompt: str | None = None
    # The same before each passage. Other prompts are another vector space: publish with --rebuild after a change.
    passage_prompt: str | None = None
    # A cross-encoder, by folder or by name, that puts the best hits in order; worth its time on a GPU only.
    reranker: str | None = None
    # A cross-encoder of natural language inference that every worded sentence must satisfy; for a GPU as well.
    entailment: str | None = None
    # "cpu", "cuda" or "cuda:1" for all models; the GPU where there is one and nothing is said.
    device: str | None = None
    # Nothing is fetched from other machines unless the operator wants it.
    download_models: bool = False
    # Where a model answers, as an address up to and including /v1; answers are quoted where it is empty.
    model_url: str = ""
    # Its name as that server knows it.
    model: str = ""
    # What that server wants in `Authorization`, if anything.
    model_key: SecretStr = SecretStr("")
    # A folder with the model's tokenizer, or its name on the hub; tokens are estimated where it is empty.
    model_tokenizer: str = ""
    # Tokens of prompt and answer together.
    model_context: Annotated[int, Field(ge=2_000)] = 4_096
    # vLLM's own ways: a grammar for sources, caches apart per municipality. Off where another server refuses them.
    model_is_vllm: bool = True
    # Answers written at the same time; who finds no place is answered by quoting at once.
    model_answers: Annotated[int, Field(ge=1)] = 16
    # How long a connection may take to come about.
    model_connect_seconds: Annotated[float, Field(gt=0)] = 3.0
    # The longest wait for its first word; whoever has waited so long is answered by quoting.
    model_first_token_seconds: Annotated[float, Field(gt=0)] = 10.0
    # The longest silence between two words.
    model_silence_seconds: Annotated[float, Field(gt=0)] = 10.0
    # After whoever asked has gone for so long the model is stopped; until then a dropped stream may be taken up again.
    abandoned_seconds: Annotated[float, Field(gt=0)] = 15.0
    # Failures in a row after which it is asked no more for a while.
    model_failures: Annotated[int, Field(ge=1)] = 5
    # How long that while is.
    model_pause_seconds: Annotated[float, Field(gt=0)] = 15.0
    # Questions answered at the same time; further ones wait, then get 503 with Retry-After.
    concurrency: Annotated[int, Field(ge=1)] = 8
    # Longer ones are not questions but documents.
    question_characters: Annotated[int, Field(ge=1)] = 2_000
    body_bytes: Annotated[int, Field(ge=1_000)] = 65_536
    # Enough for a visit to the office's page; 30 days at most are allowed to stay.
    conversation_hours: Annotated[int, Field(ge=1, le=720)] = 24
    # How long a dropped stream can be taken up again.
    event_minutes: Annotated[int, Field(ge=1)] = 5

    @model_validator(mode="after")
    def _named(self) -> "Settings":
        if self.model_url and not re.fullmatch(r"https?://\S+", self.model_url):
            raise ValueError("model_url must be an address such as http://127.0.0.1:8000/v1")
        if self.model_url and not self.model:
            raise ValueError("model_url needs model, the name of the model at that address")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller gives goes before the environment, and that before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
