"""The commands with which administrators change a corpus, run as they run them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def amt(cli, wire, pages):
    """A corpus with two revisions, the second of which changed two pages, added one and removed one."""
    publisher = wire(cli.data_dir).publisher
    first = pages(3, "eins")
    publisher.import_documents("amt", first, publish=True)
    second = [first[0], *pages(5, "zwei")[2:4], *pages(2, "zwei")[1:]]
    publisher.import_documents("amt", second, publish=True, replace=True)
    return cli


def test_import_with_publish_makes_the_documents_findable_at_once(cli, pages, file_of, wire, texts_of):
    told = cli("corpus", "import", file_of(pages(2, "eins")), "--corpus", "amt", "--publish", "--json").json
    assert told == {"corpus": "amt", "read": 2, "added": 2, "changed": 0, "removed": 0, "revision": 1}
    assert any("Fassung eins" in text for text in texts_of(wire(cli.data_dir)))


def test_import_alone_drafts_and_publish_makes_it_current(cli, pages, file_of):
    drafted = cli("corpus", "import", file_of(pages(2, "eins")), "--corpus", "amt")
    assert drafted.code == 0
    assert "Not published yet" in drafted.out
    assert "amtslotse corpus publish amt" in cli("search", "Dienst", "--corpus", "amt").refusal
    assert cli("corpus", "diff", "amt", "--json").json == {
        "added": ["dienst-0", "dienst-1"],
        "changed": [],
        "removed": [],
    }
    assert cli("corpus", "publish", "amt", "--json").json["documents"] == 2
    results = cli("search", "Dienst Nummer 1", "--corpus", "amt", "--json").json["results"]
    assert results[0]["document_id"] == "dienst-1"


def test_what_an_import_says_counts_what_the_draft_changes_by_now(cli, pages, file_of):
    cli("corpus", "import", file_of(pages(2, "eins")), "--corpus", "amt")
    said = cli("corpus", "import", file_of(pages(3, "eins")[2:]), "--corpus", "amt").out
    assert said.startswith("1 document read. In the draft now: 3 added, 0 changed, 0 removed.")


def test_publish_without_changes_stays_at_the_revision_it_had(amt):
    assert amt("corpus", "publish", "amt", "--json").json["number"] == 2


def test_publish_says_what_it_did(amt, file_of, pages, wire):
    publish = ("corpus", "publish", "amt")
    assert amt(*publish).out == "amt stays at revision 2 with 4 documents: the draft changes nothing.\n"
    assert "index was written anew, and" in amt(*publish, "--rebuild").out
    wiring = wire(amt.data_dir)
    wiring.folders.manifest("amt", wiring.corpora.current("amt")).unlink()
    assert "index could not be used and was written anew" in amt(*publish).out
    assert amt(*publish).out.endswith("with 4 documents: the draft changes nothing.\n")
    amt("corpus", "import", file_of(pages(5, "zwei")), "--corpus", "amt")
    counts = "amt stands at revision 3 with 5 documents: 1 added, 1 changed, 0 removed."
    assert amt(*publish).out == f"{counts}\n"
    amt("corpus", "remove", "amt", "dienst-0")
    assert amt(*publish, "--rebuild").out == (
        "amt stands at revision 4 with 4 documents: 0 added, 0 changed, 1 removed. Its index was written anew.\n"
    )


def test_an_import_of_what_is_published_says_so(cli, file_of, pages):
    command = ("corpus", "import", file_of(pages(2, "eins")), "--corpus", "amt", "--publish")
    assert cli(*command).out == "2 documents read. Published as revision 1: 2 added, 0 changed, 0 removed.\n"
    assert cli(*command).out == "2 documents read. Revision 1 says all of it already.\n"
    assert cli(*command, "--json").json["revision"] == 1


def test_a_translation_whose_original_is_nowhere_gets_a_note(cli, tmp_path):
    def imported(*names, **fields):
        rows = [{"id": name, "title": name, "language": "en", "body": "Text"} | fields for name in names]
        (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return cli("corpus", "import", tmp_path / "x.jsonl", "--corpus", "amt", "--json", *extra)

    extra = ()
    ran = imported("hund-en", translation_of="gibtsnicht")
    assert ran.json["added"] == 1
    assert ran.err == "Note: the original is neither in the import nor in amt: hund-en (of gibtsnicht).\n"
    assert imported("gibtsnicht").err == ""
    assert imported("hund-fr", translation_of="gibtsnicht").err == ""
    cli("corpus", "publish", "amt")
    extra = ("--publish",)
    assert imported("hund-uk", translation_of="gibtsnicht").err == ""
    cli("corpus", "remove", "amt", "gibtsnicht")
    extra = ()
    assert "hund-tr (of gibtsnicht)" in imported("hund-tr", translation_of="gibtsnicht").err
    extra = ("--replace",)
    assert "hund-de (of hund-uk)" in imported("hund-de", translation_of="hund-uk").err


def test_import_with_replace_removes_what_the_file_lacks(amt, pages, file_of, wire, texts_of):
    file = file_of(pages(1, "drei"))
    told = amt("corpus", "import", file, "--corpus", "amt", "--replace", "--publish", "--json").json
    assert (told["added"], told["changed"], told["removed"], told["revision"]) == (0, 1, 3, 3)
    assert {text.split()[-1] for text in texts_of(wire(amt.data_dir))} == {"drei."}


def test_rollback_says_again_what_an_earlier_revision_said(amt, wire, texts_of):
    told = amt("corpus", "rollback", "amt", "--to", "1", "--json").json
    assert (told["number"], told["documents"]) == (3, 3)
    texts = texts_of(wire(amt.data_dir))
    assert len(texts) == 3
    assert all("Fassung eins" in text for text in texts)


def test_rollback_says_what_it_gives_up_of_the_draft(amt, pages):
    wired = ("corpus", "rollback", "amt")
    assert "given up" in amt(*wired, "--help").out
    amt("corpus", "remove", "amt", "dienst-0")
    amt("corpus", "remove", "amt", "dienst-1")
    said = amt(*wired, "--to", "1").out
    assert said == (
        "amt stands at revision 3, which says what revision 1 said. "
        "Changes of the draft that were given up: 2 (0 added, 0 changed, 2 removed).\n"
    )
    assert amt("corpus", "rollback", "amt", "--to", "2").out.endswith("which says what revision 2 said.\n")
    amt("corpus", "remove", "amt", "dienst-0")
    assert amt(*wired, "--to", "1", "--json").json["given_up"] == 1
    assert amt(*wired, "--to", "2", "--json").json["given_up"] == 0


def test_a_rollback_that_is_refused_gives_up_nothing(amt):
    amt("corpus", "remove", "amt", "dienst-0")
    assert "no revision 7" in amt("corpus", "rollback", "amt", "--to", "7").refusal
    assert amt("corpus", "diff", "amt", "--json").json["removed"] == ["dienst-0"]


def test_history_shows_the_newest_revision_first_with_its_changes(amt):
    newest, oldest = amt("corpus", "history", "amt", "--json").json
    assert [newest["number"], oldest["number"]] == [2, 1]
    assert [newest["added"], newest["changed"], newest["removed"]] == [1, 2, 0]
    assert amt("corpus", "history", "amt").out.splitlines()[0].startswith("2  ")


def test_list_shows_every_corpus_with_what_waits_in_its_draft(amt, pages, wire):
    wire(amt.data_dir).publisher.import_documents("neu", pages(2, "eins"))
    assert amt("corpus", "list", "--json").json == [
        {"name": "amt", "current": 2, "documents": 4, "drafted": 0},
        {"name": "neu", "current": None, "documents": 0, "drafted": 2},
    ]


def test_list_of_an_empty_data_directory_says_that_there_is_nothing(cli):
    assert cli("corpus", "list").out == "There is no corpus yet.\n"


def test_remove_takes_a_document_out_of_the_next_revision_only(amt, wire, texts_of):
    def found():
        return any("Nummer 0" in text for text in texts_of(wire(amt.data_dir)))

    assert amt("corpus", "remove", "amt", "dienst-0", "--json").json == {"corpus": "amt", "removed": "dienst-0"}
    assert found()
    assert amt("corpus", "publish", "amt", "--json").json["removed"] == 1
    assert not found()
    wire(amt.data_dir).publisher.rollback("amt", 2)
    assert found()


def test_erase_leaves_no_byte_of_the_document_in_the_data_directory(cli, pages, wire, files_with, texts_of):
    secret = "Geheimsache Quittenbaum"
    [kept, gone] = pages(2, "eins")
    wiring = wire(cli.data_dir)
    erased = type(gone)(gone.id, secret, "de", f"Der {secret} steht hier.")
    wiring.publisher.import_documents("amt", [kept, erased], publish=True)
    wiring.engine.dispose()
    assert files_with(cli.data_dir, secret)
    assert cli("corpus", "erase", "amt", "dienst-1", "--json").json == {"corpus": "amt", "erased": "dienst-1"}
    assert files_with(cli.data_dir, secret) == []
    assert len(texts_of(wire(cli.data_dir))) == 1
    [revision] = wire(cli.data_dir).corpora.history("amt")
    assert revision.redacted


def test_a_folder_is_imported_with_paths_as_ids(cli, tmp_path):
    folder = tmp_path / "seiten"
    (folder / "pass").mkdir(parents=True)
    (folder / "pass" / "kosten.md").write_text("# Reisepass\n\nEr kostet 70 Euro.", encoding="utf-8")
    (folder / "hund.txt").write_text("Hundesteuer\nEin Hund kostet 108 Euro.", encoding="utf-8")
    (folder / "page.html").write_text("<html lang='de'><title>Bad</title><p>Offen ab 9 Uhr.</p></html>")
    (folder / "notizen.xyz").write_text("nicht lesbar")
    assert cli("corpus", "import", folder, "--corpus", "amt", "--language", "de", "--json").json["added"] == 3
    assert cli("corpus", "diff", "amt").out.split("\n")[:3] == ["+ hund", "+ page", "+ pass/kosten"]


def test_a_table_is_quoted_row_by_row(cli, tmp_path):
    rows = "".join(f"<tr><td>{day}</td><td>{time} Uhr</td></tr>" for day, time in {"Montag": 8, "Dienstag": 9}.items())
    table = f"<table><tr><th>Tag</th><th>Das Hallenbad öffnet um</th></tr>{rows}</table>"
    (tmp_path / "bad.html").write_text(f"<html lang='de'><h1>Hallenbad</h1>{table}</html>", encoding="utf-8")
    cli("corpus", "import", tmp_path / "bad.html", "--corpus", "amt", "--publish")
    cli("municipality", "add", "ort", "--corpus", "amt")
    answer = cli("ask", "Wann öffnet das Hallenbad am Montag?", "--municipality", "ort", "--json").json
    assert "Tag: Montag; Das Hallenbad öffnet um: 8 Uhr" in [one["text"] for one in answer["sentences"]]
    assert "|" not in answer["text"]


def test_a_municipality_is_added_over_corpora_and_listed(amt):
    added = amt("municipality", "add", "musterstadt", "--corpus", "amt", "--json").json
    assert added["corpora"] == ["amt"]
    assert added["contact"]["phone"] == "115"
    assert [one["id"] for one in amt("municipality", "list", "--json").json] == ["musterstadt"]


UNKNOWN = {
    "diff": ("corpus", "diff", "nirgends"),
    "publish": ("corpus", "publish", "nirgends"),
    "rollback": ("corpus", "rollback", "nirgends", "--to", "1"),
    "history": ("corpus", "history", "nirgends"),
    "remove": ("corpus", "remove", "nirgends", "x"),
    "erase": ("corpus", "erase", "nirgends", "x"),
    "search": ("search", "x", "--corpus", "nirgends"),
    "municipality": ("municipality", "add", "ort", "--corpus", "nirgends"),
    "ask": ("ask", "x", "--municipality", "nirgends"),
    "rollback to": ("corpus", "rollback", "amt", "--to", "7"),
    "remove of": ("corpus", "remove", "amt", "nirgends"),
    "erase of": ("corpus", "erase", "amt", "nirgends"),
}


def test_what_is_not_there_is_named_in_one_sentence_with_exit_code_1(amt):
    with ThreadPoolExecutor(2) as threads:
        ran = dict(zip(UNKNOWN, threads.map(lambda arguments: amt(*arguments), UNKNOWN.values()), strict=True))
    for command, result in ran.items():
        wanted = "no revision 7" if command == "rollback to" else "nirgends"
        assert wanted in result.refusal, command


WRONG = {
    "import without a corpus": ("corpus", "import", "x.jsonl"),
    "rollback without a number": ("corpus", "rollback", "amt"),
    "rollback to a word": ("corpus", "rollback", "amt", "--to", "gestern"),
    "a command that is none": ("corpus", "explode"),
    "questions without output": ("ask", "--questions", "x.jsonl", "--municipality", "m"),
    "nothing asked": ("search", "--corpus", "amt"),
    "nothing asked of the town": ("ask",),
    "questions of the town without output": ("ask", "--questions", "x.jsonl"),
    "a question in a language that is none": ("ask", "Was kostet ein Pass?", "--language", "deutsch"),
    "a query in a language that is none": ("search", "Pass", "--language", "deutsch"),
    "documents in a language that is none": ("corpus", "import", "x.jsonl", "--corpus", "amt", "--language", "deutsch"),
}


def test_a_wrong_call_ends_with_exit_code_2_and_nothing_on_stdout(cli):
    with ThreadPoolExecutor(2) as threads:
        ran = dict(zip(WRONG, threads.map(lambda arguments: cli(*arguments), WRONG.values()), strict=True))
    for name, result in ran.items():
        assert (result.code, result.out) == (2, ""), name
        assert "Traceback" not in result.err, name
        assert ("must be a language code such as de or en" in result.err) == ("language" in name), name
    assert not cli.data_dir.exists()
