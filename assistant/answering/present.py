"""Step 8: the whole answer, with sources, facts, the way on and where it came from."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from assistant.domain.answer import Action, Answer, Notice, Outcome, Provenance, Sentence, Source
from assistant.domain.draft import Draft, Evidence
from assistant.domain.municipality import Contact
from assistant.domain.replies import Replies, replies
from corpora.documents import Office, ServiceFacts

SYSTEM = f"amtslotse/{version('amtslotse')}"
_NEAR_PAGES = 3
_QUOTING = "quoting"
_HELPLINES: Mapping[str, Sequence[str]] = tomllib.loads(
    (Path(__file__).parent / "data" / "helplines.toml").read_text(encoding="utf-8")
)
_SHOWS_CONTACT = {
    Outcome.HUMAN_REQUESTED, Outcome.NOT_FOUND, Outcome.FAILED, Outcome.OUT_OF_SCOPE, Outcome.INDIVIDUAL_DECISION,
    Outcome.UNCLEAR, Outcome.REFUSED, Outcome.PARTLY_ANSWERED,
}  # fmt: skip


class Present:
    """Builds answers; what it says itself comes from the replies of the citizen's language."""

    def __init__(self, model: str = "") -> None:
        self._model = model

    def sources(self, draft: Draft) -> tuple[Source, ...]:
        """The passages that the sentences cite, numbered in the order they are first cited."""
        return tuple(_source(n, one) for n, one in enumerate(_cited(draft), start=1))

    def sentence(self, draft: Draft, place: int) -> Sentence:
        """The sentence at a place of the draft with the numbers of its sources."""
        numbers = {one.passage.id + one.corpus: n for n, one in enumerate(_cited(draft), start=1)}
        cited = draft.sentences[place]
        used = tuple(numbers[one.passage.id + one.corpus] for one in cited.evidence)
        return Sentence(cited.text, cited.language, used, cited.quoted)

    def answered(self, draft: Draft) -> Answer:
        """The answer that says the draft's sentences; without any it declines."""
        if not draft.sentences:
            return self.ending(draft, Outcome.NOT_FOUND)
        outcome = draft.outcome
        if outcome is Outcome.ANSWERED and draft.missing:
            outcome = Outcome.PARTLY_ANSWERED
        return self._answer(draft, outcome)

    def ending(self, draft: Draft, outcome: Outcome) -> Answer:
        """An answer without sentences: the outcome says why, and the contact how to go on."""
        return self._answer(draft, outcome)

    def _answer(self, draft: Draft, outcome: Outcome) -> Answer:
        words = replies(draft.language)
        evidence = _cited(draft)
        sentences = tuple(self.sentence(draft, place) for place in range(len(draft.sentences)))
        facts = next((one.document.facts for one in evidence if one.document.facts), None)
        contact = _contact(draft, facts)
        pages = tuple(_near_pages(draft)) if outcome is Outcome.NOT_FOUND else ()
        before = tuple(self._before(draft, outcome, words))
        after = tuple(self._after(draft, outcome, words, contact, pages))
        said = [*(n.text for n in before), *(s.text for s in sentences), *(n.text for n in after)]
        return Answer(
            id=draft.id,
            outcome=outcome,
            language=words.language,
            text="\n".join(said),
            sentences=sentences,
            notices=(*before, *after),
            sources=self.sources(draft),
            card=facts,
            actions=_once((*_helplines(draft, words), *_actions(facts, contact, words), *pages)),
            contact=contact,
            provenance=Provenance(
                True, self._composed_by(draft), SYSTEM, draft.question.asked_at, draft.revisions, draft.dropped
            ),
        )

    def _composed_by(self, draft: Draft) -> str:
        return self._model if _worded(draft) else _QUOTING

    @staticmethod
    def _before(draft: Draft, outcome: Outcome, words: Replies) -> Iterator[Notice]:
        place = draft.question.municipality.name
        key = "thanks" if draft.reply == "thanks" else outcome.value
        yield Notice("outcome", words.text("outcomes", key, place=place, other=draft.other_place or ""))
        if draft.most:
            yield Notice("too_long", words.text("notices", "too_long", count=str(draft.most)))
        for kind in dict.fromkeys((*draft.crisis, "emergency") if draft.crisis else ()):
            yield Notice("crisis", words.text("crisis", kind))
        if draft.question.level == "plain" and _worded(draft):
            yield Notice("plain_language", words.text("notices", "plain_language"))
        elif draft.question.level == "plain" and draft.sentences:
            yield Notice("plain_language_missing", words.text("notices", "plain_language_missing"))
        said = dict.fromkeys(cited.language for cited in draft.sentences)
        # One sentence in the asker's language, and it would no longer be true of what stands below.
        for language in said if draft.language not in said else ():
            yield Notice(
                "other_language",
                words.text("notices", "other_language", language=words.language_name(language)),
            )

    @staticmethod
    def _after(
        draft: Draft, outcome: Outcome, words: Replies, contact: Contact, pages: Sequence[Action]
    ) -> Iterator[Notice]:
        if draft.missing and draft.sentences:
            facets = ", ".join(words.text("facets", facet) for facet in draft.missing)
            yield Notice("missing", words.text("notices", "missing", facets=facets))
        if pages:
            titles = "; ".join(page.label for page in pages)
            yield Notice("near_pages", f"{words.text('notices', 'near_pages')} {titles}")
        if outcome in _SHOWS_CONTACT:
            yield Notice("contact", words.text("notices", "contact", contact=contact.line))
        if draft.masked:
            yield Notice("masked", words.text("notices", "masked"))
        if draft.question.municipality.demonstration:
            yield Notice("demonstration", words.text("notices", "demonstration"))
        yield Notice("ai", words.text("notices", "ai"))


