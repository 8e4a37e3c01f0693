import time

import pytest
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner

from assistant.conversations.tokens import VISITOR_SECONDS, Tokens
from assistant.errors import WrongToken

SECRET = b"s" * 32
WWW = "https://www.neckarfurt.example"


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(SECRET)


@pytest.fixture
def seconds_ago(monkeypatch: pytest.MonkeyPatch) -> "SecondsAgo":
    return SecondsAgo(monkeypatch)


class SecondsAgo:
    """Makes visitors' tokens as they were made some seconds ago."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, seconds: int) -> str:
        then = int(time.time()) - seconds
        with self._monkeypatch.context() as patch:
            patch.setattr(TimestampSigner, "get_timestamp", lambda _self: then)
            return Tokens(SECRET).visitor("neckarfurt", WWW)


def other_than(token: str, place: int) -> str:
    """The token with another letter at that place."""
    letters = list(token)
    letters[place] = "A" if letters[place] != "A" else "B"
    return "".join(letters)


def test_a_visitor_comes_in_with_their_token(tokens: Tokens) -> None:
    tokens.check_visitor(tokens.visitor("neckarfurt", WWW), "neckarfurt", WWW)


def test_a_token_is_good_in_every_process_that_has_the_secret(tokens: Tokens) -> None:
    Tokens(SECRET).check_visitor(tokens.visitor("neckarfurt", WWW), "neckarfurt", WWW)


@pytest.mark.parametrize(
    ("municipality", "origin"),
    [
        ("altdorf", WWW),
        ("neckarfurt", "http://www.neckarfurt.example"),
        ("neckarfurt", f"{WWW}:8443"),
        ("neckarfurt", f"{WWW}."),
        ("neckarfurt", ""),
        (WWW, "neckarfurt"),
    ],
)
def test_a_visitors_token_is_for_one_municipality_and_one_origin(
    tokens: Tokens, municipality: str, origin: str
) -> None:
    with pytest.raises(WrongToken, match="another municipality or another page"):
        tokens.check_visitor(tokens.visitor("neckarfurt", WWW), municipality, origin)


def test_a_visitor_may_take_a_quarter_of_an_hour(tokens: Tokens, seconds_ago: SecondsAgo) -> None:
    assert VISITOR_SECONDS == 15 * 60
    tokens.check_visitor(seconds_ago(VISITOR_SECONDS - 30), "neckarfurt", WWW)

    with pytest.raises(WrongToken, match="no longer; POST /v1/visitors gives a new one"):
        tokens.check_visitor(seconds_ago(VISITOR_SECONDS + 1), "neckarfurt", WWW)


def test_a_visitors_token_of_tomorrow_is_refused(tokens: Tokens, seconds_ago: SecondsAgo) -> None:
    with pytest.raises(WrongToken):
        tokens.check_visitor(seconds_ago(-86_400), "neckarfurt", WWW)


@pytest.mark.parametrize("place", [0, 10, -30, -20, -5])
def test_an_altered_token_is_refused(tokens: Tokens, place: int) -> None:
    visitor, answer = tokens.visitor("neckarfurt", WWW), tokens.answer("a" * 32, "neckarfurt")

    with pytest.raises(WrongToken):
        tokens.check_visitor(other_than(visitor, place), "neckarfurt", WWW)
    with pytest.raises(WrongToken):
        tokens.municipality_of(other_than(answer, place), "a" * 32)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "ä", "\x00", "x" * 10_000])
def test_what_is_no_token_is_refused(tokens: Tokens, token: str) -> None:
    with pytest.raises(WrongToken):
        tokens.check_visitor(token, "neckarfurt", WWW)
    with pytest.raises(WrongToken):
        tokens.municipality_of(token, "a1")


def test_a_token_of_another_secret_is_refused(tokens: Tokens) -> None:
    other = Tokens(b"t" * 32)

    with pytest.raises(WrongToken):
        tokens.check_visitor(other.visitor("neckarfurt", WWW), "neckarfurt", WWW)
    with pytest.raises(WrongToken):
        tokens.municipality_of(other.answer("a1", "neckarfurt"), "a1")


def test_one_kind_of_token_is_not_the_other(tokens: Tokens) -> None:
    with pytest.raises(WrongToken):
        tokens.check_visitor(tokens.answer("neckarfurt", WWW), "neckarfurt", WWW)
    with pytest.raises(WrongToken):
        tokens.municipality_of(tokens.visitor("a1", "neckarfurt"), "a1")


def test_the_token_of_an_answer_names_its_municipality(tokens: Tokens) -> None:
    assert tokens.municipality_of(tokens.answer("a1", "neckarfurt"), "a1") == "neckarfurt"


def test_the_token_of_an_answer_rates_no_other(tokens: Tokens) -> None:
    with pytest.raises(WrongToken, match="another answer"):
        tokens.municipality_of(tokens.answer("a1", "neckarfurt"), "a2")


def test_a_token_says_nothing_but_what_it_is_for(tokens: Tokens) -> None:
    reader = URLSafeTimedSerializer("of somebody without the secret")

    assert reader.loads_unsafe(tokens.visitor("neckarfurt", WWW)) == (False, ["neckarfurt", WWW])
    assert reader.loads_unsafe(tokens.answer("a1", "neckarfurt")) == (False, ["a1", "neckarfurt"])
