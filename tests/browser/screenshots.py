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
    """The page after one answer: from its top where that fits beside the answer, else from the question."""
    visit = Visit(browser, service.address, language=language, size=size)
    visit.ask(question)
    top = "scrollTo(0, 0)" if size[0] > size[1] else "document.querySelector('article.user').scrollIntoView()"
    visit.value(top)
    visit.page.screenshot(path=path)
    visit.close()


if __name__ == "__main__":
    main()
