from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.chunking import entry
from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import html
from corpora.readers.markup import markdown_from_html
from tests.fakes import page


def read(folder: Path, text: str | bytes, language: str | None = "de") -> Document:
    path = folder / "pass.html"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    documents, warnings = html.read(path, "pass", language)
    assert (len(documents), warnings) == (1, [])
    return documents[0]


WHOLE = """<!DOCTYPE html><html lang="en-GB"><head><title>Town | Passport</title>
<link rel="canonical" href="https://town.example/passport"><style>p {color: red}</style></head>
<body><nav>Menu</nav><header>Town</header>
<main><h1>Passport</h1><p>It costs <b>70</b> euros.</p><h2>Bring</h2><ul><li>a photo</li></ul></main>
<footer>Imprint</footer><script>track()</script></body></html>"""


def test_the_main_part_of_a_page_is_its_text(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE).body == "It costs **70** euros.\n\n## Bring\n\n* a photo"


def test_a_page_gives_its_own_title_language_and_address(tmp_path: Path) -> None:
    document = read(tmp_path, WHOLE)

    assert (document.id, document.title, document.language) == ("pass", "Passport", "en")
    assert document.url == "https://town.example/passport"


def test_the_language_given_holds_where_the_page_names_none(tmp_path: Path) -> None:
    assert read(tmp_path, "<h1>Pass</h1><p>x</p>", "fr").language == "fr"


def test_without_a_heading_the_window_title_is_the_title(tmp_path: Path) -> None:
    assert read(tmp_path, "<title>Reisepass</title><p>70 Euro</p>") == Document("pass", "Reisepass", "de", "70 Euro")


def test_without_any_title_the_name_of_the_file_is_the_title(tmp_path: Path) -> None:
    assert read(tmp_path, "<p>70 Euro</p>") == Document("pass", "pass", "de", "70 Euro")


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16"])
def test_a_page_may_be_encoded_as_it_says(tmp_path: Path, charset: str) -> None:
    text = f'<html><head><meta charset="{charset}"></head><body><h1>Gebühr</h1><p>Über</p></body></html>'

    assert read(tmp_path, text.encode(charset)).title == "Gebühr"


