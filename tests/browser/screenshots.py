"""Takes the pictures in docs: `python -m tests.browser.screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.stage import Service, Visit, chromium

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """One picture at a desk, one on a phone."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        service = Service(Path(folder) / "data").start()
        try:
            german = "Wie beantrage ich einen Personalausweis?"
            picture(browser, service, DOCS / "page.png", german, language="de", size=(1100, 900))
            arabic = "كيف أطلب بطاقة هوية؟"
            picture(browser, service, DOCS / "page-phone.png", arabic, language="ar", size=(390, 800))
        finally:
            service.stop()


def picture(
    browser: Browser, service: Service, path: Path, question: str, *, language: str, size: tuple[int, int]
) -> None:
    """The page after one answer, with the question at the top."""
    visit = Visit(browser, service.address, language=language, size=size)
    visit.ask(question)
    visit.log.locator("article.user").evaluate("(article) => article.scrollIntoView({ behavior: 'instant' })")
    visit.page.screenshot(path=path)
    visit.close()


if __name__ == "__main__":
    main()
