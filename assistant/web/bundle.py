"""The widget as one file: its modules joined in the order of their imports, its styles as strings."""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

WIDGET = Path(__file__).parents[1] / "widget"
_FIRST = "start.js"
_IMPORT = re.compile(r'^import (?P<names>\w+|\{[^}]*\}) from "\./(?P<file>[\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:default )?", re.MULTILINE)
# Comments on lines of their own explain the source; what is sent does without them.
_COMMENT = re.compile(r"^ *(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"^ +", re.MULTILINE)


@cache
def bundle() -> str:
    """The script, as it is sent; the same bytes for the same version."""
    parts: dict[str, str] = {}
    _collect(_FIRST, parts)
    return '(() => {\n"use strict";\n' + "".join(parts.values()) + "})();\n"


def integrity(script: str) -> str:
    """The hash by which a browser takes these bytes and no others, as in Subresource Integrity."""
    return f"sha384-{base64.b64encode(hashlib.sha384(script.encode()).digest()).decode()}"


def _collect(name: str, parts: dict[str, str]) -> None:
    """Adds a module after those it imports; raises ValueError where modules import each other."""
    source = (WIDGET / name).read_text(encoding="utf-8")
    parts[name] = ""
    for found in _IMPORT.finditer(source):
        file = found["file"]
        if file.endswith(".css"):
            style = _CSS_COMMENT.sub("", (WIDGET / file).read_text(encoding="utf-8"))
            parts[file] = f"const {found['names']} = {json.dumps(' '.join(style.split()))};\n"
        elif file not in parts:
            _collect(file, parts)
        elif not parts[file]:
            raise ValueError(f"{name} and {file} import each other.")
    del parts[name]
    parts[name] = _INDENT.sub("", _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source))))
