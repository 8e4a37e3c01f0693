"""Models so small that a test makes them on the spot, from the libraries that make large ones."""

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
WORDS = ["pass", "hund", "kita", "ausweis", "wohnung", "steuer", "auto", "heirat", "rente", "schule"]
WORDS += ["amt", "antrag", "frist", "kosten", "euro", "a", "b"]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
NOT_INSTALLED = "the libraries of the extra `models` are not installed; `make test-models` installs them and runs this"


def config(labels: int = 1, positions: int = 32) -> Any:
    """A BERT of two layers of 32 numbers over WORDS."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(SPECIAL + WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=positions,
        num_labels=labels,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        # Larger than is usual, since a small model learns nothing from the usual one.
        initializer_range=0.2,
    )


def save(model: Any, folder: Path, positions: int = 32) -> Path:
    """The model with its tokenizer in a new directory."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    places = {word: place for place, word in enumerate(SPECIAL + WORDS)}
    tokenizer = Tokenizer(models.WordPiece(places, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=positions,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    ).save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


def encoder(folder: Path, dtype: str = "float32") -> Path:
    """An embedder with random weights that nothing normalises."""
    import torch
    from transformers import BertModel

    torch.manual_seed(0)
    return save(BertModel(config()).to(getattr(torch, dtype)), folder)


def cross_encoder(folder: Path, *, labels: int = 1, steps: int = 3_000) -> Path:
    """A cross-encoder that has learned in seconds to say whether the one word of the question is in the text."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(1)
    model = BertForSequenceClassification(config(labels))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    first, mean = len(SPECIAL), 1.0
    for _ in range(steps):
        question = torch.randint(first, first + len(WORDS), (64,))
        text = torch.stack([torch.randperm(len(WORDS))[:3] + first for _ in range(64)])
        place = torch.randint(0, 3, (64,))
        text[torch.arange(64), place] = torch.where(torch.rand(64) < 0.5, question, text[torch.arange(64), place])
        begin, end = torch.full((64, 1), 2), torch.full((64, 1), 3)
        ids = torch.cat([begin, question[:, None], end, text, end], dim=1)
        kinds = torch.tensor([0, 0, 0, 1, 1, 1, 1]).expand(64, -1)
        told = model(input_ids=ids, token_type_ids=kinds).logits[:, 0]
        right = (text == question[:, None]).any(1).float()
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(told, right)
        loss.backward()
        optimiser.step()
        mean = 0.95 * mean + 0.05 * loss.item()
        if mean < 0.005:
            break
    return save(model.eval(), folder)


def multilingual() -> list[str]:
    """Thirty-eight questions of citizens, two of each of nineteen languages."""
    return [
        line
        for path in sorted((ROOT / "retrieval/data/questions").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()[:2]
    ]
