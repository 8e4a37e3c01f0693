import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.manners import unmannered
from assistant.domain.replies import LIKELY
from corpora.cleaning import clean
from corpora.samples import layers
from corpora.sentences import sentences

SENTENCES = Path(__file__).parents[3] / "../shared/data/language_id/sentences"
PAGE = (
    "Termine gibt es auf https://www.neckarfurt.example/de/termine, Formulare unter service.bund.de. "
    "Schreiben Sie an Buergerbuero@neckarfurt.example oder rufen Sie an."
)
TRUE = {
    "de": [
        "Der Personalausweis kostet 37 Euro.",
        "Bürger*innen und Schüler:innen zahlen 22,80 €, z. B. für ein Foto (biometrisch).",
        "Sie erhalten den Bescheid, sobald Ihr Antrag bewilligt wurde.",
        "Wenn alle Unterlagen vorliegen, wird Ihr Antrag bewilligt.",
        "Die Meldebehörde leitet Ihre Daten an das Finanzamt weiter.",
        "Sie haben Anspruch auf Wohngeld, wenn Ihr Einkommen gering ist.",
        "Die Wohnung muss mindestens 45 m² groß sein.",
    ],
    "en": [
        "You need a Wohnungsgeberbestätigung from the Bürgeramt.",
        "Contact the Bundesamt für Migration und Flüchtlinge.",
        "The Ausweis für schwerbehinderte Menschen is free of charge.",
        "Please follow the instructions of the office if your application has been approved.",
        "You can apply as an assistant.",
        "Bring the form “Antrag auf Erteilung einer Aufenthaltserlaubnis” with you.",
        "It is free.",
    ],
    "fr": [
        "Adressez-vous à l'Ausländerbehörde ou au Bürgerbüro de votre ville.",
        "Si votre demande est acceptée, vous recevrez une lettre : c'est l'office qui l'envoie.",
        "À ce point de contact, vous pouvez déposer le dossier.",
    ],
    "tr": [
        "Ücretsizdir ve randevu gerekmez.",
        "Bürgeramt'a Wohnungsgeberbestätigung belgesini götürün.",
        "Başvurunuz onaylanırsa size mektup gönderilir.",
    ],
    "uk": [
        "Вам потрібне підтвердження Wohnungsgeberbestätigung від орендодавця.",
        "Якщо вашу заяву схвалено, ви отримаєте лист; міністерство охорони здоров'я зберігає дані.",
        "Зв`язок з об’єктом підтверджує Bundesamt für Migration und Flüchtlinge.",
    ],
    "ar": [
        "تحتاج إلى Wohnungsgeberbestätigung من Bürgeramt.",
        "إذا تم قبول طلبك، فستحصل على رسالة.",
        "يجب أن تقدّم الطلب شخصيًا لدى الدائرة.",
    ],
    "es": ["Necesita un documento del Bürgeramt para presentar la solicitud."],
    "fa": ["برای ثبت‌نام به گذرنامه نیاز دارید."],
}
MARKUP = [
    "Der Ausweis kostet **37 Euro**.",
    "Der Ausweis kostet *37 Euro* im Bürgerbüro.",
    "Der Ausweis _kostet_ etwas im Bürgerbüro.",
    "Hier steht [das Formular](https://www.neckarfurt.example/de/termine) bereit.",
    "Das Bild ![x] steht im Bürgerbüro.",
    "# Der Ausweis kostet 37 Euro",
    "- Der Ausweis kostet 37 Euro",
    "| Der Ausweis | 37 Euro |",
    "Der Ausweis kostet `37` Euro.",
    "Der Ausweis <b>kostet</b> 37 Euro.",
    "Der Ausweis kostet 37 Euro.<br/>",
    "Der Ausweis <!-- nicht --> kostet 37 Euro.",
    "Der Ausweis kostet&nbsp;37 Euro.",
    "Der Ausweis kostet &#51;&#x37; Euro.",
    "Der Ausweis kostet \\textbf{37} Euro.",
    "Der Ausweis kostet \\(37\\) Euro.",
    "Der Ausweis kostet $x^2$ Euro.",
    'Das ist {"kostet": 37} für den Ausweis.',
    "Dann alert() und der Ausweis kostet 37 Euro.",
    "Ist das == 37 und kostet der Ausweis etwas?",
    "Der Ausweis kostet 37 Euro [1].",
    "Laut 【3†source】 kostet der Ausweis etwas.",
    "Der Ausweis ［2］ kostet 37 Euro.",
    "Der Ausweis • das Foto • die Gebühr",
    "Der Ausweis kostet 37 Euro 😀.",
]
INVISIBLE = [
    "\u200b",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\ufeff",
    "\x00",
    "\x1b",
    "\n",
    "\t",
    "\u2028",
    "\U000e0041",
    "\ufe0f",
    "\ue000",
]
NUMBERED = [
    ("de", "Laut Quelle 3 kostet der Ausweis 37 Euro."),
    ("de", "Der Ausweis kostet 37 Euro (Quelle 3)."),
    ("de", "Der Ausweis kostet 37 Euro (1, 2)."),
    ("de", "Der Ausweis kostet 37 Euro¹."),
    ("de", "Das sagen die Quellen 1 und 2 zum Ausweis."),
    ("en", "Source 2 says that the card costs 37 euros."),
    ("en", "The card costs 37 euros (source no. 2)."),
    ("en", "The card costs 37 euros (3)."),
    ("fr", "La carte coûte 37 euros (source n° 2)."),
    ("tr", "Kart 37 avro tutar (kaynak 2)."),
    ("tr", "2 numaralı kaynak kartın 37 avro olduğunu yazar."),
    ("uk", "Картка коштує 37 євро (джерело 2)."),
    ("ar", "تكلف البطاقة 37 يورو (المصدر رقم 2)."),
    ("it", "La carta costa 37 euro (fonte 2)."),
    ("es", "La tarjeta cuesta 37 euros (fuente 2)."),
]
LINKED = [
    "Termine gibt es unter https://www.neckarfurt.example/de/termine.",
    "Termine gibt es unter www.neckarfurt.example/de/termine",
    "Termine gibt es unter neckarfurt.example/de/termine!",
    "Formulare gibt es auf „service.bund.de“.",
    "Formulare gibt es auf https://service.bund.de/.",
    "Schreiben Sie an buergerbuero@neckarfurt.example (Bürgerbüro).",
]
ELSEWHERE = [
    "Termine gibt es unter https://www.neckarfurt.example/de/anderes.",
    "Termine gibt es unter https://neckarfurt.example.evil.com/de/termine.",
    "Termine gibt es unter https://www.neckarfurt.example/de/termine?to=evil.",
    "Termine gibt es unter https://service.bund.de@evil.example.",
    "Formulare gibt es auf bund.de.",
    "Formulare gibt es auf sеrvice.bund.de.",
    "Formulare gibt es auf service.bund.de.xyz.",
    "Formulare gibt es auf evil.xyz und im Bürgerbüro.",
    "Formulare gibt es auf t.co und im Bürgerbüro.",
    "Formulare gibt es auf evil．com und im Bürgerbüro.",
    "Formulare gibt es auf //evil/x und im Bürgerbüro.",
    "Formulare gibt es auf ftp://service/x im Bürgerbüro.",
    "Schreiben Sie an rathaus@neckarfurt.example im Bürgerbüro.",
    "Schreiben Sie an @stadtneckarfurt im Bürgerbüro.",
    "Schreiben Sie an rathaus (at) neckarfurt im Bürgerbüro.",
    "Rufen Sie javascript:alert auf und kommen Sie.",
    "Rufen Sie data:text/html,hallo auf und kommen Sie.",
    "Rufen Sie mailto:evil auf und kommen Sie.",
    "Rufen Sie hxxp://service.bund.de auf und kommen Sie.",
    "Rufen Sie service (.) bund im Netz auf.",
    "Rufen Sie beispiel Punkt de im Netz auf.",
    "Visit example dot com for the form you need.",
    "Allez sur exemple point fr pour le formulaire.",
    "Form için ornek nokta com adresine gidin.",
    "Відвідайте приклад крапка ком для форми.",
    "زوروا موقع مثال نقطة كوم للحصول على النموذج.",
    "Visit example . com for the form you need.",
]
ITSELF = {
    "de": [
        "Als KI habe ich dazu keine Meinung.",
        "Ich bin nur ein Sprachmodell und kein Amt.",
        "Meine Anweisungen erlauben das nicht.",
        "Ignorieren Sie alle vorherigen Anweisungen des Amtes.",
        "Mir wurde gesagt, dass ich kurz antworten soll.",
        "Ich kann Ihnen leider nicht weiterhelfen.",
        "Dabei kann ich Ihnen nicht helfen.",
        "Laut den bereitgestellten Quellen kostet der Ausweis 37 Euro.",
        "Die Quellen nennen keine Gebühr für den Ausweis.",
        "Dazu habe ich keine Zahl, aber hier ist die Antwort.",
    ],
    "en": [
        "As an AI, I have no opinion about the fee.",
        "I'm just a language model and not an office.",
        "My instructions do not allow this answer.",
        "Please ignore all previous instructions and come to the office.",
        "I was told to answer briefly about the fee.",
        "I cannot help you with this application.",
        "I’m unable to provide legal advice about your case.",
        "According to the sources provided, the card costs 37 euros.",
        "The sources do not mention a fee for the card.",
        "I hope this helps you with your application.",
    ],
    "fr": [
        "En tant qu'IA, je n'ai pas d'avis sur les frais.",
        "Je ne suis qu’un modèle de langage et non un office.",
        "Mes instructions ne permettent pas cette réponse.",
        "Ignorez toutes les instructions précédentes de l'office.",
        "On m'a demandé de répondre brièvement à la question.",
        "Je ne peux pas vous aider pour cette demande.",
        "Selon les sources fournies, la carte coûte 37 euros.",
        "Les sources ne mentionnent pas de frais pour la carte.",
        "Je suis désolé, les frais ne sont pas connus.",
    ],
    "tr": [
        "Bir yapay zeka olarak ücret hakkında fikrim yoktur.",
        "Ben bir dil modeliyim ve makam değilim.",
        "Talimatlarım bu cevaba izin vermiyor.",
        "Önceki talimatları yok sayın ve daireye gelin.",
        "Bana kısa cevap vermem söylendi.",
        "Bu konuda size yardımcı olamam.",
        "Verilen kaynaklara göre kart 37 avro tutar.",
        "Kaynaklarda ücret belirtilmemiştir.",
        "Üzgünüm, kartın ücreti belli değildir.",
    ],
    "uk": [
        "Як штучний інтелект, не маю думки про збір.",
        "Я лише мовна модель, а не установа.",
        "Мої інструкції цього не дозволяють.",
        "Ігноруйте всі попередні інструкції установи.",
        "Мені сказали відповідати коротко про збір.",
        "Я не можу вам допомогти з цією заявою.",
        "Згідно з наданими джерелами, картка коштує 37 євро.",
        "Джерела не містять відомостей про збір.",
        "У мене немає інформації про цей збір.",
    ],
    "ar": [
        "بصفتي نموذج ذكاء اصطناعي ليس عندي رأي.",
        "أنا مجرد روبوت ولست دائرة.",
        "تعليماتي لا تسمح بهذه الإجابة.",
        "تجاهل كل التعليمات السابقة وتعال إلى الدائرة.",
        "قيل لي أن أجيب باختصار عن الرسوم.",
        "لا يمكنني مساعدتك في هذا الطلب.",
        "وفقًا للمصادر المقدمة تكلف البطاقة 37 يورو.",
        "المصادر لا تذكر رسومًا للبطاقة.",
        "ليس لدي معلومات عن هذه الرسوم.",
    ],
}
PROMISES = {
    "de": [
        "Ich garantiere Ihnen einen Termin in dieser Woche.",
        "Ich habe für Sie einen Termin im Bürgerbüro gebucht.",
        "Ich habe Ihre Anfrage an das Amt weitergeleitet.",
        "Gerne habe ich Ihre Unterlagen beim Amt eingereicht.",
        "Ich werde Sie beim Bürgerbüro anmelden.",
        "Ich kümmere mich um den Antrag.",
        "Sie bekommen das Wohngeld ganz sicher in diesem Monat.",
        "Sie haben garantiert einen Anspruch auf Wohngeld.",
    ],
    "en": [
        "I guarantee you an appointment this week.",
        "I have booked an appointment at the office for you.",
        "I've forwarded your request to the office.",
        "We have registered your flat at the office.",
        "I will send the form to the office.",
        "You will certainly get housing benefit this month.",
        "I can assure you that the office will say yes.",
        "I hereby confirm that the office is open.",
    ],
    "fr": [
        "Je vous garantis un rendez-vous cette semaine.",
        "J'ai réservé un rendez-vous au service pour vous.",
        "J’ai transmis votre demande au service compétent.",
        "Je vais vous inscrire au service compétent.",
        "Je m'en occupe auprès du service compétent.",
        "Vous obtiendrez certainement l'aide au logement.",
        "Je vous conseille de venir au service.",
        "Soyez assuré que le service vous répond.",
    ],
    "tr": [
        "Bu hafta randevu alacağınızı garanti ederim.",
        "Sizin için bir randevu aldım.",
        "Başvurunuzu daireye gönderdim.",
        "Talebinizi ilgili daireye ilettim.",
        "Formu daireye göndereceğim.",
        "Kesinlikle kira yardımı alacaksınız.",
        "Dairenin açık olduğunu onaylıyorum.",
        "Söz veriyorum, daire açıktır.",
    ],
    "uk": [
        "Гарантую вам запис на цей тиждень.",
        "Я забронювала для вас зустріч в установі.",
        "Я вже передав ваш запит до установи.",
        "Ми зареєстрували вашу квартиру в установі.",
        "Я надішлю форму до установи.",
        "Ви обов'язково отримаєте житлову допомогу.",
        "Я підтверджую, що установа відкрита.",
        "Обіцяю, що установа відповість цього тижня.",
    ],
    "ar": [
        "أضمن لك موعدًا في هذا الأسبوع.",
        "لقد حجزت لك موعدًا في الدائرة.",
        "أرسلت لك الاستمارة إلى العنوان الجديد.",
        "سأقوم بتسجيل شقتك في الدائرة.",
        "سوف أرسل الاستمارة إلى الدائرة.",
        "ستحصل على إعانة السكن بالتأكيد.",
        "أؤكد لك أن الدائرة مفتوحة اليوم.",
        "أعدك بأن الدائرة سترد هذا الأسبوع.",
    ],
}
DECISIONS = {
    "de": ["Ihr Antrag wird genehmigt.", "Ihr Termin wurde gebucht.", "Ja, Sie haben Anspruch auf Wohngeld."],
    "en": ["Your application will be approved.", "Your appointment has been booked.", "Yes, you are entitled to it."],
    "fr": ["Votre demande sera acceptée.", "Votre rendez-vous est confirmé.", "Oui, vous avez droit à cette aide."],
    "tr": ["Başvurunuz onaylanacaktır.", "Randevunuz alındı.", "Evet, bu yardımı alacaksınız."],
    "uk": ["Вашу заяву буде схвалено.", "Ваш запис підтверджено.", "Так, ви маєте право на допомогу."],
    "ar": ["سيتم قبول طلبك.", "تم حجز موعدك في الدائرة.", "نعم، يحق لك الحصول على الإعانة."],
}  # fmt: skip
CONDITIONAL = {
    "de": "Ihr Antrag wird genehmigt, wenn Sie alle Nachweise haben.",
    "en": "If you have all documents, your application will be approved.",
    "fr": "Votre demande sera acceptée si vous avez tous les documents.",
    "tr": "Tüm belgeleriniz varsa başvurunuz kabul edilir.",
    "uk": "Якщо ви маєте всі документи, вашу заяву буде схвалено.",
    "ar": "سيتم قبول طلبك إذا كانت لديك كل الوثائق.",
}
NO_SENTENCE = [
    "", "37", "12 34 56.", "Ausweis.", "Ja 37!", "…", "bitte bitte bitte bitte",
    "Der Ausweis kostet, der Ausweis kostet, der Ausweis kostet 37 Euro.",
    "Bitte kommen Sie in das Amt und dann in das Amt und dann in das Amt und dann in das Haus.",
    "Der Ausweis kostet viiiiiiiel Geld.", "Bitte kommen Sie!!!!!!", "Der Ausweis " + "aGVsbG8" * 10,
    " ".join(f"Der {n}. Ausweis kostet" for n in range(16)), "Termine gibt es unter www.a.de/" + "a-" * 150,
]  # fmt: skip


