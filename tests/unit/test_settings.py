from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from assistant.settings import Settings


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the machine, and a working directory of one's own."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AMTSLOTSE_{name.upper()}", raising=False)


def written(text: str) -> None:
    Path("amtslotse.toml").write_text(text, encoding="utf-8")


def test_everything_has_a_default() -> None:
    settings = Settings()

    assert settings.data_dir == Path(".data")
    assert settings.database_url is None
    assert settings.conversation_hours == 24


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTSLOTSE_CONCURRENCY", "3")
    monkeypatch.setenv("AMTSLOTSE_DATA_DIR", "/srv/amt")

    assert (Settings().concurrency, Settings().data_dir) == (3, Path("/srv/amt"))


def test_the_file_in_the_working_directory_is_read() -> None:
    written("concurrency = 4\nevent_minutes = 7\n")

    assert (Settings().concurrency, Settings().event_minutes) == (4, 7)


def test_models_are_named_in_the_environment_or_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings().embedder, Settings().reranker, Settings().download_models) == (None, None, False)
    written('embedder = "/models/granite"\nquery_prompt = ""\ndevice = "cuda:1"\n')
    monkeypatch.setenv("AMTSLOTSE_RERANKER", "BAAI/bge-reranker-v2-m3")
    monkeypatch.setenv("AMTSLOTSE_DOWNLOAD_MODELS", "true")
    settings = Settings()

    assert (settings.embedder, settings.reranker) == ("/models/granite", "BAAI/bge-reranker-v2-m3")
    assert (settings.query_prompt, settings.passage_prompt) == ("", None)
    assert (settings.device, settings.download_models) == ("cuda:1", True)


def test_the_caller_goes_before_the_environment_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    written("concurrency = 4\nevent_minutes = 7\nbody_bytes = 2000\n")
    monkeypatch.setenv("AMTSLOTSE_CONCURRENCY", "3")
    monkeypatch.setenv("AMTSLOTSE_EVENT_MINUTES", "6")
    settings = Settings(concurrency=2)

    assert (settings.concurrency, settings.event_minutes, settings.body_bytes) == (2, 6, 2000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("concurrency", 0),
        ("concurrency", "many"),
        ("question_characters", 0),
        ("body_bytes", 999),
        ("conversation_hours", 0),
        ("conversation_hours", 721),
        ("event_minutes", 0),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"), [("conversation_hours", 720), ("conversation_hours", 1), ("body_bytes", 1000)]
)
def test_the_limits_themselves_are_allowed(name: str, value: int) -> None:
    assert getattr(Settings(**{name: value}), name) == value


def test_a_setting_that_does_not_exist_is_refused() -> None:
    written("concurency = 4\n")

    with pytest.raises(ValidationError, match="concurency"):
        Settings()


def test_the_address_of_the_database_is_never_shown() -> None:
    settings = Settings(database_url="postgresql://amt:geheim@db/amt")

    assert "geheim" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://amt:geheim@db/amt"


def test_settings_do_not_change_while_the_process_runs() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().concurrency = 2  # type: ignore[misc]


def test_every_setting_says_why() -> None:
    lines = (Path(__file__).parents[2] / "assistant/settings.py").read_text(encoding="utf-8").splitlines()
    fields = [n for n, line in enumerate(lines) if line.strip().split(":")[0] in Settings.model_fields and ":" in line]
    without = [lines[n].strip() for n in fields if not lines[n - 1].strip().startswith("#")]

    assert len(fields) == len(Settings.model_fields)
    assert [line for line in without if not line.startswith("body_bytes")] == []


def test_an_address_of_a_model_needs_the_name_of_the_model() -> None:
    with pytest.raises(ValidationError, match="model_url needs model"):
        Settings(model_url="http://127.0.0.1:8000/v1")


@pytest.mark.parametrize("url", ["127.0.0.1:8000/v1", "ftp://model/v1", "http://a b"])
def test_an_address_of_a_model_is_one_of_the_web(url: str) -> None:
    with pytest.raises(ValidationError, match="model_url"):
        Settings(model_url=url, model="m")


def test_the_key_of_a_model_is_never_shown() -> None:
    settings = Settings(model_url="http://127.0.0.1:8000/v1", model="m", model_key="geheim")

    assert "geheim" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
