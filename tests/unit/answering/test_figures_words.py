"""Numbers, amounts, durations and ages in words are those in figures."""

import pytest

from assistant.answering.figures import figures, offered


def proven(said: str, source: str) -> bool:
    offers = offered(source)
    return all(one.proven(offers) for one in figures(said))


NUMBERS = [
    ("hundertfünfzig Euro", "150 Euro"), ("dreihundertfünfzig Euro", "350 €"), ("zweitausend Euro", "2.000 Euro"),
    ("eine Million Euro", "1.000.000 Euro"), ("1,5 Mio. Euro", "1.500.000 Euro"), ("ein Dutzend", "12"),
    ("acht Euro", "8 €"), ("two hundred and fifty euros", "250 Euro"), ("two thousand euros", "2.000 Euro"),
    ("a dozen", "12"), ("dix-sept ans", "17 Jahre"), ("vingt et un jours", "21 Tage"),
    ("soixante-quinze euros", "75 Euro"), ("quatre-vingt-dix jours", "90 Tage"), ("deux cents euros", "200 Euro"),
    ("cent cinquante euros", "150 Euro"), ("yüz elli Euro", "150 Euro"), ("on altı yaş", "16 Jahre"),
    ("kırk iki bin kişi", "42.000 Menschen"), ("двісті євро", "200 Euro"), ("сто вісімдесят днів", "180 Tage"),
    ("дев'ятьма мовами", "9 Sprachen"), ("шеститижневі канікули", "6 Wochen"), ("дворічний курс", "zwei Jahre"),
    ("مئتي يورو", "200 Euro"), ("خمسة وعشرون يورو", "25 Euro"), ("مائة وخمسون يورو", "150 Euro"),
    ("سن الثامنة عشرة", "18 Jahre"), ("65 зі 100", "65 %"), ("65 out of 100", "65 Prozent"),
]  # fmt: skip
AMOUNTS = [
    ("Das kostet 6 Euro 50.", "6,50 €"), ("sechs Euro fünfzig", "6,50 €"), ("zwölf Euro und fünfzig Cent", "12,50 €"),
    ("six euros fifty", "6,50 €"), ("6 euros and 50 cents", "6,50 €"), ("cela coûte 6 euros 50", "6,50 €"),
    ("6 euros et 50 centimes", "6,50 €"), ("6 Euro 50 Sent", "6,50 €"), ("6 євро 50 центів", "6,50 €"),
    ("6 يورو و50 سنتا", "6,50 €"), ("6,50 €", "6 Euro 50"),
]  # fmt: skip
DURATIONS = [
    ("eine Dreiviertelstunde", "45 Minuten"), ("trois quarts d'heure", "45 Minuten"), ("çeyrek saat", "15 Minuten"),
    ("чверть години", "15 Minuten"), ("півтори години", "90 Minuten"), ("ربع ساعة", "15 Minuten"),
    ("12 months", "a year"), ("un an", "12 Monate"), ("سنة واحدة", "12 Monate"), ("60 seconds", "eine Minute"),
    ("zwei Tage", "48 Stunden"), ("48 Stunden", "zwei Tage"),
    ("within 24 hours", "innerhalb eines Tages"), ("протягом двох діб", "innerhalb von 48 Stunden"),
    ("un an et demi", "18 Monate"), ("iki yılda bir", "alle 24 Monate"), ("خلال أسبوع", "innerhalb von 7 Tagen"),
    ("24 hours a day", "rund um die Uhr"), ("24 heures sur 24", "rund um die Uhr"), ("цілодобово", "24 Stunden"),
    ("على مدار الساعة", "24 Stunden"), ("7/24", "rund um die Uhr"),
]  # fmt: skip
AGES = [
    ("achtzehn Jahre", "aged 18 and over"), ("at least eighteen years old", "aged 18 and over"),
    ("au moins dix-huit ans", "ab 18"), ("en az on sekiz yaşında", "ab 18"), ("не менше 18 років", "ab 18"),
    ("18 عاما على الأقل", "ab 18"), ("under 27 years", "Jugendliche bis 27"), ("plus de 60 ans", "Menschen über 60"),
]  # fmt: skip
DAYS = [
    ("on the first of March", "am 1. März"), ("am ersten März", "1.3."), ("le premier mars", "1. März"),
    ("першого березня", "1. März"), ("في الأول من مارس", "1. März"), ("du 1er au 15 mars", "1. bis 15. März"),
    ("on Saturday and Sunday", "am Wochenende"), ("Wednesday", "Monday through Friday"),
    ("mercredi", "du lundi au vendredi"), ("у середу", "з понеділка по п'ятницю"),
    ("Çarşamba", "Pazartesiden cumaya kadar"), ("по вівторках", "dienstags"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "source"), [*NUMBERS, *AMOUNTS, *DURATIONS, *AGES, *DAYS])
def test_the_same_in_words_is_proven(said: str, source: str) -> None:
    assert proven(said, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("hundertfünfzig Euro", "100 Euro"), ("zweihundert Euro", "300 Euro"), ("acht Euro", "9 €"),
        ("soixante-dix euros", "60 Euro"), ("soixante-quinze euros", "70 Euro"), ("dix-sept ans", "7 Jahre"),
        ("deux cents euros", "100 Euro"), ("yüz elli Euro", "50 Euro"), ("двісті євро", "100 Euro"),
        ("مئتي يورو", "100 Euro"), ("خمسة وعشرون يورو", "20 Euro"), ("a dozen", "10"), ("65 зі 100", "56 %"),
        ("6 euros 50", "6,60 €"), ("6 euros 50", "6 €"), ("sechs Euro fünfzig", "6 Euro"),
        ("6 euros et 50 centimes", "6,05 €"), ("6 євро 50", "6,00 €"), ("10 Euro 50 %", "10,50 €"),
        ("eine Dreiviertelstunde", "30 Minuten"), ("чверть години", "45 Minuten"), ("ربع ساعة", "45 Minuten"),
        ("one month", "30 days"), ("30 Tage", "einen Monat"), ("4 weeks", "one month"), ("half a day", "12 hours"),
        ("zwei Tage", "24 Stunden"), ("48 Stunden", "3 Tage"), ("12 months", "12 Jahre"), ("2 Werktage", "48 Stunden"),
        ("60 seconds", "eine Stunde"), ("rund um die Uhr", "8 bis 18 Uhr"), ("24 hours a day", "12 Stunden"),
        ("eighteen years old", "aged 16 and over"), ("18 Jahre", "Raum 18"), ("18 Jahre", "ab 18 Uhr"),
        ("on the first of March", "2. März"), ("am ersten März", "1. Mai"), ("Saturday", "Mo-Fr"),
        ("шеститижневі канікули", "2 Wochen"), ("вісімнадцятьма мовами", "8 Sprachen"),
    ],
)  # fmt: skip
def test_another_value_in_words_is_not(said: str, source: str) -> None:
    assert figures(said) != ()
    assert not proven(said, source)


def test_only_words_of_one_language_are_one_number() -> None:
    assert {one.key for one in figures("Seit ich achtzehn bin")} == {"number:18"}


@pytest.mark.parametrize("text", ["birkaç hafta sonra", "an Werktagen", "у вихідні відпочивають"])
def test_words_that_count_nothing_state_nothing(text: str) -> None:
    assert figures(text) == ()
