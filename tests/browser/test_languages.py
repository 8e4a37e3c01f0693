"""The page in each of its languages: nothing is missing, cut off or left in another one."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Visiting
from tests.browser.sight import look
from tests.browser.stage import Service, Visit

pytestmark = pytest.mark.browser

TABLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / "assistant" / "replies").glob("*.toml"))
}
RIGHT_TO_LEFT = ("ar", "fa")
SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "bg": "CYRILLIC", "ru": "CYRILLIC", "uk": "CYRILLIC", "el": "GREEK"}
# Said in several languages alike: names, numbers and single words.
LONG = 24


@pytest.fixture(scope="module")
def shared(browser: Browser, service: Service) -> Iterator[Visit]:
    """One visit for all languages, on a small phone."""
    visiting = Visit(browser, service.address, size=(320, 640))
    yield visiting
    visiting.close()


def profile(service: Service, language: str) -> dict[str, str]:
    """What the service tells a widget to say."""
    answered = httpx.get(f"{service.address}/v1/municipalities/neckarfurt", params={"language": language})
    texts: dict[str, str] = answered.raise_for_status().json()["texts"]
    return texts


@pytest.mark.parametrize("language", TABLES)
def test_the_page_fits_and_speaks_its_language(shared: Visit, service: Service, language: str) -> None:
    page = shared.page
    page.goto(f"{service.address}/m/neckarfurt?language={language}")
    frame = page.locator(".frame:not([hidden])")
    frame.wait_for()
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    for part in (page.locator("html"), frame):
        expect(part).to_have_attribute("lang", language)
        expect(part).to_have_attribute("dir", direction)
    expect(shared.log).to_have_css("direction", direction)
    texts = profile(service, language)
    expect(page).to_have_title(texts["title"])
    page.locator(".opener").click()
    shared.page.locator("form .row button").last.click()
    assert look(shared, "cut") + look(shared, "small") == []
    shown = look(shared, "texts")
    assert [text for text in shown if "{" in text or "}" in text] == []
    expected = ("title", "ai", "settings", "language", "plain", "at_once", "smaller", "larger", "erase", "privacy",
                "accessibility", "intro", "ai_long", "suggestions", "label", "send", "person", "assistant")  # fmt: skip
    assert [key for key in expected if texts[key] not in shown] == []
    assert page.locator("#language").evaluate("(list) => list.selectedOptions[0].value") == language


def test_the_accessibility_statement_fits_in_every_language(shared: Visit, service: Service) -> None:
    for language, tables in TABLES.items():
        shared.page.goto(f"{service.address}/m/neckarfurt/accessibility?language={language}")
        expect(shared.page.locator("html")).to_have_attribute("lang", language)
        assert look(shared, "cut") + look(shared, "small") == []
        said = look(shared, "texts")
        assert tables["accessibility"]["status"] in said
        assert [text for text in said if "{" in text] == []


def test_every_language_says_as_much_as_german(service: Service) -> None:
    german = profile(service, "de")
    assert len(german) > 60
    for language in TABLES:
        texts = profile(service, language)
        assert texts.keys() == german.keys()
        # Only the widget itself knows a number or a date.
        left = {key: re.findall(r"\{(\w+)\}", text) for key, text in texts.items() if "{" in text}
        assert left == {"source": ["number"], "as_of": ["date"], "made": ["date"], "revision": ["revision"]}


def test_no_language_says_a_sentence_of_another() -> None:
    speakers: defaultdict[str, set[str]] = defaultdict(set)
    for language, tables in TABLES.items():
        for name, rows in tables.items():
            for text in rows.values():
                if name not in ("language", "languages", "cues") and len(text) > LONG:
                    speakers[text].add(language)
    assert len(speakers) > len(TABLES) * 40
    assert {text: found for text, found in speakers.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", TABLES)
def test_a_language_is_written_in_its_own_letters(language: str) -> None:
    script = SCRIPTS.get(language, "LATIN")
    texts = {
        f"{name}.{key}": re.sub(r"\{\w+\}", "", text)
        for name, rows in TABLES[language].items()
        if name not in ("cues", "language")
        for key, text in rows.items()
    }
    foreign = {
        key: text
        for key, text in texts.items()
        for letters in [[letter for letter in text if letter.isalpha()]]
        # Names such as WCAG are written as they are everywhere.
        if 2 * sum(unicodedata.name(letter).startswith(script) for letter in letters) <= len(letters)
    }
    assert foreign == {}
    # A letter that only looks like its neighbours is read out as another one.
    words = re.findall(r"[^\W\d_]+", " ".join(texts.values()))
    mixed = [word for word in words if len({unicodedata.name(letter).split()[0] for letter in word}) > 1]
    assert mixed == []


def test_the_language_chosen_last_is_the_one_that_is_spoken(visit: Visiting) -> None:
    visiting = visit()
    visiting.page.locator(".opener").click()
    slow: list[Route] = []
    visiting.page.route("**/v1/municipalities/*?language=ar", lambda route: slow.append(route))
    with visiting.page.expect_request("**/*?language=ar"):
        visiting.page.locator("#language").select_option("ar")
    visiting.page.locator("#language").select_option("fr")
    visiting.page.locator(".frame[lang=fr]").wait_for()
    with visiting.page.expect_response("**/*?language=ar"):
        slow[0].continue_()
    visiting.page.wait_for_timeout(200)
    expect(visiting.page.locator(".frame")).to_have_attribute("lang", "fr")
    expect(visiting.page.locator("#language")).to_have_value("fr")


def test_choosing_another_language_changes_every_text_and_keeps_what_is_being_written(
    visit: Visiting, service: Service
) -> None:
    visiting = visit()
    visiting.question.fill("Entwurf")
    visiting.page.locator(".opener").click()
    own = {language: profile(service, language) for language in ("de", "el", "ar")}
    for language in ("el", "ar", "de"):
        visiting.choose(language)
        shown = set(look(visiting, "texts"))
        others = {text for other in own if other != language for text in own[other].values() if len(text) > LONG}
        assert shown & others == set()
        assert {own[language][key] for key in ("title", "ai", "send", "privacy", "intro")} <= shown
    expect(visiting.question).to_have_value("Entwurf")