def _worded(draft: Draft) -> bool:
    return any(not cited.quoted for cited in draft.sentences)


def _cited(draft: Draft) -> list[Evidence]:
    found = {one.passage.id + one.corpus: one for cited in draft.sentences for one in cited.evidence}
    return list(found.values())


def _source(n: int, one: Evidence) -> Source:
    document = one.document
    return Source(
        n=n,
        document_id=document.id,
        title=document.title,
        heading=one.passage.heading,
        url=document.url,
        corpus=one.corpus,
        revision=one.revision,
        language=document.language,
        quote=one.passage.text,
        as_of=(document.facts.as_of if document.facts else None) or document.updated,
    )


def _contact(draft: Draft, facts: ServiceFacts | None) -> Contact:
    office: Office | None = facts.office if facts else None
    if office and (office.phone or office.email or office.url):
        return Contact(office.name, office.phone, office.email, office.url, office.hours)
    return draft.question.municipality.contact


def _helplines(draft: Draft, words: Replies) -> Iterator[Action]:
    for kind in ("emergency", *draft.crisis) if draft.crisis else ():
        for number in _HELPLINES.get(kind, ()):
            yield _call(number, words)


def _call(phone: str, words: Replies) -> Action:
    number = "".join(c for c in phone if c.isdigit() or c == "+")
    return Action("call", words.text("actions", "call", phone=phone), f"tel:{number}")


def _actions(facts: ServiceFacts | None, contact: Contact, words: Replies) -> Iterator[Action]:
    if facts:
        if facts.online_service:
            yield Action("online_service", facts.online_service.label, facts.online_service.url)
        if facts.appointment_url:
            yield Action("appointment", words.text("actions", "appointment"), facts.appointment_url)
        for form in facts.forms:
            yield Action("form", form.label, form.url)
    if contact.phone:
        yield _call(contact.phone, words)
    if contact.email:
        yield Action("email", words.text("actions", "email", email=contact.email), f"mailto:{contact.email}")


def _once(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions without those that lead where an earlier one leads."""
    found: dict[str, Action] = {}
    for action in actions:
        found.setdefault(action.url, action)
    return tuple(found.values())


def _near_pages(draft: Draft) -> Iterator[Action]:
    seen: dict[tuple[str, str], Action] = {}
    for hit in draft.hits:
        if hit.document.url:
            seen.setdefault(hit.page, Action("page", hit.document.title, hit.document.url))
    yield from list(seen.values())[:_NEAR_PAGES]
