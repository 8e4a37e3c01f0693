"""What a passage makes a grant depend on."""

from typing import Any

import pytest

from assistant.answering.conditions import Condition, attached, grants, states
from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Evidence
from corpora.chunking import entry
from corpora.documents import ServiceFacts
from corpora.samples import layers
from corpora.sentences import sentences
from tests.fakes import page
from tests.unit.answering.drafts import evidence

PAGES = {
    "de": (
        "Der Sozialpass ist kostenlos, wenn Sie Bürgergeld beziehen. Die Verlängerung kostet nichts. "
        "Das gilt nur bei gültigem Pass. Den Ersatz können Sie ab 16 Jahren online bestellen. "
        "Beim Termin müssen Sie Ihren Ausweis zeigen. Das Foto ist gratis."
    ),
    "en": (
        "The city pass is free of charge if you receive citizen's benefit. Renewal costs nothing. "
        "This applies only while the pass is valid. You can order a replacement online from the age of 16. "
        "You must show your identity card at the appointment. The photo is free of charge."
    ),
    "fr": (
        "Le passe social est gratuit si vous percevez l'allocation citoyenne. Le renouvellement ne coûte rien. "
        "Cela ne vaut que pour un passe valable. Vous pouvez commander un duplicata en ligne à partir de 16 ans. "
        "Vous devez présenter votre pièce d'identité. La photo est gratuite."
    ),
    "tr": (
        "Vatandaş parası alıyorsanız sosyal kart ücretsizdir. Uzatma ücretsizdir. "
        "Bu yalnızca geçerli kartlar için geçerlidir. Yedek kartı 16 yaşından itibaren internetten alabilirsiniz. "
        "Randevuda kimliğinizi göstermek zorundasınız. Fotoğraf çekimi ücretsizdir."
    ),
    "uk": (
        "Соціальна картка безкоштовна, якщо ви отримуєте громадянську допомогу. Продовження безкоштовне. "
        "Це стосується лише дійсної картки. Дублікат можна замовити онлайн від 16 років. "
        "На прийомі ви повинні показати посвідчення. Фотографія безкоштовна."
    ),
    "ar": (
        "البطاقة الاجتماعية مجانية إذا كنتم تحصلون على إعانة المواطنين. التمديد مجاني. "
        "ينطبق ذلك فقط على البطاقات السارية. يمكنكم طلب بدل ضائع عبر الإنترنت من سن 16 عاماً. "
        "يجب أن تبرزوا هويتكم في الموعد. الصورة مجانية."
    ),
}
SOURCES = {
    language: evidence(page(f"pass-{language}", text, title="Pass", language=language))
    for language, text in PAGES.items()
}
# Pages in other people's words.
OTHERS = {
    ("bad", "de"): (
        "Inhaberinnen und Inhaber der Ehrenamtskarte zahlen keinen Eintritt. "
        "Der Eintritt ist bis zum vollendeten 6. Lebensjahr frei. "
        "Dauerkarten können Sie an der Kasse kaufen."
    ),
    ("miete", "de"): (
        "Ein Mietzuschuss wird gewährt, sofern die Wohnung angemessen ist. "
        "Leistungen erhalten Personen, deren Einkommen unter 1.200 Euro liegt. "
        "Der Antrag ist formlos möglich."
    ),
    ("parken", "de"): (
        "Anwohner dürfen hier ohne Parkschein parken. "
        "Voraussetzung ist ein Hauptwohnsitz in der Zone. "
        "Elektroautos parken drei Stunden umsonst, solange sie laden."
    ),
    ("library", "en"): (
        "Books can be renewed twice unless another reader has reserved them. "
        "You do not need a photo. "
        "Pensioners receive a reduced rate."
    ),
    ("aide", "fr"): (
        "L'aide est accordée aux ménages dont les revenus ne dépassent pas 1 200 euros. "
        "L'inscription est gratuite pour les moins de 18 ans."
    ),
    ("yardim", "tr"): ("Geliri düşük olan aileler yardım alabilir. Kitaplar rezerve edilmemişse iki kez uzatılabilir."),
    ("dopomoha", "uk"): (
        "Допомогу отримують сім'ї, дохід яких не перевищує 1200 євро. Членство безкоштовне для дітей до 18 років."
    ),
    ("iana", "ar"): ("تحصل الأسر التي لا يزيد دخلها على 1200 يورو على الإعانة. العضوية مجانية لمن هم دون سن 18 عاماً."),
}
LINES = {language: sentences(text) for language, text in PAGES.items()}

