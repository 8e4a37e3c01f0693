"""Takes the pictures in docs: `python -m tests.browser.screenshots`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from corpora.samples import layers
from tests.browser.host import script, town
from tests.browser.stage import Service, Visit, chromium

DOCS = Path(__file__).parents[2] / "docs"
GERMAN = "Wie beantrage ich einen Personalausweis?"
ARABIC = "كيف أطلب بطاقة هوية؟"
PHONE = (390, 800)
# The page of a town, with a look of its own.
_TOWN = """<style>
  body { margin: 0; font: 17px/1.6 Georgia, serif; color: #26333a; }
  h1 { margin: 0; padding: 18px 40px; background: #17495e; color: #fff; font-size: 28px; }
  p, ul { margin: 18px 40px; max-width: 560px; }
</style>
<p>Rathaus, Bürgerbüro und Standesamt sind am Montag, dem 30. November, wegen einer Versammlung geschlossen.</p>
<ul><li>Ausweise und Pässe</li><li>Wohnen und Umziehen</li><li>Familie und Kinder</li><li>Fahrzeuge</li></ul>"""


def main() -> None:
    """All of them, from one service."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        service = Service(Path(folder) / "data").start()
        try:
            on_a_town_s_page(browser, service, Path(folder) / "town.toml")
            with answered(browser, service, ARABIC, language="ar", size=PHONE) as visit:
                visit.page.screenshot(path=DOCS / "page-phone.png")
            with answered(browser, service, GERMAN, size=PHONE, dark=True) as visit:
                visit.page.screenshot(path=DOCS / "widget-dark.png")
                receipt(visit).screenshot(path=DOCS / "widget-receipt.png", full_page=True)
            # 400 % of a window of 1280 by 1024.
            with answered(browser, service, GERMAN, size=(320, 256), device_scale_factor=4) as visit:
                visit.page.screenshot(path=DOCS / "widget-zoom.png")
            without_script(browser, service)
        finally:
            service.stop()


@contextmanager
def answered(browser: Browser, service: Service, question: str, **wishes: object) -> Iterator[Visit]:
    """The full page with one answer."""
    visit = Visit(browser, service.address, **wishes)  # type: ignore[arg-type]
    visit.ask(question)
    visit.question.blur()
    yield visit
    visit.close()


def on_a_town_s_page(browser: Browser, service: Service, file: Path) -> None:
    """The widget in the corner of a page elsewhere, with a quote unfolded."""
    with town(_TOWN + script(service.address)) as address:
        sample = layers.MUNICIPALITY.read_text(encoding="utf-8")
        file.write_text(f'allowed_origins = ["{address}"]\n{sample}', encoding="utf-8")
        service.run("municipality", "add", "neckarfurt", "--file", str(file))
        visit = Visit(browser, address, size=(1180, 820), ready=".launcher")
        visit.value("document.querySelector('h1').textContent = 'Stadt Neckarfurt'")
        visit.page.locator(".launcher").click()
        answer = visit.ask(GERMAN)
        answer.locator(".number").first.click()
        answer.locator(".sentence").last.evaluate("(sentence) => sentence.scrollIntoView()")
        visit.page.screenshot(path=DOCS / "page.png")
        visit.close()


def receipt(visit: Visit) -> Page:
    """What is saved of an answer, opened as a page."""
    with visit.page.expect_download() as saved:
        visit.page.get_by_role("button", name="Speichern").click()
    page = visit.context.new_page()
    page.set_viewport_size({"width": 760, "height": 600})
    page.set_content(saved.value.path().read_text(encoding="utf-8"))
    return page


def without_script(browser: Browser, service: Service) -> None:
    """The full page with one answer, in a browser without JavaScript."""
    visit = Visit(browser, service.address, size=(760, 900), ready="form", java_script_enabled=False)
    visit.page.locator("#plain-question").fill(GERMAN)
    visit.page.locator("button[type=submit]").first.click()
    visit.page.locator("article").wait_for()
    visit.page.screenshot(path=DOCS / "widget-plain.png")
    visit.close()


if __name__ == "__main__":
    main()
