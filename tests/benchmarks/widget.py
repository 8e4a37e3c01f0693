"""Our widget beside deep-chat on a slow phone: `python -m tests.benchmarks.widget`; needs Chromium and npm.

Prints one JSON line for each: bytes of the script as sent and of everything that was fetched for it (headers too),
milliseconds from the moment the script is asked for until it can be used (medians, with the fastest and the slowest
run), how much the page around it was shifted, and which other hosts it asked. The last line holds ratios, deep-chat's
to ours in its place on the page, for that is what deep-chat is.

"Can be used": the input stands on the page and is what a finger would hit there; in the corner, the button that opens
it. Every run is a fresh browser context with an empty cache; the runs alternate.
"""

import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, CDPSession, sync_playwright

from tests.browser.host import script, town
from tests.browser.stage import ARGUMENTS, CHROMIUM, Service

RUNS = 5
PEER = "deep-chat@2"
NAME = "messplatz"
# A phone of the middle class in a slow 4G net, as Lighthouse has it.
PROCESSOR = 4
NET = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
PHONE = {"viewport": {"width": 390, "height": 800}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
# Nobody outside is asked: what a widget wants from elsewhere fails at once.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) shifted += one.value; })
  .observe({ type: "layout-shift", buffered: true });
const look = () => {
  const node = document.querySelector("HOST")?.shadowRoot?.querySelector("NODE");
  const box = node?.getBoundingClientRect();
  const hit = box?.width && node.checkVisibility({ visibilityProperty: true }) &&
    node.getRootNode().elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (hit && (hit === node || node.contains(hit))) window.usable = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass
class Contestant:
    """A page with one of the two, where its script is, and what of it must be there."""

    name: str
    page: str
    script: str
    element: str
    node: str
    runs: list[float] = field(default_factory=list)
    fetched: int = 0
    shifted: float = 0.0
    others: set[str] = field(default_factory=set)

    def run(self, browser: Browser) -> None:
        """One visit."""
        context = browser.new_context(locale="de", **PHONE)
        context.add_init_script(_WATCH.replace("HOST", self.element).replace("NODE", self.node))
        page = context.new_page()
        client = context.new_cdp_session(page)
        client.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR})
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", NET)
        sizes = _sizes(client)
        page.on("request", lambda request: self.others.add(urlsplit(request.url).hostname or ""))
        page.goto(self.page)
        page.wait_for_function("window.usable", timeout=60_000)
        asked = "(name) => usable - performance.getEntriesByName(name)[0].startTime"
        self.runs.append(page.evaluate(asked, self.script))
        page.wait_for_timeout(1_000)
        self.shifted = max(self.shifted, page.evaluate("shifted"))
        self.fetched = sum(size for address, size in sizes.values() if not address.startswith(self.page))
        context.close()

    def told(self) -> dict[str, Any]:
        """What there is to say."""
        with httpx.stream("GET", self.script, headers={"Accept-Encoding": "gzip"}) as response:
            sent = len(b"".join(response.iter_raw()))
        return {
            "widget": self.name,
            "script_bytes": sent,
            "fetched_bytes": self.fetched,
            "usable_ms": round(statistics.median(self.runs)),
            "fastest_ms": round(min(self.runs)),
            "slowest_ms": round(max(self.runs)),
            "shifted": round(self.shifted, 4),
            "other_hosts": sorted(self.others - {"127.0.0.1", ""}),
        }


def main() -> None:
    """Measures all in turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service = Service(folder / "data").start()
        stack.callback(service.stop)
        peer = stack.enter_context(_served(_peer(folder)))
        inline = (
            f'<script src="{service.address}/widget.js" defer></script>'
            f'<amtslotse-chat municipality="{NAME}" layout="inline"></amtslotse-chat>'
        )
        theirs = f'<script type="module" src="{peer}"></script><deep-chat demo="true"></deep-chat>'
        pages = [stack.enter_context(town(line)) for line in (inline, script(service.address, NAME), theirs)]
        _let_in(service, folder, pages)
        ours = f"{service.address}/widget.js"
        contestants = [
            Contestant("ours, in its place", pages[0], ours, "amtslotse-chat", "#question"),
            Contestant("ours, in the corner", pages[1], ours, "amtslotse-chat", ".launcher"),
            Contestant(PEER, pages[2], peer, "deep-chat", "#text-input"),
        ]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, ALONE])
        for _ in range(RUNS):
            for one in contestants:
                one.run(browser)
        browser.close()
        lines = [one.told() for one in contestants]
    for line in lines:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    placed, _, other = lines
    ratios = {key: round(other[key] / placed[key], 2) for key in ("script_bytes", "fetched_bytes", "usable_ms")}
    sys.stdout.write(json.dumps({"ratios": ratios}) + "\n")


def _sizes(client: CDPSession) -> dict[str, tuple[str, int]]:
    """Addresses and bytes on the line of what is fetched from now on, by request."""
    sizes: dict[str, tuple[str, int]] = {}
    client.on("Network.responseReceived", lambda told: sizes.update({told["requestId"]: (told["response"]["url"], 0)}))

    def finished(told: dict[str, Any]) -> None:
        address, _ = sizes.get(told["requestId"], ("", 0))
        sizes[told["requestId"]] = (address, int(told["encodedDataLength"]))

    client.on("Network.loadingFinished", finished)
    return sizes


def _let_in(service: Service, folder: Path, origins: list[str]) -> None:
    file = folder / f"{NAME}.toml"
    file.write_text(f'name = "Messplatz"\ncorpora = ["neckarfurt"]\nallowed_origins = {origins}\n', encoding="utf-8")
    service.run("municipality", "add", NAME, "--file", str(file))


def _peer(folder: Path) -> bytes:
    """The bundle that deep-chat is published with."""
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", PEER]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=180)
    return (folder / "node_modules" / "deep-chat" / "dist" / "deepChat.bundle.js").read_bytes()


@contextmanager
def _served(source: bytes) -> Iterator[str]:
    """The address of a script that is sent pressed, as ours is."""
    pressed = gzip.compress(source, 9)

    class Script(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in {
                "Content-Type": "text/javascript; charset=utf-8",
                "Content-Encoding": "gzip",
                "Content-Length": str(len(pressed)),
                "Access-Control-Allow-Origin": "*",
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(pressed)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Script) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/deepChat.bundle.js"
        finally:
            server.shutdown()


if __name__ == "__main__":
    main()
