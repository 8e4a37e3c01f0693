"""A figure is a value with what it is, in every writing and language."""

import pytest

from assistant.answering.figures import figures, offered


def proven(said: str, source: str) -> bool:
    offers = offered(source)
    return all(one.proven(offers) for one in figures(said))


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Das kostet 37 Euro.", "Gebühr: 37,00 €"),
        ("It costs EUR 37.00.", "Gebühr: 37,00 €"),
        ("€37", "37,- Euro"),
        ("Це коштує 37 євро.", "Gebühr: 37,00 €"),
        ("الرسوم ٣٧ يورو", "37 Euro"),
        ("Ücreti 37 Euro'dur.", "37,00 €"),
        ("between 20 and 30 euros", "20 bis 30 Euro"),
        ("50 cents", "0,50 €"),
        ("20 per cent", "20 %"),
        ("yüzde 20", "20 Prozent"),
        ("%20", "20 Prozent"),
        ("by 31 March", "bis 31. März 2026"),
        ("March 31, 2026", "31.03.2026"),
        ("jusqu'au 31 mars", "bis 31.3."),
        ("31 Mart'a kadar", "bis 31. März"),
        ("до 31 березня 2026 року", "31.03.2026"),
        ("حتى ٣١ مارس", "31. März"),
        ("from 1 to 5 February 2026", "vom 1. bis 5. Februar 2026"),
        ("on 5 February 2026", "vom 1. bis 5. Februar 2026"),
        ("in March 2026", "am 31. März 2026"),
        ("ab 8.30 Uhr", "8:30–12:00"),
        ("à partir de 8h30", "ab 8.30 Uhr"),
        ("from 2 pm to 4:30 pm", "14.00 bis 16.30 Uhr"),
        ("8 bis 12 Uhr", "08:00–12:00 Uhr"),
        ("de 9 h à 12 h", "9 bis 12 Uhr"),
        ("الساعة 8:00 صباحا", "8 Uhr"),
        ("within three weeks", "drei Wochen"),
        ("a three-week deadline", "Frist: 3 Wochen"),
        ("en trois semaines", "drei Wochen"),
        ("üç hafta içinde", "3 Wochen"),
        ("протягом трьох тижнів", "drei Wochen"),
        ("خلال ثلاثة أسابيع", "3 Wochen"),
        ("خلال أسبوعين", "zwei Wochen"),
        ("14 days", "zwei Wochen"),
        ("two to three weeks", "2 bis 3 Wochen"),
        ("half an hour", "30 Minuten"),
        ("eineinhalb Stunden", "90 minutes"),
        ("une heure et demie", "1,5 Stunden"),
        ("bir buçuk saat", "90 Minuten"),
        ("півтора року", "18 Monate"),
        ("within a month", "innerhalb eines Monats"),
        ("протягом місяця", "innerhalb eines Monats"),
        ("five working days", "fünf Werktage"),
        ("5 jours ouvrables", "fünf Arbeitstage"),
        ("5 iş günü", "5 Werktage"),
        ("5 робочих днів", "5 Werktage"),
        ("aged 18 years", "ab dem vollendeten 18. Lebensjahr"),
        ("18-jährig", "18 Jahre"),
        ("eine dreimonatige Frist", "three months"),
        ("ab 18", "18 Jahre"),
        ("+49 69 90009-110", "069 90009 110"),
        ("(069) 90009110", "069 / 90009-110"),
        ("DE02 1203 0000 0000 2020 51", "IBAN DE02120300000000202051"),
        ("Section 17 (2)", "§ 17 Abs. 2"),
        ("§§ 21 and 22", "§§ 21, 22 BMG"),
        ("Rathausplatz 1, 74999 Neckarfurt", "74999 Neckarfurt, Rathausplatz 1"),
        ("Monday to Friday", "Mo–Fr 8–12 Uhr"),
        ("am Mittwoch", "Mo–Fr 8–12 Uhr"),
        ("twenty-one days", "21 Tage"),
        ("einundzwanzig Tage", "21 days"),
        ("on beş gün", "15 Tage"),
        ("10 000 €", "10.000 Euro"),
        ("www.amt.example/pass", "https://www.amt.example/pass"),
        ("Niveau В1", "B1"),
    ],
)
def test_the_same_is_proven_in_another_writing_or_language(said: str, source: str) -> None:
    assert figures(said) != ()
    assert proven(said, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("37 Dollar", "37 Euro"),
        ("37 Prozent", "37 Euro"),
        ("37 Euro", "37 Prozent"),
        ("3 Monate", "3 Wochen"),
        ("three months", "drei Wochen"),
        ("üç ay", "üç hafta"),
        ("три місяці", "три тижні"),
        ("ثلاثة أشهر", "ثلاثة أسابيع"),
        ("خلال شهرين", "خلال أسبوعين"),
        ("trois mois", "trois semaines"),
        ("5 Tage", "5 Werktage"),
        ("18 Monate", "18 Jahre"),
        ("8 Tage", "8 Uhr"),
        ("8.30 Uhr", "8,30 Euro"),
        ("8 pm", "8 Uhr"),
        ("31. März", "31. Mai"),
        ("5. Februar 2027", "5. Februar 2026"),
        ("6 February", "1. bis 5. Februar"),
        ("in May 2026", "31. März 2026"),
        ("half an hour", "eine Stunde"),
        ("within a month", "innerhalb einer Woche"),
        ("one week", "ein Monat"),
        ("2 to 4 weeks", "2 bis 3 Wochen"),
        ("§ 37 BMG", "37 Euro"),
        ("§ 25b", "§ 25a"),
        ("Rathausplatz 1a", "Rathausplatz 1b"),
        ("069 90009 111", "069 90009 110"),
        ("DE02 1203 0000 0000 2020 52", "DE02120300000000202051"),
        ("120 Kilogramm", "120 Liter"),
        ("am Samstag", "Mo–Fr 8–12 Uhr"),
        ("Niveau B2", "Niveau B1"),
        ("http://amt.example/pass", "https://amt.example/pass"),
    ],
)
def test_another_value_or_unit_is_not(said: str, source: str) -> None:
    assert not proven(said, source)


@pytest.mark.parametrize(
    "text",
    [
        "Ein Ausweis ist ein Dokument.",
        "One of the parents may come.",
        "Un parent peut venir, une procuration suffit.",
        "Bir kişi gelebilir.",
        "Сім’я та п’ятниці немає.",
        "Возз'єднання сім'ї",
        "You may march on.",
        "einmal im Jahr",
        "Monatlich gibt es Geld.",
    ],
)
def test_articles_and_words_that_only_look_like_figures_state_none(text: str) -> None:
    assert [one.key for one in figures(text) if not one.key.startswith("weekday")] == []
