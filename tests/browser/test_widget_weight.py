"""The script as it is sent: small, kept by browsers, and for pages everywhere."""

import gzip

import httpx
import pytest

from assistant.web.bundle import bundle, integrity
from tests.browser.stage import Service

pytestmark = pytest.mark.browser

MOST_BYTES = 30_000
ORIGIN = "https://www.neckarfurt.example"


@pytest.fixture(scope="module")
def sent(service: Service) -> tuple[httpx.Response, bytes]:
    """What a browser on a town's page gets, and its bytes as they came over the line."""
    headers = {"Accept-Encoding": "gzip, deflate, br", "Origin": ORIGIN}
    with httpx.stream("GET", f"{service.address}/widget.js", headers=headers) as response:
        pressed = b"".join(response.iter_raw())
    return response, pressed


def test_the_widget_weighs_30_kilobytes_at_most(sent: tuple[httpx.Response, bytes]) -> None:
    response, pressed = sent
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) == len(pressed) <= MOST_BYTES
    assert len(pressed) > 5_000


def test_what_is_sent_is_what_the_printed_hash_is_of(sent: tuple[httpx.Response, bytes], service: Service) -> None:
    _, pressed = sent
    assert gzip.decompress(pressed).decode() == bundle()
    printed = service.run("widget", "neckarfurt", "--server", service.address)
    assert f'integrity="{integrity(gzip.decompress(pressed).decode())}"' in printed


def test_pages_everywhere_may_load_it_and_a_browser_runs_it(sent: tuple[httpx.Response, bytes]) -> None:
    headers = sent[0].headers
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


def test_who_has_it_already_gets_nothing_more(sent: tuple[httpx.Response, bytes], service: Service) -> None:
    kept = sent[0].headers
    assert kept["cache-control"] == "no-cache"
    headers = {"If-None-Match": kept["etag"], "Origin": ORIGIN}
    again = httpx.get(f"{service.address}/widget.js", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == kept["etag"]
    assert again.headers["access-control-allow-origin"] == "*"
    other = httpx.get(f"{service.address}/widget.js", headers={"If-None-Match": '"of another version"'})
    assert other.status_code == 200


def test_who_cannot_unpack_it_gets_it_as_it_is(service: Service) -> None:
    plain = httpx.get(f"{service.address}/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == bundle()
    assert "accept-encoding" in plain.headers["vary"].lower()