GRANTS = [
    ("de", "Die Abmeldung ist kostenlos."),
    ("de", "Dafür zahlen Sie nichts."),
    ("de", "Sie haben Anspruch auf Wohngeld."),
    ("de", "Wer Wohngeld bezieht, ist vom Beitrag befreit."),
    ("de", "Sie müssen nicht persönlich kommen."),
    ("de", "Eine neue Prüfung ist nicht nötig."),
    ("de", "Sie brauchen keinen Termin."),
    ("de", "Studierende, die nicht bei den Eltern wohnen, können die Ermäßigung beantragen."),
    ("de", "Der Beitrag ist für Sie ermäßigt."),
    ("en", "Registration is free of charge."),
    ("en", "You are entitled to housing benefit."),
    ("en", "You do not need an appointment."),
    ("en", "You can apply if you do not receive other benefits."),
    ("en", "Students are exempt from the fee."),
    ("fr", "La déclaration est gratuite."),
    ("fr", "Vous avez droit à l'aide au logement."),
    ("fr", "Vous n'avez pas besoin de rendez-vous."),
    ("fr", "Vous pouvez être exonéré des frais."),
    ("tr", "Adres kaydı ücretsizdir."),
    ("tr", "Konut yardımı alabilirsiniz."),
    ("tr", "Çocukların gelmesi gerekmez."),
    ("tr", "Öğrenciler ücretten muaftır."),
    ("uk", "Реєстрація безкоштовна."),
    ("uk", "Ви маєте право на житлову допомогу."),
    ("uk", "Приходити особисто не потрібно."),
    ("uk", "Студенти звільнені від збору."),
    ("ar", "تسجيل السكن مجاني."),
    ("ar", "يحق لكم الحصول على إعانة السكن."),
    ("ar", "لا يلزمكم موعد."),
    ("ar", "الطلاب معفون من الرسوم."),
]
NO_GRANTS = [
    ("de", "Sie müssen persönlich erscheinen."),
    ("de", "Der Ausweis kostet 37,00 Euro."),
    ("de", "Das Bürgerbüro ist am Rathausplatz 1."),
    ("de", "Ist der Ausweis kostenlos?"),
    ("de", "Die Ausstellung ist nicht kostenlos."),
    ("de", "Darauf haben Sie keinen Anspruch."),
    ("de", "Eine verspätete Anmeldung kann ein Bußgeld zur Folge haben."),
    ("de", "Sie dürfen nicht vom Wahlrecht ausgeschlossen sein."),
    ("en", "You must come in person."),
    ("en", "The identity card costs €37.00."),
    ("en", "Can I apply online?"),
    ("en", "The office is at Rathausplatz 1."),
    ("en", "You cannot renew the passport."),
    ("en", "Late registration can lead to a fine of up to €1,000."),
    ("fr", "Vous devez venir en personne."),
    ("fr", "Le permis de conduire coûte 45,90 €."),
    ("fr", "La carte n'est pas gratuite."),
    ("tr", "Başvuru için şahsen gelmeniz gerekir."),
    ("tr", "Pasaportun süresi uzatılamaz."),
    ("tr", "Ücret 37,00 Euro'dur."),
    ("uk", "Ви повинні прийти особисто."),
    ("uk", "Паспорт не можна продовжити."),
    ("uk", "Паспорт коштує 70,00 євро."),
    ("ar", "يجب أن تحضروا شخصياً."),
    ("ar", "لا يمكن تمديد جواز السفر."),
    ("ar", "تبلغ الرسوم 37,00 يورو."),
]
# A sentence, the page it words, and the lines of the page that it must not leave without.
ATTACHED = [
    ("de", "Der Sozialpass ist kostenlos.", "de", [0]),
    ("de", "Den Sozialpass erhalten Sie gratis.", "de", [0]),
    ("de", "Die Verlängerung ist kostenlos.", "de", [2]),
    ("de", "Den Ersatz können Sie online bestellen.", "de", [3]),
    ("en", "The city pass is free of charge.", "en", [0]),
    ("en", "Renewal is free of charge.", "en", [2]),
    ("en", "You can order a replacement online.", "en", [3]),
    ("fr", "Le passe social est gratuit.", "fr", [0]),
    ("fr", "Le renouvellement est gratuit.", "fr", [2]),
    ("fr", "Vous pouvez commander un duplicata en ligne.", "fr", [3]),
    ("tr", "Sosyal kart ücretsizdir.", "tr", [0]),
    ("tr", "Uzatma ücretsizdir.", "tr", [2]),
    ("tr", "Yedek kartı internetten alabilirsiniz.", "tr", [3]),
    ("uk", "Соціальна картка безкоштовна.", "uk", [0]),
    ("uk", "Дублікат можна замовити онлайн.", "uk", [3]),
    ("ar", "البطاقة الاجتماعية مجانية.", "ar", [0]),
    ("ar", "يمكنكم طلب بدل ضائع عبر الإنترنت.", "ar", [3]),
    ("en", "The city pass is free of charge.", "de", [0, 2]),
    ("en", "You can order a replacement online.", "de", [3]),
    ("ar", "البطاقة الاجتماعية مجانية.", "de", [0, 2]),
    ("ar", "يمكنكم طلب بدل ضائع عبر الإنترنت.", "de", [3]),
    ("uk", "Соціальна картка безкоштовна.", "de", [0, 2]),
    ("tr", "Yedek kartı internetten alabilirsiniz.", "de", [3]),
    ("de", "Der Sozialpass ist kostenlos.", "fr", [0]),
]
FREE = [
    ("de", "Der Sozialpass ist kostenlos, wenn Sie Bürgergeld beziehen.", "de"),
    ("de", "Wer Bürgergeld bekommt, zahlt für den Sozialpass nichts.", "de"),
    ("de", "Für Empfänger von Bürgergeld ist der Sozialpass gratis.", "de"),
    ("de", "Den Ersatz können Sie online bestellen, sobald Sie 16 sind.", "de"),
    ("de", "Das Foto ist gratis.", "de"),
    ("de", "Beim Termin müssen Sie Ihren Ausweis zeigen.", "de"),
    ("de", "Ist der Sozialpass kostenlos?", "de"),
    ("en", "If you receive citizen's benefit, the city pass is free.", "en"),
    ("en", "The photo is free of charge.", "en"),
    ("en", "From the age of 16 you can order a replacement online.", "en"),
    ("fr", "Si vous percevez l'allocation, le passe social est gratuit.", "fr"),
    ("fr", "La photo est gratuite.", "fr"),
    ("tr", "Vatandaş parası alıyorsanız sosyal kart ücretsizdir.", "tr"),
    ("tr", "Fotoğraf çekimi ücretsizdir.", "tr"),
    ("uk", "Якщо ви отримуєте громадянську допомогу, соціальна картка безкоштовна.", "uk"),
    ("uk", "Фотографія безкоштовна.", "uk"),
    ("ar", "إذا كنتم تحصلون على إعانة المواطنين فالبطاقة الاجتماعية مجانية.", "ar"),
    ("ar", "الصورة مجانية.", "ar"),
    ("en", "You can order a replacement online from the age of 16.", "de"),
    ("ar", "يمكنكم طلب بدل ضائع عبر الإنترنت من سن 16 عاماً.", "de"),
    ("uk", "Дублікат можна замовити онлайн від 16 років.", "de"),
]
# A page, a line of it that is a condition, and a sentence with whether that says it.
STATED = [
    ("de", 0, "de", "Dafür müssen Sie Bürgergeld beziehen.", True),
    ("de", 0, "de", "Das gilt, wenn Sie Bürgergeld bekommen.", True),
    ("de", 0, "de", "Bringen Sie ein Foto mit.", False),
    ("de", 0, "de", "Der Antrag ist einfach, wenn Sie ihn online stellen.", False),
    ("de", 3, "de", "Sie müssen mindestens 16 Jahre alt sein.", True),
    ("de", 3, "de", "Sie müssen mindestens 18 Jahre alt sein.", False),
    ("de", 2, "de", "Der Pass muss noch gültig sein.", True),
    ("de", 0, "en", "This applies only if you receive citizen's benefit.", True),
    ("de", 0, "en", "You must receive citizen's benefit.", True),
    ("de", 0, "en", "The office is at Rathausplatz 1.", False),
    ("de", 3, "en", "You must be at least 16 years old.", True),
    ("de", 3, "en", "You must be at least 18 years old.", False),
    ("de", 0, "ar", "ينطبق ذلك فقط إذا كنتم تحصلون على إعانة المواطنين.", True),
    ("de", 3, "ar", "يجب أن يكون عمركم 16 عاماً على الأقل.", True),
    ("de", 3, "ar", "يجب أن يكون عمركم 18 عاماً على الأقل.", False),
    ("en", 0, "en", "You have to receive citizen's benefit for this.", True),
    ("en", 0, "en", "Please bring a photo.", False),
    ("fr", 3, "fr", "Il faut avoir au moins 16 ans.", True),
    ("tr", 3, "tr", "En az 16 yaşında olmanız gerekir.", True),
    ("uk", 0, "uk", "Для цього потрібно отримувати громадянську допомогу.", True),
    ("uk", 3, "uk", "Вам має бути щонайменше 16 років.", True),
    ("ar", 0, "ar", "يشترط أن تحصلوا على إعانة المواطنين.", True),
]

