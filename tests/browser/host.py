"""A town's own page on another origin, with a policy of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Musterstadt</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>Musterstadt</h1><p><a href="#inhalt">Zum Inhalt</a></p><p id="inhalt">Willkommen.</p>{widget}</body></html>
"""


@contextmanager
def town(widget: str, policy: str = "") -> Iterator[str]:
    """The address of a page whose body ends with `widget`, under a Content-Security-Policy."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            if found:
                self.wfile.write(_PAGE.format(widget=widget).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def script(service: str, municipality: str = "neckarfurt", **attributes: str) -> str:
    """The line that puts the widget on a page."""
    more = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<script src="{service}/widget.js" data-municipality="{municipality}"{more} defer></script>'
