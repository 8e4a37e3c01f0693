"""What the libraries read of multilingual-e5-small beside its weights: settings, prompts and the tokenizer."""

from typing import Any

from retrieval.e5_file import Shape, Vocabulary

PROMPTS = {"query": "query: ", "passage": "passage: "}
_LIBRARY = "sentence_transformers.models"


def settings(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    """The files of settings that the libraries read, by name."""
    places = {"bos": vocabulary.bos, "eos": vocabulary.eos, "pad": vocabulary.pad, "unk": vocabulary.unk}
    special = {f"{kind}_token": vocabulary.pieces[place][0] for kind, place in places.items()}
    modules = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": vocabulary.pad,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            **special,
            "cls_token": special["bos_token"],
            "sep_token": special["eos_token"],
        },
        "modules.json": [
            {"idx": place, "name": str(place), "path": path, "type": f"{_LIBRARY}.{kind}"}
            for place, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        # "document" too: the library has an empty prompt of that name and would take it before "passage".
        "config_sentence_transformers.json": {"prompts": {**PROMPTS, "document": PROMPTS["passage"]}},
    }


def tokenizer(vocabulary: Vocabulary) -> str:
    """The content of `tokenizer.json`: NMT and NFKC, one space for many, then Unigram."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.Unigram(list(vocabulary.pieces), vocabulary.unk, byte_fallback=False))
    one_space = normalizers.Replace(Regex(" {2,}"), " ")
    made.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), one_space])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    places = (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    names = [vocabulary.pieces[place][0] for place in places]
    made.add_special_tokens([AddedToken(name, normalized=False) for name in names])
    begin, end, *_ = zip(names, places, strict=True)
    made.post_processor = processors.TemplateProcessing(f"{begin[0]} $A {end[0]}", special_tokens=[begin, end])
    text: str = made.to_str()
    return text