OTHER_HELD = [
    ("bad", "de", "Sie zahlen keinen Eintritt."),
    ("bad", "de", "Der Eintritt ist frei."),
    ("miete", "de", "Sie können einen Mietzuschuss bekommen."),
    ("miete", "de", "Sie erhalten Leistungen."),
    ("miete", "en", "You can get a rent subsidy."),
    ("miete", "ar", "يمكنكم الحصول على إعانة الإيجار."),
    ("miete", "uk", "Ви можете отримати допомогу на оренду."),
    ("parken", "de", "Sie dürfen hier ohne Parkschein parken."),
    ("parken", "de", "Elektroautos parken umsonst."),
    ("parken", "en", "Residents may park here without a ticket."),
    ("library", "en", "You can renew books twice."),
    ("library", "en", "You receive a reduced rate."),
    ("aide", "fr", "Vous recevez l'aide."),
    ("aide", "fr", "L'inscription est gratuite."),
    ("yardim", "tr", "Yardım alabilirsiniz."),
    ("yardim", "tr", "Kitapları iki kez uzatabilirsiniz."),
    ("dopomoha", "uk", "Ви отримуєте допомогу."),
    ("dopomoha", "en", "Membership is free."),
    ("iana", "ar", "تحصلون على الإعانة."),
    ("iana", "en", "Membership is free."),
]
OTHER_FREE = [
    ("bad", "de", "Kinder unter 6 Jahren haben freien Eintritt."),
    ("bad", "de", "Dauerkarten bekommen Sie an der Kasse."),
    ("miete", "de", "Liegt Ihr Einkommen unter 1.200 Euro, erhalten Sie Leistungen."),
    ("miete", "de", "Wenn die Wohnung angemessen ist, wird ein Mietzuschuss gezahlt."),
    ("miete", "de", "Sie können den Antrag formlos stellen."),
    ("parken", "de", "Mit Hauptwohnsitz in der Zone dürfen Anwohner ohne Parkschein parken."),
    ("library", "en", "Books can be renewed twice as long as nobody has reserved them."),
    ("library", "en", "A photo is not needed."),
    ("aide", "fr", "Si vous avez moins de 18 ans, l'inscription est gratuite."),
    ("dopomoha", "uk", "Якщо вам менше 18 років, членство безкоштовне."),
    ("iana", "ar", "إذا كان عمركم دون 18 عاماً فالعضوية مجانية."),
]