HIDDEN = [
    "<p hidden>GEHEIM</p>",
    '<p hidden="until-found">GEHEIM</p>',
    '<p aria-hidden="true">GEHEIM</p>',
    '<p style="display:none">GEHEIM</p>',
    '<p style="DISPLAY : NONE !important">GEHEIM</p>',
    '<div style="visibility: hidden"><p>GEHEIM</p></div>',
    '<p style="color:red;opacity:0">GEHEIM</p>',
    '<p style="opacity:0.0">GEHEIM</p>',
    '<p style="font-size:0">GEHEIM</p>',
    '<p style="font-size:0px">GEHEIM</p>',
    '<p style="position:absolute;left:-9999px">GEHEIM</p>',
    '<p style="text-indent:-5000px">GEHEIM</p>',
    "<!-- GEHEIM -->",
    "<!--[if IE]>GEHEIM<![endif]-->",
    "<![CDATA[GEHEIM]]>",
    "<?php GEHEIM ?>",
    "<script>GEHEIM</script>",
    "<style>GEHEIM</style>",
    "<template><p>GEHEIM</p></template>",
    "<noscript>GEHEIM</noscript>",
    "<svg><text>GEHEIM</text></svg>",
    "<textarea>GEHEIM</textarea>",
    "<select><option>GEHEIM</option></select>",
    '<input value="GEHEIM">',
    '<img alt="GEHEIM" src="x.png">',
    '<p title="GEHEIM">Seite</p>',
    '<a href="https://GEHEIM.example">Seite</a>',
    "<dialog>GEHEIM</dialog>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_reader_does_not_see_is_not_read(hidden: str) -> None:
    assert "GEHEIM" not in markdown_from_html(f"<p>Vor</p>{hidden}<p>Nach</p>")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_stands_beside_something_hidden_is_read(hidden: str) -> None:
    text = markdown_from_html(f"<p>Vor</p>{hidden}<p>Nach</p>")

    assert text.startswith("Vor")
    assert text.endswith("Nach")


@pytest.mark.parametrize("style", ["opacity:0.5", "font-size:0.9em", "display:block", "left:-10px", "opacity:1"])
def test_what_is_only_styled_is_read(style: str) -> None:
    assert markdown_from_html(f'<p style="{style}">Text</p>') == "Text"


@given(st.text(st.sampled_from("aä 1.-*_#[]()<>&|`~\\+=!\"'"), min_size=1, max_size=30))
@settings(max_examples=150)
def test_a_passage_says_letter_by_letter_what_the_page_shows(shown: str) -> None:
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = markdown_from_html(f"<p>Wort {escaped} Ende</p>")
    texts = [one.text for one in entry(page("pass", body)).passages]

    assert " ".join(" ".join(texts).split()) == " ".join(f"Wort {shown} Ende".split())


@pytest.mark.parametrize("text", ["kontakt.html", "https://stadt.example/pass"])
def test_a_text_that_looks_like_an_address_is_a_text(text: str) -> None:
    assert markdown_from_html(text).replace("\\", "") == text


def test_a_table_keeps_its_rows_and_cells() -> None:
    body = markdown_from_html("<table><tr><th>Was</th><th>Preis</th></tr><tr><td>Pass</td><td>70 €</td></tr></table>")

    assert entry(page("pass", body)).passages[0].text == "Was: Pass; Preis: 70 €"


def tr(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def th(text: str, span: str = "") -> str:
    return f"<th {span}>{text}</th>"


def td(text: str, span: str = "") -> str:
    return f"<td {span}>{text}</td>"


HEAD = tr(th("Tag"), th("Zeit"))
ROW = tr(td("Mo"), td("8 Uhr"))
SAID = ["Tag: Mo; Zeit: 8 Uhr"]
TABLES = {
    "a table in parts": (f"<thead>{HEAD}</thead><tbody>{ROW}</tbody>", SAID),
    "a caption": (f"<caption>Zeiten</caption>{HEAD}{ROW}", ["Zeiten", *SAID]),
    "columns with a style": (f"<colgroup><col><col></colgroup>{HEAD}{ROW}", SAID),
    "a title over all columns": (tr(th("Zeiten", "colspan=2")) + HEAD + ROW, ["Zeiten", *SAID]),
    "a title in the middle": (HEAD + tr(th("Sommer", "colspan=2")) + ROW, ["Sommer", *SAID]),
    "headers in bold": (tr(td("<b>Tag</b>"), td(" <strong>Zeit</strong>")) + ROW, SAID),
    "all in bold": (
        tr(td("<b>Mo</b>"), td("<b>8 Uhr</b>")) + tr(td("<b>Di</b>"), td("<b>9</b>")),
        ["Mo: 8 Uhr", "Di: 9"],
    ),
    "headers at the side": (tr(th("Mo"), td("8 Uhr")) + tr(th("Di"), td("9 Uhr")), ["Mo: 8 Uhr", "Di: 9 Uhr"]),
    "no headers": (ROW + tr(td("Di"), td("9 Uhr")), ["Mo: 8 Uhr", "Di: 9 Uhr"]),
    "headers again": (
        HEAD + ROW + tr(th("Wer"), th("Wo")) + tr(td("Ada"), td("Raum 3")),
        [*SAID, "Wer: Ada; Wo: Raum 3"],
    ),
    "nothing but headers": (HEAD, ["Tag: Zeit"]),
    "one header": (tr(th("Nur mit Termin")), ["Nur mit Termin"]),
    "one cell": (tr(td("<p>Nur mit Termin.</p>")), ["Nur mit Termin."]),
    "headers in two rows": (
        tr(th("Tag", "rowspan=2"), th("Zeit", "colspan=2"))
        + tr(th("von"), th("bis"))
        + tr(*map(td, ("Mo", "8", "12"))),
        ["Tag: Mo; Zeit von: 8; Zeit bis: 12"],
    ),
    "a cell over two rows": (
        HEAD + tr(td("Mo", "rowspan=2"), td("8 Uhr")) + tr(td("14 Uhr")) + tr(td("Di"), td("9 Uhr")),
        [*SAID, "Tag: Mo; Zeit: 14 Uhr", "Tag: Di; Zeit: 9 Uhr"],
    ),
    "a cell over two columns": (
        tr(th("Tag"), th("früh"), th("spät")) + tr(td("So"), td("zu", "colspan=2")),
        ["Tag: So; früh: zu; spät: zu"],
    ),
    "spans that are none": (tr(td("a", "colspan=² rowspan=-1"), td("b")) + tr(td("c", "colspan=x")), ["a: b", "c"]),
    "a span beyond measure": (tr(td("a", "rowspan=999999"), td("b")) + tr(td("c")), ["a: b", "a: c"]),
    "a list in a cell": (tr(td("Nötig"), td("<ul><li>Pass</li> <li>Foto</li></ul>")), ["Nötig: Pass, Foto"]),
    "rows without text": (f"<tr></tr>{tr(td(' '), td(''))}{HEAD}{ROW}", SAID),
    "text beside the cells": (f"Hinweis{HEAD}{ROW}", [*SAID, "Hinweis"]),
    "text without cells": ("Hinweis", ["Hinweis"]),
    "a table in a table": (tr(td("Vorher"), td(f"<table>{HEAD}{ROW}</table>")), ["Vorher", *SAID]),
    "a bar in a cell": (HEAD + tr(td("Mo|Di"), td("8 Uhr")), ["Tag: Mo|Di; Zeit: 8 Uhr"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_row_of_a_table_says_what_it_says_under_its_headers(name: str) -> None:
    inner, wanted = TABLES[name]
    body = markdown_from_html(f"<table>{inner}</table>")

    assert [line for one in entry(page("pass", body)).passages for line in one.text.splitlines()] == wanted


def test_a_table_that_only_arranges_a_page_is_no_table() -> None:
    body = markdown_from_html(f'<table role="presentation">{tr(td("<h2>Pass</h2>"), td("Er kostet 70 Euro."))}</table>')

    assert [(one.headings, one.text) for one in entry(page("pass", body)).passages] == [
        (("Pass",), "Er kostet 70 Euro.")
    ]


@given(st.text(st.sampled_from("aä 1.*#|<b><tr><td><th></td></tr></table><table>"), max_size=120))
def test_no_letter_of_a_broken_table_gets_lost_or_in_the_way(shown: str) -> None:
    text = markdown_from_html(f"<p>Vor</p><table><tr><td>{shown}</td><td>Ende</td></tr></table><p>Nach</p>")

    assert text.startswith("Vor")
    assert text.endswith("Nach")
    assert "Ende" in text


def test_the_title_of_the_window_is_no_part_of_the_text() -> None:
    assert markdown_from_html("<html><head><title>Stadt</title></head><body>Text</body></html>") == "Text"


def test_a_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not a text file"):
        read(tmp_path, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


@pytest.mark.parametrize("text", ["", " \n", "<html></html>", "<p hidden>Text</p>", "<p>\u200b</p>"])
def test_a_page_that_shows_nothing_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, text)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        html.read(tmp_path, "pass", "de")


def test_an_address_that_is_not_of_the_web_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="url: must be an address"):
        read(tmp_path, '<link rel="canonical" href="javascript:alert(1)"><p>x</p>')
