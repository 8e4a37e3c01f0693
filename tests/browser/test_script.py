"""The sources of the widget as `tsc` and `eslint` see them, and that what is joined of them is a script."""

import re
import subprocess
from pathlib import Path
from shutil import copytree

import pytest

from assistant.web import bundle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `tsc` and `eslint`, fetched once."""
    folder = tmp_path_factory.mktemp("tools")
    wanted = ["typescript@5", "eslint@9"]
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
    subprocess.run([*command, *wanted], cwd=folder, check=True, capture_output=True, timeout=180)
    return folder / "node_modules" / ".bin"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The sources, to be spoilt."""
    return Path(copytree(bundle.WIDGET, tmp_path / "widget"))


def run(*command: str | Path, folder: Path) -> tuple[int, str]:
    """What a tool says of a folder; 0 stands for nothing."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_the_types_of_the_widget_fit(tools: Path) -> None:
    assert run(tools / "tsc", "--project", ".", folder=bundle.WIDGET) == (0, "")


def test_types_that_do_not_fit_are_found(tools: Path, copied: Path) -> None:
    wrong = {
        "chat.js": ("export const far = make('p', {}).lenght;", "Property 'lenght' does not exist"),
        "server.js": ("/** @type {Source} */\nexport const none = { n: 1 };", "is missing the following properties"),
        "answer.js": ("/** @param {Action} one */\nexport const said = (one) => one.label.text;", "Property 'text'"),
    }
    for file, (line, _) in wrong.items():
        spoil(copied / file, line)
    code, said = run(tools / "tsc", "--project", ".", folder=copied)
    assert code != 0
    assert [file for file, (_, found) in wrong.items() if not (f"{file}(" in said and found in said)] == []


def spoil(file: Path, *lines: str) -> None:
    """Adds lines to a source."""
    with file.open("a", encoding="utf-8") as source:
        source.write("\n".join([*lines, ""]))


def test_no_rule_is_broken(tools: Path) -> None:
    assert run(tools / "eslint", "--max-warnings=0", ".", folder=bundle.WIDGET) == (0, "")


def test_broken_rules_are_found(tools: Path, copied: Path) -> None:
    wrong = {
        "document.body.innerHTML = 'x';": "no-restricted-properties",
        "document.body.insertAdjacentHTML('beforeend', 'x');": "no-restricted-properties",
        "localStorage.setItem('a', 'b');": "no-restricted-globals",
        "setTimeout('alert(1)');": "no-implied-eval",
        "eval('1');": "no-eval",
        "new Function('return 1');": "no-new-func",
        "location.href = 'javascript:alert(1)';": "no-script-url",
        "const unused = 1;": "no-unused-vars",
    }
    spoil(copied / "dom.js", *wrong)
    code, said = run(tools / "eslint", "--max-warnings=0", ".", folder=copied)
    assert code != 0
    first = len((bundle.WIDGET / "dom.js").read_text(encoding="utf-8").splitlines()) + 1
    lines = dict(enumerate(wrong.values(), first))
    assert [rule for at, rule in lines.items() if not re.search(rf"^ +{at}:.* {rule}$", said, re.MULTILINE)] == []


# --- The joined script


def joined(tools: Path, script: str, folder: Path) -> tuple[int, str]:
    """What `node` and, for functions that are there twice, `eslint` say of a script."""
    file = folder / "joined.cjs"
    file.write_text(script, encoding="utf-8")
    code, said = run("node", "--check", file, folder=folder)
    if code:
        return code, said
    rules = ["no-redeclare: error", "no-dupe-class-members: error", "no-func-assign: error"]
    chosen = [argument for rule in rules for argument in ("--rule", rule)]
    return run(tools / "eslint", "--no-config-lookup", *chosen, file.name, folder=folder)


def test_the_joined_script_parses_and_no_name_is_there_twice(tools: Path, tmp_path: Path) -> None:
    assert joined(tools, bundle.bundle(), tmp_path) == (0, "")


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("const LIGHT = 1;", "'LIGHT' has already been declared"),
        ("function readable() {}", "'readable' is already defined"),
        ("import { make as other } from './dom.js';", "SyntaxError"),
    ],
    ids=["constant", "function", "import"],
)
def test_what_cannot_be_joined_is_found(
    tools: Path, copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, found: str
) -> None:
    spoil(copied / "sources.js", wrong)
    monkeypatch.setattr(bundle, "WIDGET", copied)
    code, said = joined(tools, bundle.bundle.__wrapped__(), tmp_path)
    assert code != 0
    assert found in said
