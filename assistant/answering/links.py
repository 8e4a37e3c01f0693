"""Links as tokens, while a model words an answer: what it does not see it cannot misspell."""

import re

from assistant.answering.contacts import URL

_TOKEN = re.compile(r"\bLINK(\d+)\b")


class Links:
    """The links of one prompt, numbered in the order in which they were hidden."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def hidden(self, text: str) -> str:
        """The text with a token such as `LINK1` in the place of each link, the same for the same link."""
        return URL.sub(lambda match: self._token(match.group()), text)

    def shown(self, text: str) -> str | None:
        """The text with the links themselves; None where a token stands for none."""
        if any(not 1 <= int(number) <= len(self._found) for number in _TOKEN.findall(text)):
            return None
        return _TOKEN.sub(lambda match: self._found[int(match[1]) - 1], text)

    def _token(self, link: str) -> str:
        if link not in self._found:
            self._found.append(link)
        return f"LINK{self._found.index(link) + 1}"