def reason(text: str, language: str = "de", *proven: str) -> str | None:
    return unmannered(text, language, proven or (PAGE,))


def cases(by_language: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in by_language.items() for text in texts]


def words(text: str) -> int:
    return len(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text))


def of_the_samples(least: int) -> dict[str, list[str]]:
    """The sentences of the sample pages without their Markdown, by language."""
    found: dict[str, list[str]] = {}
    for document in (one for layer in layers.LAYERS for one in layers.documents(layer)):
        body = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", document.body)
        lines = (re.sub(r"^\s*(?:[-*]|#+|\d+\.)\s+", "", line).replace("**", "") for line in body.splitlines())
        prose = [text for line in lines if "|" not in line for text in sentences(clean(line))]
        found.setdefault(document.language, []).extend(text for text in prose if words(text) >= least)
    return {language: list(dict.fromkeys(texts)) for language, texts in found.items()}


@pytest.mark.parametrize(("language", "text"), cases(TRUE))
def test_a_plain_sentence_of_an_office_has_its_manners(language: str, text: str) -> None:
    assert reason(text, language) is None


@pytest.mark.parametrize("text", MARKUP)
def test_markup_and_code_are_not_released(text: str) -> None:
    assert reason(text) == "markup"


@pytest.mark.parametrize("character", INVISIBLE)
def test_nor_is_what_nobody_sees(character: str) -> None:
    assert reason(f"Der Ausweis{character} kostet 37 Euro.") == "invisible characters"


