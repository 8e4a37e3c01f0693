"""Tokens of a text, by real tokenizers made on the spot, and by an estimate that was compared with large ones."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.errors import NotInstalled
from serving.tokens import ModelTokens, TokenizerMissing, estimated
from tests.scripted import Scripted

NOT_INSTALLED = "the libraries of the extra `models` are not installed; `make test-models` installs them and runs this"
PAGES = Path(__file__).parents[3] / "corpora/samples/neckarfurt"
GERMAN = "Die Hundesteuer beträgt 108 Euro im Jahr. Hunde müssen innerhalb eines Monats angemeldet werden.\n"
# Halves of surrogate pairs too, as broken pages have them.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=200)
COUNTED = {
    # By SmolLM2, Mistral 7B (v0.1), Tekken (240911) or XLM-R, whichever has the most; special tokens do not count.
    # First the dearest 100 characters of the sample pages and questions in each language.
    "- §§ 3 bis 7, 20, 21, 22, 25 und 27 Wohngeldgesetz (WoGG)\n  as_of: 2026-11-23\n---\nWohngeld hilft Hau": 68,
    "§ 17, 19, 23, 24 and 54 Bundesmeldegesetz (BMG)\n    - Fahrzeug-Zulassungsverordnung (FZV)\n  as_of: 2": 58,
    " et 2a Straßenverkehrsgesetz (StVG)\n    - §§ 7 à 12, 19, 21, 22 et 48a Fahrerlaubnis-Verordnung (FeV": 60,
    ", ehliyet yenileme, eski ehliyet, gri ehliyet, pembe ehliyet, kart ehliyet, ehliyetin süresi doldu, ": 57,
    "та 54 Bundesmeldegesetz (BMG)\n    - Fahrzeug-Zulassungsverordnung (FZV)\n  as_of: 2026-10-26\n---\nЦя с": 59,
    "ني طليقتي من رؤية ابنتنا، فإلى أي جهة أتوجه بشأن حق الزيارة؟\nأخشى أن يأخذ زوجي الأطفال إلى الخارج دو": 112,
    "DE02 1203 0000 0000 2020 51, 07123 900 09-110, 07123 900 09-120, 07123 900 09-130, 24.12.2026": 92,
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31": 84,
    "Na jak długo można wypożyczyć książki i czy można przedłużyć?": 43,
    "Κανένας δεν έχει το δικαίωμα να στερηθεί την ιθαγένειά του.": 60,
    "هر کس حق دارد از آزادی عقیده و بیان بهره‌مند شود": 49,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tokenizer that has learned from German pages, and is told to begin, to cut and to pad what it is given."""
    pytest.importorskip("transformers", reason=NOT_INSTALLED)
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train([str(path) for path in sorted(PAGES.glob("de/*.md"))], trainer)
    made.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    made.enable_truncation(16)
    made.enable_padding(length=16)
    folder = tmp_path / "tiny"
    PreTrainedTokenizerFast(tokenizer_object=made, bos_token="<s>", model_max_length=16).save_pretrained(folder)
    return folder