def worded(text: str, language: str, *sources: Evidence) -> Cited:
    return Cited(text, language, sources, quoted=False)


def texts(said: Cited) -> list[str]:
    return [one.text for one in attached(said)]


def beside(text: str, **fields: Any) -> Evidence:
    """The first passage of a German page."""
    return evidence(page("seite", text, title="Wohngeld beantragen", **fields))


def other(name: str) -> Evidence:
    """A page in other people's words."""
    (found,) = (page(id_, text, title="Seite", language=of) for (id_, of), text in OTHERS.items() if id_ == name)
    return evidence(found)


def condition(language: str, place: int) -> Condition:
    """The line as a condition of a sentence that says nothing of it."""
    line = LINES[language][place]
    said = {0: 0, 2: 1, 3: 3}[place]
    bare = {row[3][0]: row[1] for row in reversed(ATTACHED) if row[0] == row[2] == language and row[3] == [place]}
    found = attached(worded(bare[place] if place in bare else LINES[language][said], language, SOURCES[language]))
    return next(one for one in found if one.text == line)


@pytest.mark.parametrize(("language", "text"), GRANTS)
def test_what_someone_may_get_or_need_not_do_is_granted(language: str, text: str) -> None:
    assert grants(text, language)


@pytest.mark.parametrize(("language", "text"), NO_GRANTS)
def test_duties_fees_places_and_questions_grant_nothing(language: str, text: str) -> None:
    assert not grants(text, language)


