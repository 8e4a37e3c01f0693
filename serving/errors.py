"""What can go wrong in serving a model.

ServingError
├── UnknownName            no model or GPU of that name is in the catalogue
├── DoesNotFit             the model needs more memory than the GPUs have
├── ModelFailed            the server of a model cannot be started or ends by itself
├── NotInstalled           the libraries that talk to a model are not installed
├── TokenizerMissing       the model's tokenizer is not where it was said to be
└── GenerationFailed       no answer, or only half of one, came from the model
    ├── NotAsked           the server was not asked at all
    │   ├── NoPlace        as many answers as may be are being written already
    │   └── CircuitOpen    it has failed too often to be asked again so soon
    ├── Unwanted           nobody waits for the answer any more
    ├── RequestRejected    it takes this request for wrong; others may succeed
    ├── ServerBusy         it is well, has said no at once, and may say yes to the next
    │   ├── RateLimited    it has had too many requests from us
    │   └── Overloaded     its queue is full, or nobody stands behind its router
    └── ServerUnwell       it cannot answer anybody now: what the breaker counts
        ├── Unreachable    there is no connection
        │   ├── ConnectionRefused
        │   ├── NameUnresolved
        │   ├── TlsFailed
        │   └── ConnectionSlow
        ├── KeyRejected    it does not accept our key
        ├── ModelUnknown   it serves no model of that name
        ├── StatusForeign  it answers with a status that nobody expects here
        ├── CutOff         it broke off before the end
        ├── Garbled        what it sends cannot be read
        ├── Silent         it keeps the connection open and says nothing
        └── Empty          it ended without a word

Texts never hold what a server said or a citizen asked: a refusal often quotes the request.
"""


class ServingError(Exception):
    """Base of all errors of this package; its text is a sentence for an administrator."""


class UnknownName(ServingError):
    """No model or GPU of that name is in the catalogue."""


class DoesNotFit(ServingError):
    """The model needs more memory than the GPUs have."""


class ModelFailed(ServingError):
    """The server of a model cannot be started or ends by itself."""


class NotInstalled(ServingError):
    """The libraries that talk to a model are not installed."""


class TokenizerMissing(ServingError):
    """There is no tokenizer at that place, or none that can be read."""


class GenerationFailed(ServingError):
    """No answer, or only half of one, came from the model."""


class NotAsked(GenerationFailed):
    """The server was not asked at all."""


class NoPlace(NotAsked):
    """As many answers as may be are being written already."""


class CircuitOpen(NotAsked):
    """The server has failed too often to be asked again so soon."""


class Unwanted(GenerationFailed):
    """Nobody waits for the answer any more."""


class RequestRejected(GenerationFailed):
    """The server takes this request for wrong; others may succeed."""


class ServerBusy(GenerationFailed):
    """The server is well, has said no at once, and may say yes to the next."""


class RateLimited(ServerBusy):
    """The server has had too many requests from us."""


class Overloaded(ServerBusy):
    """The server's queue is full, or nobody stands behind its router."""


class ServerUnwell(GenerationFailed):
    """The server cannot answer anybody now; the breaker counts these."""


class Unreachable(ServerUnwell):
    """There is no connection to the server."""


class ConnectionRefused(Unreachable):
    """Nobody listens at that address."""


class NameUnresolved(Unreachable):
    """The name of the server is not known."""


class TlsFailed(Unreachable):
    """No secure connection came about."""


class ConnectionSlow(Unreachable):
    """No connection came about in time."""


class KeyRejected(ServerUnwell):
    """The server does not accept our key."""


class ModelUnknown(ServerUnwell):
    """The server has no model of that name."""


class StatusForeign(ServerUnwell):
    """The server answers with a status that nobody expects here."""


class CutOff(ServerUnwell):
    """The server broke off before the end."""


class Garbled(ServerUnwell):
    """What the server sends cannot be read."""


class Silent(ServerUnwell):
    """The server keeps the connection open and says nothing."""


class Empty(ServerUnwell):
    """The server ended without a word."""
