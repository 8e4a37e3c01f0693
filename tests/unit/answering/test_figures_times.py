"""A time of day is the same in words and in figures; another hour is not."""

import pytest

from assistant.answering.figures import figures, offered
from assistant.answering.hours import in_figures


def proven(said: str, source: str) -> bool:
    offers = offered(source)
    return all(one.proven(offers) for one in figures(said))


SAME = [
    ("Um halb neun geht es los.", "8:30 Uhr"),
    ("Beginn um Viertel nach acht.", "8:15 Uhr"),
    ("Beginn um viertel vor 9 Uhr.", "8.45 Uhr"),
    ("Ab sechs Uhr abends ist offen.", "ab 18:00 Uhr"),
    ("Um zwei Uhr am Nachmittag.", "14 Uhr"),
    ("Nachmittags von 2 bis 4 Uhr.", "14:00 bis 16:00 Uhr"),
    ("Um acht Uhr dreißig.", "8:30 Uhr"),
    ("Geöffnet von mittags bis 19 Uhr.", "12:00 - 19:00 Uhr"),
    ("Schluss ist um Mitternacht.", "0:00 Uhr"),
    ("Schluss ist um Mitternacht.", "24 Uhr"),
    ("Das Büro öffnet um 9 und schließt um 17 Uhr.", "9:00 - 17:00 Uhr"),
    ("from noon until 7 pm", "12:00 - 19:00"),
    ("opens at half past eight in the morning", "8:30 Uhr"),
    ("at half past two in the afternoon", "14:30 Uhr"),
    ("at a quarter to nine", "8:45 Uhr"),
    ("until six o'clock in the evening", "bis 18 Uhr"),
    ("from 2 to 4 in the afternoon", "14:00–16:00"),
    ("from nine in the morning until five in the afternoon", "9 bis 17 Uhr"),
    ("The office is open from nine to five.", "9:00 - 17:00"),
    ("on Monday evenings from 6 to 8", "Montag 18:00-20:00"),
    ("from 6 pm to 8", "18:00-20:00"),
    ("at 9 at night", "21 Uhr"),
    ("at eight thirty", "8:30"),
    ("jusqu'à midi et demi", "bis 12:30 Uhr"),
    ("de 9 heures à midi", "9-12 Uhr"),
    ("dès 8 heures et demie", "ab 8:30 Uhr"),
    ("à 17 heures 30", "17:30"),
    ("à six heures du soir", "18:00"),
    ("de 2 à 4 heures de l’après-midi", "14-16 Uhr"),
    ("de 8 heures du matin à 5 heures du soir", "8–17 Uhr"),
    ("à 9 heures moins le quart", "8:45"),
    ("jusqu'à dix-huit heures", "bis 18 Uhr"),
    ("akşam 6'da", "18:00 Uhr"),
    ("sabah 9'dan akşam 6'ya kadar", "9–18 Uhr"),
    ("sabah dokuzdan akşam altıya kadar", "9–18 Uhr"),
    ("öğleden sonra saat 2 ile 4 arasında", "14:00–16:00 Uhr"),
    ("perşembe akşamları beş buçukta", "donnerstags 17:30"),
    ("saat 12 buçuğa kadar", "12:30 Uhr"),
    ("saat on yedide kapanır", "17 Uhr"),
    ("saat 9'dan 17'ye kadar", "9:00–17:00 Uhr"),
    ("gece yarısına kadar", "24 Uhr"),
    ("о шостій вечора", "18:00"),
    ("в 7 вечора", "19:00"),
    ("з 9-ї ранку до 5-ї вечора", "9–17 Uhr"),
    ("з дев'ятої до сімнадцятої", "9–17 Uhr"),
    ("о другій годині дня", "14 Uhr"),
    ("о пів на дев’яту ранку", "8:30"),
    ("до шістнадцятої тридцять", "bis 16:30 Uhr"),
    ("опівдні", "12 Uhr"),
    ("السادسة مساءً", "18:00"),
    ("حتى الساعة السابعة والنصف مساءً", "19:30"),
    ("الثانية عشرة ظهرا", "12 Uhr"),
    ("الساعة الواحدة ظهراً", "13 Uhr"),
    ("الساعة 2 بعد الظهر", "14 Uhr"),
    ("من التاسعة صباحاً حتى الخامسة مساءً", "9–17 Uhr"),
    ("الساعة التاسعة إلا ربعا", "8:45 Uhr"),
    ("18:00", "6 Uhr abends"),
    ("8:30 Uhr", "half past eight"),
]
OTHER = [
    ("from noon until 7 pm", "12:00 - 18:00"),
    ("from noon until 6 pm", "13:00 - 18:00"),
    ("until 7 pm", "bis 18:00"),
    ("until 7 in the evening", "ab 7 Uhr"),
    ("until 6 in the morning", "bis 18:00"),
    ("half past eight", "8 Uhr"),
    ("half past two in the afternoon", "2:30"),
    ("um halb neun", "9:30 Uhr"),
    ("um halb neun", "9 Uhr"),
    ("um Viertel nach acht", "8:45"),
    ("6 Uhr abends", "6 Uhr"),
    ("9 Uhr morgens", "21 Uhr"),
    ("5 Uhr", "17 Uhr"),
    ("um Mitternacht", "12 Uhr"),
    ("à midi et demi", "12 Uhr"),
    ("8 heures et demie", "8 Uhr"),
    ("6 heures du soir", "6 Uhr"),
    ("6 heures du matin", "18 Uhr"),
    ("2 heures de l'après-midi", "15 Uhr"),
    ("dix-huit heures", "8 Uhr"),
    ("akşam 6'da", "6 Uhr"),
    ("akşam altıda", "17 Uhr"),
    ("sabah 9'da", "21 Uhr"),
    ("öğleden sonra 2'de", "15 Uhr"),
    ("saat dokuz buçukta", "9 Uhr"),
    ("о шостій вечора", "19:00"),
    ("о шостій вечора", "6:00"),
    ("в 7 вечора", "18:00"),
    ("о пів на дев'яту", "9:30"),
    ("о дев'ятій ранку", "10 Uhr"),
    ("السادسة مساءً", "17:00"),
    ("السادسة مساءً", "6:00"),
    ("السابعة والنصف مساءً", "19:00"),
    ("الثانية بعد الظهر", "15 Uhr"),
    ("الساعة التاسعة إلا ربعا", "9:15"),
]


@pytest.mark.parametrize(("said", "source"), SAME)
def test_an_hour_in_words_is_the_one_in_figures(said: str, source: str) -> None:
    assert figures(said) != ()
    assert proven(said, source)


@pytest.mark.parametrize(("said", "source"), OTHER)
def test_another_hour_or_half_of_the_day_is_not(said: str, source: str) -> None:
    assert not proven(said, source)


@pytest.mark.parametrize("said", ["Um halb neun.", "at half past eight", "о пів на дев'яту", "الثامنة والنصف"])
def test_an_hour_of_the_clock_may_be_of_either_half_of_the_day(said: str) -> None:
    assert proven(said, "8:30 Uhr")
    assert proven(said, "20:30 Uhr")


@pytest.mark.parametrize(
    "text",
    [
        "nach mitternacht", "repas de midi", "two nights and three mornings", "zwei abende", "in der ersten woche",
        "la deuxième fois", "üç saat bir ara", "перша година безкоштовна", "السنة الثانية", "am 6. abend",
    ],
)  # fmt: skip
def test_what_is_no_time_stays(text: str) -> None:
    assert in_figures(text) == text
