"""What names an office, and whether a text has the name."""

import pytest

from assistant.answering.offices import beginnings, named, names_german, offices


def proven(said: str, source: str, language: str) -> bool:
    return all(named(name, beginnings(source)) for name in offices(said, language))


@pytest.mark.parametrize(
    ("language", "said", "source"),
    [
        ("uk", "Цей центр консультує щодня.", "Ми консультуємо щодня."),
        ("uk", "Це відомство виплачують також допомогу.", "Допомогу виплачує відомство."),
        ("ar", "المحكمة تحسم الأمر.", "ستقرر المحكمة."),
        ("ar", "يقدم مركز amiga مشورة.", "amiga: مشورة"),
        ("fr", "Adressez-vous au service des étrangers.", "Service pour les étrangers"),
        ("en", "Ask the Housing Office.", "Office for Housing"),
        ("en", "Ask the Housing Office.", "the local Housing Office"),
    ],
)
def test_the_same_office_is_named_in_another_way(language: str, said: str, source: str) -> None:
    assert proven(said, source, language)


@pytest.mark.parametrize(
    ("language", "said", "source"),
    [
        ("uk", "Служба зайнятості допоможе.", "Служба порятунку допоможе."),
        ("ar", "مكتب العمل يساعد.", "مكتب التسجيل يساعد."),
        ("ar", "المحكمة الإدارية تحسم.", "المحكمة العليا تحسم."),
        ("fr", "Adressez-vous au service des étrangers.", "Service pour les familles"),
        ("en", "Ask the Housing Office.", "Office for Youth, help with housing"),
    ],
)
def test_another_one_is_not(language: str, said: str, source: str) -> None:
    assert not proven(said, source, language)


def test_an_advice_centre_is_named_by_its_advice() -> None:
    assert names_german("Familienberatung im Landkreis", "familienberatungsstelle")
    assert not names_german("Familien im Landkreis", "familienberatungsstelle")
    assert not names_german("Zulassung von Fahrzeugen", "zulassungsstelle")