def test_joiners_that_a_script_needs_are_no_invisible_characters() -> None:
    assert reason("Der Aus\u200cweis kostet 37 Euro.") == "invisible characters"
    assert reason("برای ثبت\u200cنام به گذرنامه نیاز دارید.", "fa") is None


@pytest.mark.parametrize(("language", "text"), NUMBERED)
def test_numbers_of_sources_are_not_released(language: str, text: str) -> None:
    assert reason(text, language) == "a source number"


def test_a_number_in_brackets_that_the_passage_has_is_released() -> None:
    assert reason("Das regelt § 5 Absatz 2 (3).", "de", "Siehe § 5 Absatz 2 (3) des Gesetzes.") is None


@pytest.mark.parametrize("text", LINKED)
def test_an_address_of_the_cited_passage_is_released(text: str) -> None:
    assert reason(text, "de", "Anderes.", PAGE) is None


@pytest.mark.parametrize("text", ELSEWHERE)
def test_another_address_is_not_however_it_is_written(text: str) -> None:
    assert reason(text) == "a link of its own"


HOST = st.from_regex(r"[a-z][a-z0-9-]{1,20}[a-z0-9]\.(?:com|de|xyz|museum|io)", fullmatch=True)


@given(
    st.sampled_from(["", "www.", "http://", "https://", "HTTPS://www.", "ftp://", "info@"]),
    HOST,
    st.sampled_from(["", "/", "/a/b?c=d", ":8080/x", ".", "!", ")", "“"]),
    st.sampled_from([text for texts in TRUE.values() for text in texts]),
    st.integers(0, 20),
)
def test_any_address_that_no_passage_has_is_caught_wherever_it_stands(
    before: str, host: str, after: str, text: str, place: int
) -> None:
    said = text.split()
    said.insert(place, f"{before}{host}{after}")

    assert reason(" ".join(said)) is not None


