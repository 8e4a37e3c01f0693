"""The line for a town's page, with the hash of the script that the service really sends."""

import base64
import hashlib

import pytest

SERVER = "https://chat.example"


def test_the_line_pins_the_script_that_the_service_sends(town_cli, town):
    line = town_cli("widget", "neckarfurt", "--server", SERVER).out
    sent = base64.b64encode(hashlib.sha384(town.get("/widget.js").content).digest()).decode()
    assert line == (
        f'<script src="https://chat.example/widget.js" data-municipality="neckarfurt" '
        f'integrity="sha384-{sent}" crossorigin defer></script>\n'
    )


def test_a_program_gets_its_parts(town_cli):
    parts = town_cli("widget", "neckarfurt", "--server", f"{SERVER}/", "--json").json
    assert parts.keys() == {"src", "integrity", "html"}
    assert parts["src"] == "https://chat.example/widget.js"
    assert all(f'"{parts[name]}"' in parts["html"] for name in ("src", "integrity"))


def test_a_town_that_is_not_there_is_named(town_cli):
    assert "nirgends" in town_cli("widget", "nirgends", "--server", SERVER).refusal


def test_who_does_not_say_where_the_service_is_has_called_it_wrongly(town_cli):
    ran = town_cli("widget", "neckarfurt")
    assert (ran.code, ran.out) == (2, "")
    assert "--server" in ran.err


@pytest.mark.parametrize("server", ["chat.example", 'https://chat.example"><script>', ""])
def test_an_address_that_a_page_cannot_load_from_is_refused(town_cli, server):
    ran = town_cli("widget", "neckarfurt", "--server", server)
    assert ran.code != 0
    assert ran.out == ""