@pytest.fixture
def plain(folder: Path) -> Callable[[str], int]:
    """What the tokenizer of `folder` counts when nothing of ours is between."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


@pytest.mark.parametrize("text", COUNTED)
def test_an_estimate_is_not_below_what_models_make_of_a_text(text: str) -> None:
    assert COUNTED[text] <= estimated(text) <= 1.5 * COUNTED[text]


def test_an_estimate_is_what_the_bytes_and_letters_come_to() -> None:
    assert [estimated(text) for text in ("", "Amt", "Ämter", "Київ", "قرار", "12 €", "窓口", "ሰነድ")] == [
        0, 3, 5, 7, 7, 7, 7, 10
    ]  # fmt: skip


@given(TEXTS, TEXTS)
def test_an_estimate_grows_with_the_text_and_never_beyond_its_bytes(text: str, more: str) -> None:
    together = estimated(text + more)

    assert estimated(text) <= together <= estimated(text) + estimated(more)
    assert together <= len((text + more).encode("utf-8", "surrogatepass")) + 1


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)

    with pytest.raises(NotInstalled, match=r"^transformers is not installed; pip install 'amtslotse\[vllm\]' brings"):
        ModelTokens("amt/tiny")


@pytest.mark.models
def test_the_models_own_tokenizer_counts_whole_texts_without_special_tokens(
    folder: Path, plain: Callable[[str], int]
) -> None:
    tokens = ModelTokens(folder)

    for text in ("", "a", GERMAN, GERMAN * 100, "Київ", "🏛️", "<s>", "a\ud800"):
        assert tokens(text) == plain(text.replace("\ud800", "?"))
    assert tokens("") == 0
    assert tokens("<s>") == 1


@pytest.mark.models
def test_threads_count_at_once(folder: Path, plain: Callable[[str], int]) -> None:
    tokens = ModelTokens(folder)
    texts = [GERMAN * (1 + n % 7) for n in range(400)]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(tokens, texts)) == [plain(text) for text in texts]


@pytest.mark.models
def test_an_estimate_is_above_the_count_of_a_tokenizer_that_knows_the_language(folder: Path) -> None:
    tokens = ModelTokens(folder)

    for path in sorted(PAGES.glob("de/*.md")):
        page = path.read_text(encoding="utf-8")
        for begin, end in pairwise(range(0, len(page), 400)):
            assert estimated(page[begin:end]) >= tokens(page[begin:end])


@pytest.mark.models
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, r"cannot be read \(ValueError\)"),
        ({"config.json": {"model_type": "qwen2"}}, "has no vocabulary"),
        ({"config.json": {"model_type": "bert"}}, "has no vocabulary"),
        ({"tokenizer_config.json": {"auto_map": {"AutoTokenizer": ["t.T", None]}}}, r"cannot be read \(ValueError\)"),
        ({"tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast"}, "tokenizer.json": []}, "cannot be"),
    ],
)
def test_a_folder_without_a_tokenizer_is_refused(files: dict[str, object], why: str, tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason=NOT_INSTALLED)
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(TokenizerMissing, match=rf"^The tokenizer at {tmp_path} {why}.*\.$"):
        ModelTokens(tmp_path)


@pytest.mark.models
def test_a_tokenizer_says_which_library_it_needs_besides(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason=NOT_INSTALLED)
    needy = {"tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab"}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(needy), encoding="utf-8")
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n", encoding="utf-8")

    with pytest.raises(NotInstalled, match=rf"^The tokenizer at {tmp_path} cannot be read: .*fugashi.*[^.]\.$"):
        ModelTokens(tmp_path)


PROGRAM = """
from serving.tokens import ModelTokens, TokenizerMissing

for name in {names!r}:
    try:
        print(ModelTokens(name, {download!r})({text!r}))
    except TokenizerMissing as error:
        print(error)
"""


def told(server: Scripted, cache: Path, *names: str, download: bool = False) -> list[str]:
    """The lines of a program for which `server` is Hugging Face."""
    environment = {
        "HF_ENDPOINT": server.url.removesuffix("/v1"),
        "HF_HOME": str(cache),
        "HF_HUB_CACHE": str(cache),
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_TELEMETRY": "0",
    }
    program = PROGRAM.format(names=names, download=download, text=GERMAN)
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        check=True,
        timeout=120,
        stdout=subprocess.PIPE,
    )
    return ran.stdout.decode().splitlines()


@pytest.mark.models
def test_what_was_downloaded_before_is_found_by_its_name_without_a_look_at_the_network(
    folder: Path, plain: Callable[[str], int], tmp_path: Path
) -> None:
    cached = tmp_path / "models--amt--tiny"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs/main").write_text("0" * 40)
    (cached / "snapshots").mkdir()
    folder.rename(cached / "snapshots" / ("0" * 40))

    with Scripted() as server:
        lines = told(server, tmp_path, "amt/tiny", "amt/none", "/not/there")

        why = "it is no folder, and not among the models that were downloaded before"
        assert lines == [
            str(plain(GERMAN)),
            *(f"There is no tokenizer at {n}: {why}." for n in ("amt/none", "/not/there")),
        ]
        assert server.asked == []


@pytest.mark.models
def test_the_network_is_asked_where_it_may_be(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason=NOT_INSTALLED)
    with Scripted() as server:
        assert told(server, tmp_path, "amt/none", download=True) == [
            "The tokenizer at amt/none cannot be read (OSError)."
        ]
        assert any("amt/none" in one.path for one in server.asked)
