"""Which pages a question's gold documents are."""

from assistant.evaluation.questions import Asked
from assistant.wiring import Wiring

# The language of a gold document that none of the corpora has.
UNKNOWN = "?"

# A corpus and the id of the original, which all parallel versions of a page share.
Page = tuple[str, str]


class Pages:
    """Which page a document id means in some corpora, and in which language it is written."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._known: dict[str, dict[str, tuple[Page, str]]] = {}

    def of(self, asked: Asked) -> set[Page]:
        """The gold pages; what no corpus has can be found by no search and counts as missed."""
        return {page for page, _ in self._gold(asked)} or {(UNKNOWN, document_id) for document_id in asked.gold}

    def language(self, asked: Asked) -> str:
        """The language of the first gold document that is there."""
        return next((language for _, language in self._gold(asked)), UNKNOWN)

    def _gold(self, asked: Asked) -> list[tuple[Page, str]]:
        return [
            found[document_id]
            for document_id in asked.gold
            for found in map(self._documents, asked.corpora)
            if document_id in found
        ]

    def _documents(self, corpus: str) -> dict[str, tuple[Page, str]]:
        if corpus not in self._known:
            revision = self._wiring.corpora.current(corpus)
            documents = self._wiring.corpora.documents(corpus, revision.number if revision else None)
            self._known[corpus] = {one.id: ((corpus, one.original), one.language) for one in documents}
        return self._known[corpus]
