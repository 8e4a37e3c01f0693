import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.sentences import sentences

PIECES = [
    "Der Pass",
    "kostet",
    "z. B.",
    "70 Euro",
    "1. Januar",
    "Abs. 2",
    "12.30 Uhr",
    "A.",
    "Dr. Ada",
    "Чи",
    "я?",
    "如何。",
]
MARKS = [".", "!", "?", "…", "»", "“", "(", "؟", "\n", "  ", "\t", "\u2028", "\u00a0"]
WRITTEN = st.lists(st.sampled_from(PIECES + MARKS)).map(" ".join)


@given(WRITTEN | st.text(max_size=200))
def test_no_character_that_is_seen_gets_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(WRITTEN)
def test_a_sentence_is_trimmed_and_never_empty(text: str) -> None:
    assert all(sentence and sentence == sentence.strip() for sentence in sentences(text))


@given(WRITTEN)
def test_a_sentence_holds_no_line_break(text: str) -> None:
    assert all(len(sentence.splitlines()) == 1 for sentence in sentences(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bringen Sie ein Foto mit. Es kostet nichts.", ["Bringen Sie ein Foto mit.", "Es kostet nichts."]),
        ("Wo? Hier!", ["Wo?", "Hier!"]),
        ("Ist das so … Ja.", ["Ist das so …", "Ja."]),
        ("أين المكتب؟ هنا.", ["أين المكتب؟", "هنا."]),
        ("Де це? Тут. І там.", ["Де це?", "Тут.", "І там."]),
        ("Er sagte: »Kommen Sie.« Dann ging er.", ["Er sagte: »Kommen Sie.«", "Dann ging er."]),
        ("Er sagte: „Kommen Sie.“ Dann ging er.", ["Er sagte: „Kommen Sie.“", "Dann ging er."]),
        ("He said “Come.” Then he left.", ["He said “Come.”", "Then he left."]),
        ("Où ? « Ici. » Merci.", ["Où ?", "« Ici. »", "Merci."]),
        ("eine Zeile\nnoch eine", ["eine Zeile", "noch eine"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_stop_before_a_new_sentence_ends_one(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ausweise, z. B. der Reisepass, genügen.",
        "Die Frist endet am 1. Januar 2027.",
        "Das steht in § 5 Abs. 2 des Gesetzes.",
        "Rufen Sie Tel. 115 an.",
        "Es kostet ca. 70 Euro.",
        "Fragen Sie Dr. Ada Lovelace.",
        "Fragen Sie A. Lovelace.",
        "Kosten (inkl. Versand) trägt die Stadt.",
        "Geöffnet bis 12.30 Uhr.",
        "Voir p. 3 du guide.",
        "Это стоит 70 р. в месяц.",
        "Das Amt usw. hilft.",
    ],
)
def test_a_stop_that_belongs_to_its_word_ends_nothing(text: str) -> None:
    assert sentences(text) == [text]


def test_a_number_of_three_figures_can_end_a_sentence() -> None:
    assert sentences("Wählen Sie die 115. Das ist die Behördennummer.") == [
        "Wählen Sie die 115.",
        "Das ist die Behördennummer.",
    ]


def test_a_stop_before_a_lower_case_word_ends_nothing() -> None:
    assert sentences("Die Beh. ist offen.") == ["Die Beh. ist offen."]