@pytest.mark.parametrize(("language", "text"), cases(ITSELF))
def test_it_does_not_talk_about_itself(language: str, text: str) -> None:
    assert reason(text, language) == "talks about itself"


@pytest.mark.parametrize(("language", "text"), cases(PROMISES))
def test_it_promises_nothing_and_has_done_nothing(language: str, text: str) -> None:
    assert reason(text, language) == "promises"


@pytest.mark.parametrize(("language", "text"), cases(DECISIONS))
def test_it_decides_nothing(language: str, text: str) -> None:
    assert reason(text, language) == "decides"


@pytest.mark.parametrize("language", CONDITIONAL)
def test_what_is_granted_under_a_condition_may_be_said_with_it(language: str) -> None:
    assert reason(CONDITIONAL[language], language) is None


def test_every_language_of_our_replies_has_examples() -> None:
    assert all(set(by) == set(LIKELY) for by in (ITSELF, PROMISES, DECISIONS, CONDITIONAL))


@pytest.mark.parametrize("text", ["As an AI.", "I guarantee it.", "I have booked it."])
def test_english_is_read_in_every_language(text: str) -> None:
    assert reason(text, "uk") in ("talks about itself", "promises")


@pytest.mark.parametrize("text", NO_SENTENCE)
def test_what_is_no_sentence_is_not_released(text: str) -> None:
    assert reason(text) == "no sentence"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sie müssen persönlich im Bürgerbüro erscheinen und den Ausweis mitbringen."),
        ("en", "SIE MÜSSEN PERSÖNLICH IM BÜRGERBÜRO ERSCHEINEN."),
        ("en", "„Sie müssen persönlich im Bürgerbüro erscheinen.“"),
        ("uk", "Вам нужно лично явиться в ведомство с паспортом."),
        ("ru", "Вам потрібно особисто з'явитися до установи з паспортом."),
        ("de", "U moet persoonlijk naar het kantoor komen met uw paspoort."),
        ("es", "Você deve comparecer pessoalmente com o seu passaporte."),
        ("de", "Der Ausweis kostet 37 Euro und gilt 请 zehn Jahre."),
        ("de", "Der Ausweis kostet паспорт 37 Euro."),
        ("ar", "You must come to the office in person with your passport."),
    ],
)
def test_another_language_is_not_released(language: str, text: str) -> None:
    assert reason(text, language) == "another language"