def test_a_language_without_cues_grants_nothing() -> None:
    assert not grants("Rejestracja jest bezpłatna.", "pl")


@pytest.mark.parametrize(("language", "text", "of", "places"), ATTACHED)
def test_a_grant_is_told_with_its_condition(language: str, text: str, of: str, places: list[int]) -> None:
    found = texts(worded(text, language, SOURCES[of]))

    assert set(found) >= {LINES[of][place] for place in places}
    assert len(found) <= len(places) + 1


@pytest.mark.parametrize(("language", "text", "of"), FREE)
def test_a_sentence_that_states_its_condition_or_has_none_is_not_held(language: str, text: str, of: str) -> None:
    assert texts(worded(text, language, SOURCES[of])) == []


@pytest.mark.parametrize(("of", "language", "text"), OTHER_HELD)
def test_a_grant_on_a_page_in_other_words_is_told_with_its_condition(of: str, language: str, text: str) -> None:
    assert texts(worded(text, language, other(of)))


@pytest.mark.parametrize(("of", "language", "text"), OTHER_FREE)
def test_a_page_in_other_words_does_not_hold_what_states_its_condition(of: str, language: str, text: str) -> None:
    assert texts(worded(text, language, other(of))) == []


@pytest.mark.parametrize(("of", "place", "language", "text", "stated"), STATED)
def test_another_sentence_may_state_the_condition(of: str, place: int, language: str, text: str, stated: bool) -> None:
    assert states(worded(text, language, SOURCES[of]), condition(of, place)) is stated


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Bei Bedürftigkeit kann das Amt die Gebühr erlassen.", "Das Amt kann die Gebühr erlassen."),
        ("Für ein Ehrenamt entfällt die Gebühr.", "Die Gebühr entfällt."),
        ("Mit dem Merkzeichen RF ist eine Ermäßigung möglich.", "Eine Ermäßigung ist möglich."),
        ("Wer Sozialleistungen bezieht, kann befreit sein.", "Sie können befreit sein."),
        ("Beziehen Sie Bürgergeld, ist der Eintritt frei.", "Der Eintritt ist frei."),
        ("Zwei Abholungen im Jahr sind kostenlos.", "Abholungen sind kostenlos."),
        ("Familien mit drei Kindern können den Pass bekommen.", "Familien können den Pass bekommen."),
        ("Die Abmeldung ist frühestens eine Woche vor dem Auszug möglich.", "Die Abmeldung ist möglich."),
        ("Auf Antrag ist eine Befreiung möglich.", "Eine Befreiung ist möglich."),
        ("Der Pass ist kostenlos (nur für Einwohner).", "Der Pass ist kostenlos."),
        ("Kinder unter 6 Jahren fahren kostenlos, wenn ein Elternteil dabei ist.", "Kinder unter 6 fahren kostenlos."),
    ],
)
def test_a_restriction_in_any_form_is_quoted(line: str, said: str) -> None:
    assert texts(worded(said, "de", beside(f"{line} Bringen Sie ein Foto mit."))) == [line]


@pytest.mark.parametrize(
    ("lines", "said", "expected"),
    [
        (
            ["Kostenlos ist der Pass, wenn:", "Sie Bürgergeld beziehen", "Sie in Neckarfurt wohnen"],
            "Der Pass ist kostenlos.",
            [0, 1, 2],
        ),
        (
            ["Wenn Sie Bürgergeld beziehen:", "Der Pass ist kostenlos", "Der Eintritt ins Bad ist frei"],
            "Der Eintritt ins Bad ist frei.",
            [0],
        ),
        (
            ["Der Pass ist kostenlos.", "Voraussetzungen:", "Sie beziehen Bürgergeld", "Sie wohnen hier"],
            "Der Pass ist kostenlos.",
            [1, 2, 3],
        ),
        (["Der Pass ist kostenlos.", "Das gilt auch für Kinder."], "Der Pass ist kostenlos.", []),
        (["Der Pass ist kostenlos.", "Wer umzieht, meldet sich um."], "Der Pass ist kostenlos.", []),
    ],
)
def test_lists_and_the_line_behind_belong_to_the_grant(lines: list[str], said: str, expected: list[int]) -> None:
    found = texts(worded(said, "de", beside("\n".join(f"- {one}" for one in lines))))

    assert found == [lines[at] for at in expected]


