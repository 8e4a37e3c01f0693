"""What can go wrong in the service; every text is a sentence for whoever called.

AssistantError
├── UnknownMunicipality   no municipality of that name
├── BadMunicipality       its description cannot be taken in
├── UnknownConversation   none of that id, or it has expired or been erased
├── UnknownAnswer         no answer of that id whose events are still kept
├── WrongToken            the token does not belong to it, or no longer opens anything
├── ForeignOrigin         the page may not show this municipality's assistant
├── PortTaken             the address to listen on is not free
├── StoreUnusable         the data directory or database cannot be used
└── Overloaded            too many questions at once
"""


class AssistantError(Exception):
    """Base of all errors of this package."""


class UnknownMunicipality(AssistantError):
    """No municipality of that name."""


class BadMunicipality(AssistantError):
    """Its description cannot be taken in."""


class UnknownConversation(AssistantError):
    """None of that id, or it has expired or been erased."""


class UnknownAnswer(AssistantError):
    """No answer of that id whose events are still kept."""


class WrongToken(AssistantError):
    """The token does not belong to it."""


class ForeignOrigin(AssistantError):
    """The page may not show this municipality's assistant."""


class PortTaken(AssistantError):
    """The address to listen on is not free."""


class StoreUnusable(AssistantError):
    """The data directory or the database in it cannot be used."""


class Overloaded(AssistantError):
    """Too many questions at once."""
