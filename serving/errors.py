"""What can go wrong in serving a model.

ServingError
├── UnknownName   no model or GPU of that name is in the catalogue
├── DoesNotFit    the model needs more memory than the GPUs have
└── ModelFailed   the server of a model cannot be started or ends by itself
"""


class ServingError(Exception):
    """Base of all errors of this package; its text is a sentence for an administrator."""


class UnknownName(ServingError):
    """No model or GPU of that name is in the catalogue."""


class DoesNotFit(ServingError):
    """The model needs more memory than the GPUs have."""


class ModelFailed(ServingError):
    """The server of a model cannot be started or ends by itself."""