def test_a_heading_that_restricts_is_quoted_in_front_of_its_line() -> None:
    source = beside("## Kinder unter 6 Jahren\nDer Eintritt ist frei.")

    (found,) = attached(worded("Der Eintritt ist frei.", "de", source))

    assert found.text == "Kinder unter 6 Jahren: Der Eintritt ist frei."
    assert Verify()(found.quoted) == ()
    assert attached(worded("Für Kinder unter 6 Jahren ist der Eintritt frei.", "de", source)) == ()


def test_a_heading_that_asks_restricts_nothing() -> None:
    assert attached(worded("Die Einfahrt ist frei.", "de", beside("## Wer fahren darf\nDie Einfahrt ist frei."))) == ()


FACTS = ServiceFacts(conditions=("Sie wohnen in Neckarfurt.", "Ihr Einkommen liegt unter der Grenze."))
SERVICE = page("wohngeld", "Wohngeld hilft bei der Miete.", title="Wohngeld beantragen", facts=FACTS)


@pytest.mark.parametrize("said", ["Sie können Wohngeld bekommen.", "Sie haben Anspruch auf Wohngeld."])
def test_a_service_granted_as_such_is_told_with_its_conditions(said: str) -> None:
    source = evidence(SERVICE, 1)

    found = attached(worded(said, "de", source))

    assert [one.text for one in found] == list(FACTS.conditions)
    assert all(Verify()(one.quoted) == () for one in found)
    assert {one.evidence.passage for one in found} == {evidence(SERVICE, 0).passage}
    assert states(worded("Sie müssen in Neckarfurt wohnen.", "de", source), found[0])
    assert not states(worded("Sie müssen in Neckarfurt wohnen.", "de", source), found[1])


@pytest.mark.parametrize(
    "said",
    [
        "Sie können Wohngeld online beantragen.",
        "Sie können mit Karte zahlen.",
        "Der Antrag auf Wohngeld ist kostenlos.",
        "Sie können Wohngeld bekommen, wenn Sie in Neckarfurt wohnen.",
        "Wohngeld hilft bei der Miete.",
    ],
)
def test_details_of_a_service_are_told_without_its_conditions(said: str) -> None:
    assert attached(worded(said, "de", evidence(SERVICE, 1))) == ()


def test_each_passage_is_asked_for_its_own_condition() -> None:
    other = evidence(page("bad", "Das Bad ist kostenlos, wenn Sie den Pass zeigen.", title="Bad"))
    said = worded("Sozialpass und Bad sind kostenlos.", "de", SOURCES["de"], other)

    assert {one.evidence.document.id for one in attached(said)} == {"pass-de", "bad"}


def test_what_another_page_says_does_not_state_the_condition() -> None:
    other = evidence(page("bad", "Sie müssen Bürgergeld beziehen.", title="Bad"))

    assert not states(worded("Dafür müssen Sie Bürgergeld beziehen.", "de", other), condition("de", 0))


def test_a_sentence_in_another_language_must_cite_the_passage_itself() -> None:
    elsewhere = evidence(page("pass-de", "Sie müssen Bürgergeld beziehen.\n\n## Mehr\nText.", title="Pass"), 1)

    assert not states(worded("You must receive citizen's benefit.", "en", elsewhere), condition("de", 0))


def test_every_condition_of_the_samples_can_be_quoted_word_for_word() -> None:
    held = 0
    for layer in layers.LAYERS:
        for document in layers.documents(layer):
            for passage in entry(document).passages:
                one = Evidence(passage, document, layer, 1)
                for text in sentences(passage.text):
                    # Half of a sentence has lost what stood behind it.
                    half = " ".join(text.split()[: len(text.split()) // 2])
                    found = (
                        *attached(worded(text, document.language, one)),
                        *attached(worded(half, document.language, one)),
                    )
                    held += len(found)
                    assert all(Verify()(condition.quoted) == () for condition in found)
    assert held > 100
