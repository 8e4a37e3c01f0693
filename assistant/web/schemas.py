"""What comes in and goes out over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.domain.answer import Answer
from assistant.domain.draft import Level
from assistant.domain.feedback import Rating, Reason
from assistant.domain.municipality import Contact

Tag = Annotated[
    str,
    Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["de", "de-AT"]),
    AfterValidator(lambda tag: tag.partition("-")[0].lower()),
]
Language = Annotated[
    Tag,
    Field(
        description="A language as browsers name it. Guessed from the words where it is not given. Where we have no "
        "texts in it, what we say ourselves is in English; pages are quoted in the language they have.",
    ),
]
Likely = Annotated[
    Tag,
    Field(
        description="The language that this visitor probably writes, such as that of the page they see. It decides "
        "where the words leave it open; who clearly writes another language is answered in that one. The `language` "
        "of a message goes before it.",
    ),
]
Wording = Annotated[
    Level,
    Field(
        description="`plain`: in plain language (in German Einfache Sprache), with the notice `plain_language`, which "
        "says that it is made automatically. Where no model words the answer, the pages are quoted as they are, with "
        "the notice `plain_language_missing`.",
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=100)]
# The pipeline has the exact limit; this one keeps out what is no question at all.
Text = Annotated[
    str,
    Field(
        min_length=1,
        max_length=20_000,
        description="Above the profile's `question_characters` (2000, unless the operator has set another limit) the "
        "outcome is `refused`, and a notice of the kind `too_long` names the limit.",
    ),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TurnIn(_In):
    role: Literal["user", "assistant"]
    text: Annotated[
        str, Field(min_length=1, max_length=20_000, description="Read up to the profile's `question_characters`.")
    ]


class QuestionIn(_In):
    """A question to a municipality."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"municipality": "neckarfurt", "question": "Wie beantrage ich einen Personalausweis?"},
                {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?", "level": "plain"},
            ]
        },
    )

    municipality: Name
    question: Text
    language: Language | None = None
    history: Annotated[list[TurnIn], Field(max_length=40, description="What was said before, the oldest first.")] = []
    level: Wording = "normal"


class ConversationIn(_In):
    """Opens a conversation."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"municipality": "neckarfurt"}]})

    municipality: Name
    language: Likely | None = None


class ConversationOut(BaseModel):
    """A conversation and the token that opens it, which is shown this once."""

    id: str
    token: str
    expires_at: datetime


class VisitorIn(_In):
    """Asks for a visitor's token."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"municipality": "neckarfurt"}]})

    municipality: Name


class VisitorOut(BaseModel):
    """A token for pages of one origin and one municipality."""

    token: str
    expires_in: Annotated[int, Field(description="Seconds.")]


class FeedbackIn(_In):
    """Whether an answer helped and, where it did not, why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"rating": "not_helpful", "reasons": ["incomplete"]}, {"rating": "helpful"}]},
    )

    rating: Rating
    reasons: Annotated[list[Reason], Field(max_length=4)] = []
    comment: Annotated[str, Field(max_length=1_000, description="Kept with personal data masked.")] = ""


class MessageIn(_In):
    """Something the citizen says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "Und was kostet das?"}]})

    text: Text
    language: Language | None = None
    level: Wording = "normal"


class MessageOut(BaseModel):
    role: str
    text: str
    created_at: datetime
    answer: Annotated[Answer | None, Field(description="As it was given; null for what the citizen said.")] = None
    answer_token: Annotated[str | None, Field(description="What `/v1/answers/{id}/feedback` wants.")] = None


class TranscriptOut(BaseModel):
    """Everything said so far; what citizens wrote is shown as screened."""

    id: str
    municipality: str
    expires_at: datetime
    messages: list[MessageOut]


class SearchIn(_In):
    """A search in a municipality's layers or in some corpora."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"municipality": "neckarfurt", "query": "Hundesteuer", "top": 3}]},
    )

    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    municipality: Name | None = None
    corpora: Annotated[list[Name], Field(min_length=1, max_length=20)] | None = None
    language: Language | None = None
    top: Annotated[int, Field(ge=1, le=100)] = 10

    @model_validator(mode="after")
    def _one_of_both(self) -> "SearchIn":
        if (self.municipality is None) == (self.corpora is None):
            raise ValueError("give either municipality or corpora")
        return self


class PassageOut(BaseModel):
    document_id: str
    passage_id: str
    corpus: str
    revision: int
    language: str
    title: str
    heading: str
    url: str | None
    text: str
    score: float


class SearchOut(BaseModel):
    """Passages of published revisions, best first."""

    results: list[PassageOut]


class MunicipalityOut(BaseModel):
    """What a page needs to know of a municipality, with its texts in one language."""

    id: str
    name: str
    languages: list[str]
    language: str
    direction: str
    contact: Contact
    demonstration: bool
    color: Annotated[str, Field(description="As in `#7a0019`, or empty.")]
    suggestions: Annotated[
        list[str], Field(description="In that language where the municipality has some, else in all it has.")
    ]
    question_characters: Annotated[int, Field(description="Longer questions are refused.")]
    texts: dict[str, str]
