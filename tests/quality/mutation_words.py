"""Words of six languages that sentences are changed with."""

from collections.abc import Mapping, Sequence

WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "number": {
        "de": ("zwei", "drei", "vier", "fünf", "sechs"), "en": ("two", "three", "four", "five", "six"),
        "fr": ("deux", "trois", "quatre", "cinq", "six"), "tr": ("iki", "üç", "dört", "beş", "altı"),
        "uk": ("два", "три", "чотири", "п’ять", "шість"), "ar": ("اثنين", "ثلاثة", "أربعة", "خمسة", "ستة"),
    },
    "unit": {
        "de": ("Euro", "Prozent", "Jahre", "Monate", "Wochen", "Tage", "Stunden", "Minuten"),
        "en": ("euros", "percent", "years", "months", "weeks", "days", "hours", "minutes"),
        "fr": ("euros", "pour cent", "ans", "mois", "semaines", "jours", "minutes"),
        "tr": ("Euro", "yıl", "ay", "hafta", "gün", "dakika"),
        "uk": ("євро", "років", "місяців", "тижнів", "днів", "хвилин"),
        "ar": ("يورو", "سنوات", "أشهر", "أسابيع", "أيام", "دقيقة"),
    },
    "month": {
        "de": ("Januar", "März", "Juni", "August", "Oktober", "Dezember"),
        "en": ("January", "March", "June", "August", "October", "December"),
        "fr": ("janvier", "mars", "juin", "août", "octobre", "décembre"),
        "tr": ("Ocak", "Mart", "Haziran", "Ağustos", "Ekim", "Aralık"),
        "uk": ("січня", "березня", "червня", "серпня", "жовтня", "грудня"),
        "ar": ("يناير", "مارس", "يونيو", "أغسطس", "أكتوبر", "ديسمبر"),
    },
    "office": {
        "de": ("Standesamt", "Finanzamt", "Bauamt", "Landratsamt", "Ausländerbehörde", "Amtsgericht", "Familienkasse"),
        "en": ("Tax Office", "Registry Office", "District Court", "Building Authority"),
        "fr": ("service des impôts", "bureau des étrangers", "tribunal de district"),
        "tr": ("Vergi Dairesi", "Yabancılar Dairesi", "Nüfus Müdürlüğü"),
        "uk": ("Відомство реєстрації", "Бюро статистики", "Управління будівництва"),
        "ar": ("مكتب الضرائب", "دائرة الأجانب", "محكمة المدينة"),
    },
    "said": {
        "de": ("Bitte beachten Sie: {}", "Außerdem gilt: {}", "Kurz gesagt: {}"),
        "en": ("Please note: {}", "In addition: {}", "In short, {}"),
        "fr": ("Veuillez noter : {}", "De plus : {}", "En bref, {}"),
        "tr": ("Lütfen dikkat edin: {}", "Ayrıca: {}", "Kısacası, {}"),
        "uk": ("Зверніть увагу: {}", "Крім того, {}", "Коротко: {}"),
        "ar": ("يرجى الانتباه: {}", "بالإضافة إلى ذلك، {}", "باختصار: {}"),
    },
}  # fmt: skip
_GERMAN = r"|\b[A-ZÄÖÜ][a-zäöüß-]+(?:amt|büro|behörde)\b"
# What stands for an office in each language, for finding one to replace.
OFFICE = {
    "de": r"\b[A-ZÄÖÜ][a-zäöüß-]+(?:amt|büro|behörde|kasse|gericht|stelle)\b",
    "en": r"\b(?:[A-Z][a-z]+(?:['’]s?)? )+(?:Office|Authority|Court|Agency)\b" + _GERMAN,
    "fr": r"\b(?:[Bb]ureau|[Ss]ervice|[Oo]ffice) (?:de l[’']|d[’']|des |du |de la |de )[\wé’'-]+" + _GERMAN,
    "tr": r"\b[A-ZÇĞİÖŞÜ]\w+ (?:Bürosu|Dairesi|Müdürlüğü|Kurumu|Merkezi)\w*" + _GERMAN,
    "uk": r"\b(?:Бюро|Відомство|Управління|Служба) \w+" + _GERMAN,
    "ar": r"(?:مكتب|دائرة|محكمة|هيئة) \w+" + _GERMAN,
}
TURNS: Mapping[str, Sequence[tuple[str, str]]] = {
    "de": (
        (r"\bmüssen\b", "müssen nicht"), (r"\bmuss\b", "muss nicht"), (r"\bkann\b", "kann nicht"),
        (r"\bkönnen\b", "können nicht"), (r"\b(?:kostenlos|gebührenfrei)\b", "kostenpflichtig"), (r"\bnicht ", ""),
        (r"\bkeinen? ", "ein "), (r"\bnur ", ""), (r"\bist möglich\b", "ist unmöglich"), (r"\bist\b", "ist nicht"),
        (r"\bbrauchen\b", "brauchen nicht"), (r"\bdürfen\b", "dürfen nicht"), (r"\bmüssen\b", "können"),
        (r"\bmindestens\b", "höchstens"), (r"\bspätestens\b", "frühestens"),
    ),
    "en": (
        (r"\bmust\b(?! not)", "need not"), (r"\bcan\b(?! not)", "cannot"), (r"\bfree of charge\b", "subject to a fee"),
        (r"\b(?:do|does) not have to\b", "must"), (r" not\b", ""), (r"\bonly ", ""), (r"\bis (?!not)", "is not "),
        (r"\bare (?!not)", "are not "), (r"\bis possible\b", "is impossible"), (r"\bmay\b", "may not"),
        (r"\bneed\b(?! not)", "do not need"), (r"\bat least\b", "at most"), (r"\bmust\b", "can"),
    ),
    "fr": (
        (r"\bdevez\b", "ne devez pas"), (r"\bdoit\b", "ne doit pas"), (r"\bpouvez\b", "ne pouvez pas"),
        (r"\bpeut\b", "ne peut pas"), (r"\bgratuite?\b", "payant"), (r"\buniquement ", ""), (r"\best\b", "n’est pas"),
    ),
    "tr": (
        (r"zorundadır\b", "zorunda değildir"), (r"\bgerekir\b", "gerekmez"), (r"\bücretsizdir\b", "ücretlidir"),
        (r"bilirsiniz\b", "mezsiniz"), (r"\bmümkündür\b", "mümkün değildir"), (r"\byalnızca ", ""),
    ),
    "uk": (
        (r"\bповин(ен|ні|на)\b", r"не повин\1"), (r"\bможна\b", "не можна"), (r"\bможете\b", "не можете"),
        (r"\bбезкоштовн\w+", "платна"), (r"\bпотрібно\b", "не потрібно"), (r"\b(?:лише|тільки) ", ""), (r"\bне ", ""),
    ),
    "ar": (
        (r"\bيجب\b", "لا يجب"), (r"\bيمكن\b", "لا يمكن"), (r"\bيمكنكم\b", "لا يمكنكم"), (r"\bلا ", ""),
        (r"\bمجان\w+", "برسوم"), (r" فقط\b", ""),
    ),
}  # fmt: skip
PERCENT = {"de": "Prozent", "en": "percent", "fr": "pour cent", "tr": "%", "uk": "відсотків", "ar": "بالمائة"}