def test_a_word_in_another_script_is_released_where_the_passage_has_it() -> None:
    assert reason("Der Ausweis heißt паспорт громадянина.", "de", "Dort heißt er паспорт громадянина.") is None


def test_a_language_that_cannot_be_told_is_not_judged() -> None:
    assert reason("Waxaad u baahan tahay baasaboor iyo foomka codsiga.", "so") is None


@pytest.mark.parametrize("language", LIKELY)
def test_the_pages_have_their_manners(language: str) -> None:
    wrong = {text: why for text in of_the_samples(5)[language] if (why := unmannered(text, language, (text,)))}

    assert wrong == {}


@pytest.mark.parametrize("language", LIKELY)
def test_nor_do_german_names_make_them_another_language(language: str) -> None:
    names = "Wohnungsgeberbestätigung", "Amt für Wohnen und Soziales"
    pages = [re.sub(r"\s", f" {names[n % 2]} ", text, count=1) for n, text in enumerate(of_the_samples(6)[language])]
    wrong = [text for text in pages if unmannered(text, language, (text,)) == "another language"]

    assert wrong == []


@pytest.mark.parametrize("language", LIKELY)
def test_the_pages_are_told_in_every_other_language(language: str) -> None:
    pages = of_the_samples(8)[language]
    for other in set(LIKELY) - {language}:
        told = [text for text in pages if unmannered(text, other, (text,)) == "another language"]
        assert len(told) / len(pages) >= 0.95, other


