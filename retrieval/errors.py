"""What can go wrong in finding.

RetrievalError
├── SnapshotCorrupt     a file of a snapshot is missing, torn or altered
├── SnapshotUnreadable  its files cannot be read now, whatever is in them
├── SnapshotForeign     made by another embedder or another version of this format
├── Unpublished         there is nothing to search in yet
├── EmbedderFailed      the embedder cannot be loaded or gave no vector
├── RerankerFailed      the reranker cannot be loaded or gave no scores
└── EntailmentFailed    the entailment model cannot be loaded or gave no probabilities
"""


class RetrievalError(Exception):
    """Base of all errors of this package; its text is a sentence for an administrator."""


class SnapshotCorrupt(RetrievalError):
    """A file of a snapshot is missing, torn or altered."""


class SnapshotUnreadable(RetrievalError):
    """The files of a snapshot cannot be read now, whatever is in them."""


class SnapshotForeign(RetrievalError):
    """The snapshot was made by another embedder or another version of the format."""


class Unpublished(RetrievalError):
    """There is nothing to search in yet."""


class EmbedderFailed(RetrievalError):
    """The embedder cannot be loaded or gave no vector."""


class RerankerFailed(RetrievalError):
    """The reranker cannot be loaded or gave no scores."""


class EntailmentFailed(RetrievalError):
    """The entailment model cannot be loaded or gave no probabilities."""
