"""The real service and a real browser, for the tests of the page and for its pictures."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, Locator, Request, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BIN = Path(sys.executable).parent
_PATIENCE_SECONDS = 60

# Runs before the page: what its policy forbids, what moves and what its live regions say is kept for the test.
_WITNESS = """
window.violations = [];
window.announced = [];
window.shifts = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI}`));
new PerformanceObserver((list) => { for (const shift of list.getEntries()) shifts.push(shift.value); })
  .observe({ type: "layout-shift", buffered: true });
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) {
  const root = attach.call(this, init);
  const live = "[role=status], [role=alert], [aria-live]:not([aria-live=off])";
  new MutationObserver((changes) => {
    const elements = changes.map(({ target }) => (target instanceof Element ? target : target.parentElement));
    const regions = elements.map((element) => element?.closest(live));
    for (const region of new Set(regions)) if (region?.textContent) announced.push(region.textContent);
  }).observe(root, { childList: true, characterData: true, subtree: true });
  return root;
};
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """`amtslotse demo` as a process of its own."""

    def __init__(self, data_dir: Path, port: int | None = None) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {"AMTSLOTSE_DATA_DIR": str(data_dir)}
        self._log = data_dir.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Service":
        """Returns when the service says that it can answer."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [BIN / "amtslotse", "demo", "--port", str(self.port)],
                env=self._environment,
                cwd=self.data_dir.parent,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if httpx.get(f"{self.address}/readyz").is_success:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"The service did not become ready:\n{self._log.read_text()}")

    def stop(self) -> None:
        """Ends the process, kindly first."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def run(self, *arguments: str) -> str:
        """What an administrator types while the service runs."""
        done = subprocess.run(
            [BIN / "amtslotse", *arguments],
            env=self._environment,
            cwd=self.data_dir.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, headless=True)
        yield browser
        browser.close()


class Visit:
    """One person's visit to a page with the widget, and what their browser noticed meanwhile.

    `ready` is what is waited for; further wishes are Playwright's own for a context.
    """

    def __init__(
        self,
        browser: Browser,
        address: str,
        *,
        language: str = "de",
        size: tuple[int, int] = (1100, 900),
        dark: bool = False,
        ready: str = ".frame:not([hidden])",
        **more: Any,
    ) -> None:
        self.address = address
        self.requests: list[Request] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.context = browser.new_context(
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            # What scrolls arrives at once, so that nothing is measured on the way.
            reduced_motion="reduce",
            **more,
        )
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(_WITNESS)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.errors.append(said.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.question = self.page.locator("#question")
        self.log = self.page.locator(".log")
        self.messages = self.page.locator(".log article")
        self.answers = self.page.locator(".log article.assistant")
        self.status = self.page.get_by_role("status")
        self.page.goto(address)
        self.page.locator(ready).first.wait_for()

    def ask(self, text: str) -> Locator:
        """Types a question, sends it with Enter, and returns the whole answer."""
        self.question.fill(text)
        self.question.press("Enter")
        return self.answer()

    def answer(self) -> Locator:
        """The newest answer, once nothing is under way any more."""
        self.page.locator(".stop").wait_for(state="hidden")
        return self.answers.last

    def choose(self, language: str) -> None:
        """Switches the language in the settings."""
        if self.page.locator("#settings").is_hidden():
            self.page.locator(".opener").click()
        self.page.locator("#language").select_option(language)
        self.page.locator(f".frame[lang={language}]").wait_for()

    def erase(self) -> None:
        """Erases the conversation in the settings."""
        if self.page.locator("#settings").is_hidden():
            self.page.locator(".opener").click()
        self.page.locator(".erase").click()

    def unfold(self) -> None:
        """Opens everything that can be opened; from the end, for what is open is counted no more."""
        for summary in reversed(self.log.locator("details:not([open]) > summary").all()):
            summary.click()

    def value(self, expression: str) -> Any:
        """What an expression is worth inside the page."""
        return self.page.evaluate(expression)

    def strangers(self) -> list[str]:
        """Requests that left for anywhere but the service."""
        own = urlsplit(self.address).netloc
        return [request.url for request in self.requests if urlsplit(request.url).netloc != own]

    def close(self) -> None:
        """Ends the visit."""
        self.context.close()