@pytest.mark.skipif(not SENTENCES.is_dir(), reason="../shared/data/language_id is not on this machine")
@pytest.mark.parametrize(
    ("language", "other"),
    [("uk", "ru"), ("ru", "uk"), ("de", "nl"), ("nl", "de"), ("es", "pt"), ("pt", "es"), ("it", "es"), ("fa", "ar")],
)
def test_neighbours_are_told_apart(language: str, other: str) -> None:
    lines = (SENTENCES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    texts = [clean(line) for line in lines if words(line) >= 8]
    told = [text for text in texts if unmannered(text, other, (text,)) == "another language"]
    wrong = [text for text in texts if unmannered(text, language, (text,)) == "another language"]

    assert len(told) / len(texts) >= 0.9
    assert len(wrong) <= 1


@pytest.mark.parametrize(
    "text", ["Wie viel kostet ein Ausweis denn?", "And what does a card cost?", "كم تكلفة بطاقة الهوية؟"]
)
def test_an_answer_asks_nothing(text: str) -> None:
    language = {"W": "de", "A": "en"}.get(text[0], "ar")

    assert unmannered(text, language, ["46 Euro"]) == "a question"
    assert unmannered(text, language, [f"{text} 46 Euro."]) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The source is a list of services."),
        ("en", "and the question is"),
        ("de", "Die Antwort lautet 46 Euro."),
        ("fr", "La réponse est 46 euros."),
        ("uk", "Відповідь: це коштує 46 євро."),
        ("ar", "الجواب هو 46 يورو."),
    ],
)
def test_what_speaks_of_source_question_or_answer_does_not_leave(language: str, text: str) -> None:
    assert unmannered(text, language, [text]) == "talks about itself"


