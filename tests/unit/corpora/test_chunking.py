import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.chunking import WORDS, entry
from corpora.documents import Document, Fee, Passage, ServiceFacts
from tests.fakes import page


def passages(body: str, **fields: object) -> tuple[Passage, ...]:
    return entry(page("pass", body, "Reisepass", **fields)).passages


def alphanumerics(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


LONG = " ".join(f"Satz {n} über den Reisepass und seine Kosten." for n in range(60))


def test_no_passage_reaches_across_a_heading() -> None:
    cut = passages("Vorweg.\n\n## Kosten\nSiebzig Euro.\n\n## Frist\nSechs Wochen.")

    assert [(one.headings, one.text) for one in cut] == [
        ((), "Vorweg."),
        (("Kosten",), "Siebzig Euro."),
        (("Frist",), "Sechs Wochen."),
    ]


def test_a_heading_path_holds_only_the_headings_above() -> None:
    cut = passages("# A\na\n## B\nb\n### C\nc\n## D\nd\n# E\ne")

    assert [one.headings for one in cut] == [("A",), ("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_a_heading_may_be_underlined() -> None:
    assert [one.headings for one in passages("Kosten\n======\n70 Euro")] == [("Kosten",)]


def test_a_heading_mark_within_code_is_no_heading() -> None:
    assert [(one.headings, one.text) for one in passages("```\n# kein Titel\n```")] == [((), "# kein Titel")]


def test_a_heading_mark_in_plain_text_is_no_heading() -> None:
    assert [(one.headings, one.text) for one in passages("# eins\nzwei", format="text")] == [((), "# eins\nzwei")]


def test_facts_come_before_the_prose_and_carry_their_name() -> None:
    cut = passages("Prosa.", facts=ServiceFacts(summary="Kurz.", fees=(Fee("70 Euro"), Fee("32 Euro"))))

    assert [(one.fact, one.headings, one.text) for one in cut] == [
        ("summary", ("Das Wichtigste",), "Kurz."),
        ("fees", ("Gebühren",), "70 Euro\n32 Euro"),
        (None, (), "Prosa."),
    ]


def test_passages_are_numbered_through_in_the_order_of_the_page() -> None:
    cut = passages(LONG, facts=ServiceFacts(summary="Kurz."))

    assert [one.place for one in cut] == list(range(len(cut)))
    assert len({one.id for one in cut}) == len(cut)


def test_passages_know_their_document_its_language_and_title() -> None:
    one = entry(Document("pass-uk", "Паспорт", "uk", "Текст.")).passages[0]

    assert (one.document_id, one.language, one.title) == ("pass-uk", "uk", "Паспорт")


def test_keywords_go_with_the_first_passage_only() -> None:
    assert [one.keywords for one in passages("A\n\n## B\nb", keywords=("Pass",))] == [("Pass",), ()]


def test_a_long_text_is_cut_between_sentences() -> None:
    cut = passages(LONG)

    assert len(cut) > 1
    assert all(one.text.startswith("Satz ") and one.text.endswith("Kosten.") for one in cut)


def test_a_passage_has_no_more_words_than_are_meant() -> None:
    assert max(len(one.text.split()) for one in passages(LONG)) <= WORDS


def test_a_script_without_blanks_is_cut_too() -> None:
    cut = passages("護照申請需要照片" * 300)

    assert len(cut) > 1
    assert alphanumerics("".join(one.text for one in cut)) == "護照申請需要照片" * 300


@given(st.text(st.sampled_from("aäЖ汉9 .!?\n-#*|"), max_size=1500))
def test_no_letter_of_a_plain_text_gets_lost(body: str) -> None:
    cut = entry(page("pass", body, format="text")).passages
    texts = [one.text for one in cut if one.headings == () and one.text != "pass"]

    assert alphanumerics("".join(texts)) == alphanumerics(body)


@given(st.lists(st.text(st.sampled_from("abcäöü"), min_size=1, max_size=400), min_size=1, max_size=80).map(" ".join))
def test_no_passage_is_longer_than_the_measure(body: str) -> None:
    assert all(max(len(one.text.split()), len(one.text) // 12) <= WORDS for one in passages(body))


def test_rows_of_a_table_stay_together() -> None:
    cut = passages("| Was | Preis |\n| --- | --- |\n| Pass | 70 Euro |\n| Express | 32 Euro |")

    assert cut[0].text.splitlines() == ["Was: Pass; Preis: 70 Euro", "Was: Express; Preis: 32 Euro"]


TABLES = {
    "a cell that is empty": ("| Tag | von | bis |\n|-|-|-|\n| Mo | | 12 Uhr |", ["Tag: Mo; bis: 12 Uhr"]),
    "a header that is empty": ("| | Mo | Di |\n|-|-|-|\n| Amt | 8 Uhr | 9 Uhr |", ["Amt; Mo: 8 Uhr; Di: 9 Uhr"]),
    "a header with a colon": ("| Tag: | Zeit : |\n|-|-|\n| Mo | 8 Uhr |", ["Tag: Mo; Zeit: 8 Uhr"]),
    "no headers": ("| | |\n|-|-|\n| Mo | 8 Uhr |\n| Di: | 9 Uhr |", ["Mo: 8 Uhr", "Di: 9 Uhr"]),
    "no headers, three columns": ("| | | |\n|-|-|-|\n| Mo | 8 Uhr | 12 Uhr |", ["Mo: 8 Uhr; 12 Uhr"]),
    "a row that says one thing": ("| Tag | Zeit |\n|-|-|\n| Sommer | |\n| Mo | 8 |", ["Sommer", "Tag: Mo; Zeit: 8"]),
    "one column": ("| Unterlagen |\n|-|\n| Foto |", ["Unterlagen: Foto"]),
    "nothing but headers": ("| Nur mit Termin |\n|-|", ["Nur mit Termin"]),
    "a full stop within the row": ("| Amt | Zeit |\n|-|-|\n| Im Rathaus. | Ab 8. |", ["Amt: Im Rathaus; Zeit: Ab 8."]),
    "the same in several columns": ("| Tag | Zeit | Zeit |\n|-|-|-|\n| So | zu | zu |", ["Tag: So; Zeit: zu"]),
    "two tables": ("| A | B |\n|-|-|\n| a | b |\n\n| C | D |\n|-|-|\n| c | d |", ["A: a; B: b", "C: c; D: d"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_row_of_a_table_is_a_sentence_and_its_headers_are_none(name: str) -> None:
    body, wanted = TABLES[name]

    assert passages(body)[0].text.splitlines() == wanted


def test_text_around_a_table_stays_as_it_is() -> None:
    body = "# Amt\nVorher.\n\n| Tag | Zeit |\n|-|-|\n| Mo | 8 Uhr |\n\nNachher.\n\n## Mehr\nMehr."

    assert [(one.headings, one.text) for one in passages(body)] == [
        (("Amt",), "Vorher.\nTag: Mo; Zeit: 8 Uhr\nNachher."),
        (("Amt", "Mehr"), "Mehr."),
    ]


def test_lists_emphasis_and_links_are_read_as_plain_words() -> None:
    cut = passages("- **Foto**\n- [alter Pass](https://stadt.example)\n- `Formular`")

    assert cut[0].text.splitlines() == ["Foto", "alter Pass", "Formular"]


def test_a_line_that_is_broken_within_a_paragraph_is_one_sentence() -> None:
    assert passages("Der Pass\nkostet 70 Euro.")[0].text == "Der Pass kostet 70 Euro."


@pytest.mark.parametrize("body", ["***", "---", "- \n- ", "…", "| |\n|-|"])
def test_a_piece_without_letters_or_figures_is_no_passage(body: str) -> None:
    assert not [one for one in passages(f"Wort\n\n## Titel\n{body}") if one.headings]


def test_a_page_without_text_can_be_found_by_its_title() -> None:
    assert [one.text for one in passages("")] == ["Reisepass"]
