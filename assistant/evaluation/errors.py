"""What can go wrong in measuring; every text is a sentence for whoever called.

EvaluationError
├── BadInput         a file of questions, of weights or of an earlier run cannot be taken in
└── LibraryMissing   the library that computes the measures is not installed
"""

from assistant.errors import AssistantError


class EvaluationError(AssistantError):
    """Base of all errors of this package."""


class BadInput(EvaluationError):
    """A file of questions, of weights or of an earlier run cannot be taken in."""


class LibraryMissing(EvaluationError):
    """The library that computes the measures is not installed."""