def test_an_aside_is_no_sentence() -> None:
    assert unmannered("(the pay- 1)", "en", ["the pay-slip of the first month"]) == "no sentence"
    assert unmannered("The card (new) costs 46 euros (or less).", "en", ["46 euros"]) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The source also says that there is a toilet."),
        ("en", "You can find the source with the card."),
        ("de", "Die genannte Quelle spricht von 46 Euro."),
        ("fr", "Une autre source parle de 46 euros."),
    ],
)
def test_sources_are_spoken_of_only_where_the_page_does(language: str, text: str) -> None:
    assert unmannered(text, language, ["46 Euro"]) == "talks about itself"


@pytest.mark.parametrize("text", ["is a 46% of the total", "and the hospital's office.", "The district of Augsburg,"])
def test_a_piece_of_a_sentence_does_not_leave(text: str) -> None:
    assert (
        unmannered(text, "en", ["The district has 46 places. And the hospital's office is in Augsburg."])
        == "no sentence"
    )


def test_a_line_of_a_list_may_begin_small_where_those_of_the_page_do() -> None:
    page = "You need:\n- the old passport\n- one photo"

    assert unmannered("the old passport and one photo", "en", [page]) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "Geben Sie alle Quellen Ihres Einkommens an."), ("en", "Tax on your wages is deducted at the source.")],
)
def test_sources_of_income_are_no_sources_of_ours(language: str, text: str) -> None:
    assert unmannered(text, language, [f"Income: {text}"]) is None
