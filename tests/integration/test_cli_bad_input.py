"""What an administrator may hand in by mistake: a sentence says what is wrong, and nothing was changed."""

import json
import socket

import pytest

GOOD = '{"id": "a", "title": "Hundesteuer", "language": "de", "body": "Ein Hund kostet 108 Euro."}'

BAD = {
    "a broken line": ("x.jsonl", f'{GOOD}\n{{"id": "b",\n'.encode(), "line 2"),
    "a line that is no object": ("x.jsonl", f"{GOOD}\n\n[1]\n".encode(), "line 3"),
    "a field of the wrong kind": ("x.jsonl", f'{GOOD}\n{GOOD[:-1]}, "valid_from": "soon"}}'.encode(), "valid_from"),
    "no language": ("x.jsonl", b'{"id": "a", "title": "Hund", "body": "x"}', "language"),
    "nothing said": ("x.jsonl", b'{"id": "a", "language": "de"}', "neither a title nor any text"),
    "an ftp address": ("x.jsonl", f'{GOOD[:-1]}, "url": "ftp://amt.example/x"}}'.encode(), "http"),
    "a script address": ("x.jsonl", f'{GOOD[:-1]}, "url": "javascript:alert(1)"}}'.encode(), "http"),
    "one id twice": ("x.jsonl", f"{GOOD}\n{GOOD}\n".encode(), "more than once: a"),
    "not UTF-8": ("x.jsonl", f"{GOOD}\n".encode() + "{'Gebühr'}".encode("latin-1"), "line 2: not in UTF-8"),
    "text that is not UTF-8": ("x.txt", "Gebühr".encode("latin-1"), "not in UTF-8"),
    "binary data": ("x.md", b"\x7fELF\0\0\1", "not a text file"),
    "binary data as JSONL": ("x.jsonl", bytes(range(256)), "line 1"),
    "an empty file": ("x.jsonl", b"", "holds no document"),
    "an empty text": ("x.txt", b"  \n", "is empty"),
    "an unknown suffix": ("x.pptx", b"PK", "cannot be read"),
    "front matter that is no YAML": ("x.md", b"---\na: [\n---\nText", "front matter"),
    "front matter without an end": ("x.md", b"---\ntitle: A\n\nText", "line 1: the front matter that begins here"),
    "a fee that is a text": (
        "x.jsonl",
        f'{GOOD[:-1]}, "facts": {{"fees": ["x"]}}}}'.encode(),
        "line 1: facts.fees.0: must be a group of fields.",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_nothing_is_imported(name, cli, tmp_path, wire):
    file, data, wanted = BAD[name]
    (tmp_path / file).write_bytes(data)
    refusal = cli("corpus", "import", tmp_path / file, "--corpus", "amt", "--publish").refusal
    assert wanted in refusal
    assert str(tmp_path / file) in refusal or "more than once" in refusal
    assert wire(cli.data_dir).corpora.states() == []


def test_a_bad_file_leaves_the_published_revision_as_it_was(town_cli, tmp_path, wire):
    (tmp_path / "x.jsonl").write_text(f"{GOOD}\n{{", encoding="utf-8")
    assert "line 2" in town_cli("corpus", "import", tmp_path / "x.jsonl", "--corpus", "bund", "--publish").refusal
    assert not wire(town_cli.data_dir).corpora.changes("bund")


def test_a_missing_file_is_named(cli, tmp_path):
    assert "there is no such file" in cli("corpus", "import", tmp_path / "x.jsonl", "--corpus", "amt").refusal


@pytest.mark.parametrize("name", ["../amt", "a/b", ".."])
def test_a_corpus_name_that_is_a_path_is_refused(name, cli, tmp_path):
    (tmp_path / "x.jsonl").write_text(GOOD, encoding="utf-8")
    assert "may hold" in cli("corpus", "import", tmp_path / "x.jsonl", f"--corpus={name}").refusal


def test_a_document_without_text_is_imported_with_a_note(cli, tmp_path):
    (tmp_path / "x.jsonl").write_text('{"id": "leer", "title": "Nur Titel", "language": "de"}', encoding="utf-8")
    ran = cli("corpus", "import", tmp_path / "x.jsonl", "--corpus", "amt", "--publish", "--json")
    assert ran.json["added"] == 1
    assert ran.err == "Note: 1 without text, found by their title only: leer.\n"


def test_slips_among_the_facts_are_imported_with_a_note(cli, tmp_path):
    (tmp_path / "x.jsonl").write_text(f'{GOOD[:-1]}, "facts": {{"fee": "x"}}}}', encoding="utf-8")
    ran = cli("corpus", "import", tmp_path / "x.jsonl", "--corpus", "amt", "--json")
    assert ran.json["added"] == 1
    assert ran.err == "Note: Fields that are not used: facts.fee.\n"


def test_a_data_directory_that_cannot_be_made_is_named(cli, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cli.data_dir = tmp_path / "file" / "data"
    for arguments in (("corpus", "list"), ("serve", "--port", "0"), ("ask", "Was kostet ein Pass?")):
        assert f"The data directory {cli.data_dir} cannot be written" in cli(*arguments).refusal


def test_a_database_that_is_none_is_named(cli):
    cli.data_dir.mkdir()
    (cli.data_dir / "amtslotse.sqlite").write_bytes(b"this is no database" * 1000)
    assert "not a database" in cli("corpus", "list").refusal


def test_an_output_that_cannot_be_written_is_named(town_cli, tmp_path):
    (tmp_path / "q.jsonl").write_text("")
    missing = tmp_path / "nowhere" / "out.jsonl"
    assert str(missing) in town_cli("ask", "--questions", tmp_path / "q.jsonl", "--output", missing).refusal


@pytest.mark.parametrize("most_bytes", [2_000, 60_000])
def test_a_full_disk_fails_an_import_and_keeps_the_published_revision(most_bytes, cli, pages, file_of, wire, texts_of):
    wiring = wire(cli.data_dir)
    wiring.publisher.import_documents("amt", pages(40, "eins"), publish=True)
    wiring.engine.dispose()
    file = file_of(pages(40, "zwei"))
    assert cli("corpus", "import", file, "--corpus", "amt", "--publish", most_bytes=most_bytes).refusal
    assert all("Fassung eins" in text for text in texts_of(wire(cli.data_dir)))
    wire(cli.data_dir).publisher.publish("amt")
    wire(cli.data_dir).publisher.import_documents("amt", pages(40, "zwei"), publish=True)
    assert all("Fassung zwei" in text for text in texts_of(wire(cli.data_dir)))


def test_a_disk_that_fills_while_the_index_is_written_fails_in_one_sentence(town_cli, wire, texts_of):
    refusal = town_cli("corpus", "publish", "neckarfurt", "--rebuild", most_bytes=200_000).refusal
    assert refusal
    assert texts_of(wire(town_cli.data_dir), "Hundesteuer", "neckarfurt")
    segments = town_cli.data_dir / "segments"
    assert not [path for path in segments.iterdir() if path.name.startswith(".")]


def test_of_two_imports_at_once_each_succeeds_or_says_that_the_corpus_is_busy(cli, pages, file_of, wire, texts_of):
    running = [
        cli.start("corpus", "import", file_of(pages(60, version)), "--corpus", "amt", "--publish")
        for version in ("eins", "zwei")
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    codes = [process.returncode for process in running]
    assert 0 in codes
    for code, error in zip(codes, said, strict=True):
        assert code == 0 or (code == 1 and "is being changed by another process" in error)
    wiring = wire(cli.data_dir)
    assert len(wiring.corpora.history("amt")) == codes.count(0)
    assert len({text.split()[-1] for text in texts_of(wiring)}) == 1


def test_an_import_finds_the_corpus_busy_while_another_process_changes_it(cli, pages, file_of, wire):
    from assistant.publishing.lock import CorpusLock

    with CorpusLock(wire(cli.data_dir).engine).held("amt"):
        refusal = cli("corpus", "import", file_of(pages(1, "eins")), "--corpus", "amt").refusal
    assert refusal == "The corpus amt is being changed by another process; try again when it has finished."


def test_no_questions_give_no_answers_and_exit_code_0(town_cli, tmp_path):
    (tmp_path / "q.jsonl").write_bytes(b"")
    for command in (("ask", "--questions"), ("search", "--queries")):
        out = tmp_path / f"{command[0]}.jsonl"
        assert town_cli(*command, tmp_path / "q.jsonl", "--output", out).code == 0
        assert out.read_bytes() == b""


STRANGE = {
    "empty": "",
    "blank": "  \n ",
    "huge": "Personalausweis " * 130,
    "a long word": "x" * 1_999,
    "many words": "wo " * 600,
    "control characters": "\0\1\2\x1b[31m\x7f\x9f",
    "emoji": "🪪💶❓👨‍👩‍👧",
    "stacked accents": "a\u0300" * 900,
    "bidirectional controls": "\u202e\u2066Ausweis\u2069",
    "braces": "{place} {0} %s </script>",
}


@pytest.mark.parametrize("command", [("ask", "--questions"), ("search", "--queries")], ids=["ask", "search"])
def test_strange_questions_get_a_line_each_and_the_batch_goes_on(command, town_cli, tmp_path):
    asked = [*STRANGE.values(), "Was kostet ein Reisepass?"]
    rows = [json.dumps({"id": str(n), "question": question}) for n, question in enumerate(asked)]
    (tmp_path / "q.jsonl").write_text("\n".join(rows), encoding="utf-8")
    ran = town_cli(*command, tmp_path / "q.jsonl", "--output", tmp_path / "out.jsonl")
    assert ran.code == 0, ran.err[-300:]
    told = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    assert len(told) == len(asked)
    if command[0] == "ask":
        outcomes = dict(zip(STRANGE, (answer["outcome"] for answer in told), strict=False))
        assert (outcomes["empty"], outcomes["huge"], outcomes["emoji"]) == ("unclear", "refused", "unclear")
        assert told[-1]["outcome"] == "answered"
    else:
        assert [row["id"] for row in told] == [str(n) for n in range(len(asked))]
        assert told[-1]["results"][0]["document_id"] == "reisepass"


@pytest.mark.parametrize("strange", ["Was kostet \ud800 ein Reisepass?", "\ufdfa" * 60], ids=["half", "unfolding"])
def test_a_question_that_the_embedder_cannot_take_does_not_end_the_batch(strange, town_cli, tmp_path):
    rows = [json.dumps({"id": "1", "question": text}) for text in (strange, "Was kostet ein Reisepass?")]
    (tmp_path / "q.jsonl").write_text("\n".join(rows), encoding="utf-8")
    ran = town_cli("ask", "--questions", tmp_path / "q.jsonl", "--output", tmp_path / "out.jsonl")
    assert ran.code == 0, ran.err[-300:]
    told = (tmp_path / "out.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert [json.loads(line)["outcome"] for line in told][1:] == ["answered"]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ('{"id": "2"}', "line 2: question: is missing."),
        ('{"id": "2",', "line 2: not JSON (Expecting property name enclosed in double quotes at column 12)."),
        ("[]", "line 2: not a JSON object."),
        ('{"id": "2", "question": "Was?", "language": "deutsch"}', "line 2: language: must be a language code such as"),
    ],
)
def test_a_line_that_is_no_question_is_refused_in_plain_words(row, wanted, town_cli, tmp_path):
    (tmp_path / "q.jsonl").write_text(f'{{"id": "1", "question": "Hallo", "language": "de-AT"}}\n{row}\n')
    for command in (("ask", "--questions"), ("search", "--queries")):
        assert wanted in town_cli(*command, tmp_path / "q.jsonl", "--output", tmp_path / "out.jsonl").refusal


def test_a_broken_line_of_questions_is_named_before_anything_is_asked(town_cli, tmp_path):
    (tmp_path / "q.jsonl").write_text('{"id": "1", "question": "Hallo"}\n{"id": "2"}\n', encoding="utf-8")
    refusal = town_cli("ask", "--questions", tmp_path / "q.jsonl", "--output", tmp_path / "out.jsonl").refusal
    assert "line 2: question" in refusal
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_refused_before_anything_is_indexed(command, cli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = cli(command, "--port", taken.getsockname()[1])
    assert ran.code == 1
    assert "Choose another with --port" in ran.err
    assert "Traceback" not in ran.err
