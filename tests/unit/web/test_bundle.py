import json
import re
from pathlib import Path

import pytest

from assistant.web import bundle as bundling
from assistant.web.bundle import WIDGET, bundle, integrity

MODULES = {path.name: path.read_text(encoding="utf-8") for path in sorted(WIDGET.glob("*.js"))}
NAMED = re.compile(r"^(?:export )?(?:default )?(?:async )?(?:const|let|class|function\*?) (\w+)", re.MULTILINE)
OWNERS = {
    name: [file for file, source in MODULES.items() if name in NAMED.findall(source)]
    for source in MODULES.values()
    for name in NAMED.findall(source)
}
STYLES = re.compile(r"^const (?:STYLE|PRINTED) = (\"[^\n]*\");$", re.MULTILINE)
IMPORTED = re.compile(r'^import .*? from "\./([\w.]+)";$', re.MULTILINE)


def defined(name: str, script: str) -> re.Match[str] | None:
    """Where a name of a module is defined in the script."""
    return re.search(rf"^(?:async )?\w+\*? {name}\b", script, re.MULTILINE)


def joined(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> str:
    """The bundle of some modules; `start` is the first, and a name with `_css` is a style sheet."""
    for name, source in files.items():
        file = f"{name.removesuffix('_css')}.{'css' if name.endswith('_css') else 'js'}"
        (folder / file).write_text(source, encoding="utf-8")
    monkeypatch.setattr(bundling, "WIDGET", folder)
    return bundle.__wrapped__()


def test_the_script_is_one_function_that_leaves_no_name_behind() -> None:
    lines = bundle().splitlines()

    assert lines[:2] == ["(() => {", '"use strict";']
    assert lines[-1] == "})();"


def test_nothing_in_it_is_imported_or_exported() -> None:
    assert re.findall(r"^(?:import|export)\b.*", bundle(), re.MULTILINE) == []
    assert "import(" not in bundle()


def test_all_that_a_module_defines_is_in_it() -> None:
    script = bundle()

    assert {"AmtslotseChat", "Server", "events"} <= OWNERS.keys()
    assert [name for name in OWNERS if not defined(name, script)] == []


def test_no_two_modules_define_the_same_name() -> None:
    assert {name: files for name, files in OWNERS.items() if len(files) > 1} == {}


def test_no_module_gives_another_name_to_what_it_imports() -> None:
    names = [name for source in MODULES.values() for name in re.findall(r"^import \{([^}]*)\}", source, re.MULTILINE)]

    assert len(names) > 10
    assert [name for name in names if " as " in name] == []


def test_a_module_comes_after_those_it_imports() -> None:
    script = bundle()
    place = {name: found.start() for name in OWNERS if (found := defined(name, script))}
    at = {file: place[NAMED.findall(source)[0]] for file, source in MODULES.items()}
    wrong = [
        (file, other)
        for file, source in MODULES.items()
        for other in IMPORTED.findall(source)
        if other.endswith(".js") and at[other] > at[file]
    ]

    assert IMPORTED.findall(MODULES["start.js"]) == ["element.js"]
    assert wrong == []


def test_the_styles_are_in_it_as_text() -> None:
    styles = [json.loads(found) for found in STYLES.findall(bundle())]

    assert len(styles) == 2
    assert sorted(style.count("{") for style in styles) == sorted(
        (WIDGET / name).read_text(encoding="utf-8").count("{") for name in ("widget.css", "receipt.css")
    )


def test_what_explains_the_source_is_not_sent() -> None:
    explained = [line.strip() for source in MODULES.values() for line in source.splitlines() if "// " in line[:9]]

    assert len(explained) > 20
    assert [line for line in explained if line in bundle()] == []
    assert "@param" not in bundle()


def test_what_explains_the_styles_is_not_sent() -> None:
    assert [found for style in STYLES.findall(bundle()) for found in re.findall(r"/\*.*?\*/", style)] == []


def test_the_same_version_is_always_the_same_bytes() -> None:
    assert bundle.__wrapped__() == bundle.__wrapped__() == bundle()


def test_modules_are_joined_in_the_order_of_their_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = joined(
        tmp_path,
        monkeypatch,
        start='// Begins.\nimport { b } from "./b.js";\nimport { a } from "./a.js";\n\nb(a);\n',
        b='import {\n  a,\n} from "./a.js";\nimport LOOK from "./look.css";\nexport const b = (x) => x + a + LOOK;\n',
        a='/** Says.\n * @type {a}\n */\nexport default class a {\n  // A slash.\n  url = "https://x"; // stays\n}\n',
        look_css='.a::before {\n  content: "\\201E";\n}\n',
    )

    assert script == (
        '(() => {\n"use strict";\n'
        'class a {\nurl = "https://x"; // stays\n}\n'
        'const LOOK = ".a::before { content: \\"\\\\201E\\"; }";\n'
        "const b = (x) => x + a + LOOK;\n"
        "\nb(a);\n"
        "})();\n"
    )


def test_modules_that_import_each_other_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"a\.js and start\.js import each other"):
        joined(
            tmp_path,
            monkeypatch,
            start='import { a } from "./a.js";\na();\n',
            a='import { start } from "./start.js";\nexport const a = start;\n',
        )


def test_the_hash_is_the_one_that_browsers_compute() -> None:
    # As `openssl dgst -sha384 -binary | openssl base64 -A` says of nothing, and of a letter beyond ASCII.
    assert integrity("") == "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
    assert integrity("ü") == "sha384-Hs7QhpChjeLrz0r8EPuEgMduakCN0GYXsEjv8+2RIXB5+xlekDrJkBoHCVpN1J97"
