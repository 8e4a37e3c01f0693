"""What can go wrong with documents and their revisions; every text is a sentence for an administrator.

CorporaError
├── Unreadable        a file or a line of it cannot be taken in; nothing was imported
├── UnknownCorpus     no corpus of that name
├── UnknownDocument   no document of that id in the corpus
├── UnknownRevision   no revision of that number
└── CorpusBusy        another process is changing the corpus
"""


class CorporaError(Exception):
    """Base of all errors of this package."""


class Unreadable(CorporaError):
    """A file or a line of it cannot be taken in; nothing was imported."""


class UnknownCorpus(CorporaError):
    """No corpus of that name."""


class UnknownDocument(CorporaError):
    """No document of that id in the corpus."""


class UnknownRevision(CorporaError):
    """No revision of that number."""


class CorpusBusy(CorporaError):
    """Another process is changing the corpus."""
