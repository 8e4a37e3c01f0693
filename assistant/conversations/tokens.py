"""Signed tokens that need no row in the store: a visitor's, and that of an answer."""

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.errors import WrongToken

# So short that what is found in a log somewhere opens nothing any more.
VISITOR_SECONDS = 900
# As long as anything that it opens may stay.
_ANSWER_SECONDS = 30 * 86_400


class Tokens:
    """Makes and reads tokens under one secret; what they say can be read by whoever holds them."""

    def __init__(self, secret: bytes) -> None:
        self._visitor = URLSafeTimedSerializer(secret, salt="visitor")
        self._answer = URLSafeTimedSerializer(secret, salt="answer")

    def visitor(self, municipality: str, origin: str) -> str:
        """What a page of this origin needs to ask this municipality, for some minutes."""
        return str(self._visitor.dumps([municipality, origin]))

    def check_visitor(self, token: str, municipality: str, origin: str) -> None:
        """Raises WrongToken where it has expired or was made for another municipality or origin."""
        try:
            made_for = self._visitor.loads(token, max_age=VISITOR_SECONDS)
        except BadSignature as error:
            raise WrongToken(
                "The visitor's token is not valid, or no longer; POST /v1/visitors gives a new one."
            ) from error
        if made_for != [municipality, origin]:
            raise WrongToken("The visitor's token was made for another municipality or another page.")

    def answer(self, answer_id: str, municipality: str) -> str:
        """What allows to rate an answer."""
        return str(self._answer.dumps([answer_id, municipality]))

    def municipality_of(self, token: str, answer_id: str) -> str:
        """The municipality that gave the answer; raises WrongToken where the token belongs to another answer."""
        try:
            made_for, municipality = self._answer.loads(token, max_age=_ANSWER_SECONDS)
        except BadSignature as error:
            raise WrongToken("This is no answer's token, or no longer.") from error
        if made_for != answer_id:
            raise WrongToken("The token belongs to another answer.")
        return str(municipality)
