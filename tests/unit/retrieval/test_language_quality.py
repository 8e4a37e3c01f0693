"""How often the language of three to six words is told right."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.language import identify

ROOT = Path(__file__).parents[3]
SENTENCES = ROOT / "../shared/data/language_id/sentences"
TOWN = ["de", "en", "fr", "tr", "uk", "ar"]
LANGUAGES = ("de", "en", "fr", "tr", "uk", "ar", "it", "es", "pl", "ro", "ru")
FLOOR = 0.95
OWN = {
    "de": ["Was kostet ein Reisepass?", "Wo melde ich mich an?", "Ausweis verloren, was nun?",
           "Wann hat das Rathaus offen?", "brauche ich dafür einen Termin", "Wie melde ich meinen Hund an?",
           "Kindergeld für zwei Kinder", "Wer bekommt eigentlich Wohngeld?"],
    "en": ["How much is a passport?", "Where do I register my address?", "I lost my ID card",
           "When is the town hall open?", "do i need an appointment", "How do I register my dog?",
           "child benefit for two children", "Who can get housing benefit?"],
    "fr": ["Combien coûte un passeport ?", "Où dois-je déclarer mon adresse ?", "J'ai perdu ma carte d'identité",
           "Quand la mairie est-elle ouverte ?", "est-ce qu'il faut un rendez-vous", "Comment déclarer mon chien ?",
           "allocations pour deux enfants", "Qui peut toucher l'aide au logement ?"],
    "tr": ["Pasaport ücreti ne kadar?", "Adresimi nerede kaydettirebilirim?", "Kimliğimi kaybettim, ne yapmalıyım?",
           "Belediye saat kaçta açılıyor?", "bunun için randevu gerekiyor mu", "Köpeğimi nasıl kaydettirebilirim?",
           "iki çocuk için çocuk parası", "Kira yardımını kimler alabilir?"],
    "uk": ["Скільки коштує закордонний паспорт?", "Де зареєструвати місце проживання?",
           "Я загубила посвідчення особи", "Коли працює міська рада?", "чи потрібен мені запис",
           "Як зареєструвати свою собаку?", "допомога на двох дітей", "Хто може отримати житлову допомогу?"],
    "ar": ["كم تبلغ رسوم جواز السفر؟", "أين أسجل عنوان سكني الجديد؟", "فقدت بطاقة الهوية الخاصة بي",
           "متى تفتح البلدية أبوابها؟", "هل أحتاج إلى موعد مسبق", "كيف أسجل كلبي الجديد؟",
           "إعانة الأطفال لطفلين اثنين", "من يحق له إعانة السكن؟"],
    "it": ["Quanto costa il passaporto?", "Dove posso registrare il mio indirizzo?", "Ho perso la carta d'identità",
           "Quando apre il municipio?", "devo prendere un appuntamento", "Come posso registrare il mio cane?",
           "assegni familiari per due figli", "Chi può ricevere il contributo affitto?"],
    "es": ["¿Cuánto cuesta un pasaporte nuevo?", "¿Dónde puedo registrar mi domicilio?",
           "Perdí mi documento de identidad", "¿Cuándo abre el ayuntamiento?", "¿Necesito pedir una cita previa?",
           "¿Cómo puedo registrar a mi perro?", "ayuda económica para dos hijos", "¿Quién puede recibir esta ayuda?"],
    "pl": ["Ile kosztuje nowy paszport?", "Gdzie mogę się zameldować?", "Zgubiłam swój dowód osobisty",
           "Kiedy otwarty jest urząd miasta?", "czy muszę umówić się na wizytę", "Jak mogę zarejestrować psa?",
           "zasiłek na dwoje dzieci", "Kto może dostać dodatek mieszkaniowy?"],
    "ro": ["Cât costă un pașaport nou?", "Unde îmi pot înregistra adresa?", "Mi-am pierdut cartea de identitate",
           "Când este deschisă primăria?", "am nevoie de o programare", "Cum îmi pot înregistra câinele?",
           "alocație pentru doi copii", "Cine poate primi ajutor pentru chirie?"],
    "ru": ["Сколько стоит загранпаспорт?", "Где мне зарегистрировать адрес?", "Я потеряла удостоверение личности",
           "Когда открыта мэрия города?", "нужно ли записываться на приём", "Как мне зарегистрировать собаку?",
           "кому дают детское пособие", "Кто может получить пособие на жильё?"],
}  # fmt: skip


def short(lines: list[str], seed: int, *, anywhere: bool) -> list[str]:
    """Three to six words of each line, from its beginning or from anywhere in it."""
    chance = random.Random(seed)
    pieces = []
    for words in map(str.split, lines):
        count = chance.randint(3, 6)
        if len(words) >= 3:
            start = chance.randint(0, max(0, len(words) - count)) if anywhere else 0
            pieces.append(" ".join(words[start : start + count]))
    return pieces


def shares(pieces: dict[str, list[str]], expected: Sequence[str] = ()) -> tuple[float, dict[str, float]]:
    """The share that is told right, over all languages and for each."""
    right = {language: [identify(text, expected) == language for text in texts] for language, texts in pieces.items()}
    each = {language: sum(found) / len(found) for language, found in right.items()}
    return sum(map(sum, right.values())) / sum(map(len, right.values())), each


@pytest.mark.parametrize("language", OWN)
def test_short_questions_of_our_own_are_told_right(language: str) -> None:
    assert len(OWN[language]) >= 8
    assert all(3 <= len(text.replace(" ?", "?").split()) <= 6 for text in OWN[language])
    assert [(text, found) for text in OWN[language] if (found := identify(text)) != language] == []


def read(folder: Path, languages: Sequence[str], *, anywhere: bool) -> dict[str, list[str]]:
    """Short pieces of the lines of each language's file."""
    texts = {language: (folder / f"{language}.txt").read_text(encoding="utf-8") for language in languages}
    return {language: short(text.splitlines(), 7, anywhere=anywhere) for language, text in texts.items()}


def beginnings(languages: Sequence[str]) -> dict[str, list[str]]:
    """The beginnings of plain questions; many say as little as "How do I"."""
    return read(ROOT / "retrieval/data/questions", languages, anywhere=False)


def test_the_beginnings_of_plain_questions_are_told_right() -> None:
    share, each = shares(beginnings(LANGUAGES))

    assert share >= FLOOR, each
    assert min(each.values()) >= 0.88, each


def test_in_a_town_every_language_of_its_own_is_told_right() -> None:
    _, each = shares(beginnings(TOWN), TOWN)

    assert min(each.values()) >= FLOOR, each


@pytest.mark.skipif(not SENTENCES.is_dir(), reason="../shared/data/language_id is not on this machine")
def test_pieces_of_sentences_from_anywhere_are_told_right() -> None:
    share, each = shares(read(SENTENCES, LANGUAGES, anywhere=True))

    assert share >= FLOOR, each
    assert min(each.values()) >= 0.89, each
