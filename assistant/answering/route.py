"""Step 3: what is not a question about a service is recognised and answered by fixed words."""

import asyncio
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.cues import folded, has_cue, plain
from assistant.answering.present import Present
from assistant.answering.understand import subject_of
from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Draft
from retrieval.centring import Centres, unit
from retrieval.concepts import spelled_out
from retrieval.embedding import Embedder, Vectors
from retrieval.errors import EmbedderFailed

_DATA = Path(__file__).parent / "data"

OUTCOMES = {
    "greeting": Outcome.GREETING,
    "thanks": Outcome.GREETING,
    "crisis_suicide": Outcome.CRISIS,
    "crisis_violence": Outcome.CRISIS,
    "crisis_child": Outcome.CRISIS,
    "crisis_emergency": Outcome.CRISIS,
    "human_requested": Outcome.HUMAN_REQUESTED,
    "abuse": Outcome.ABUSE,
    "manipulation": Outcome.REFUSED,
    "objection": Outcome.UNCLEAR,
    "out_of_scope": Outcome.OUT_OF_SCOPE,
}
# Fixed words come first for a crisis, whatever else was said, and a greeting is only a whole input.
_WHOLE = ("greeting", "thanks")
# Plain matters that look like something else: an example of theirs that is nearer keeps the input a question.
_SERVICE = "service"
# What makes sense only after another question.
_FOLLOW_UP = "follow_up"
# A child that is beaten is more than somebody who is beaten: what is narrower is looked for first.
_CRISES = ("crisis_suicide", "crisis_child", "crisis_violence", "crisis_emergency")
DECISION = "individual_decision"
# What ends the run in the middle of a conversation too; the rest may be a question that leans on the one before.
_SAID_IN_BETWEEN = (*_CRISES, *_WHOLE, "human_requested", "abuse", "manipulation", "objection", DECISION)


@dataclass(frozen=True, slots=True)
class Route:
    """A kind of input: literal phrases, example sentences by language, and how near an example must be.

    What stands in `alone` takes the route where nothing else is said, or only words that may stand `around` it.
    """

    name: str
    phrases: tuple[str, ...]
    examples: Mapping[str, Sequence[str]]
    nearness: float
    alone: tuple[str, ...] = ()
    around: tuple[str, ...] = ()


def load() -> tuple[Route, ...]:
    """The routes of the data files, crises first."""
    tables: dict[str, Any] = tomllib.loads((_DATA / "routes.toml").read_text(encoding="utf-8"))
    nearness: dict[str, float] = tomllib.loads((_DATA / "nearness.toml").read_text(encoding="utf-8"))
    calls = tables.pop("around")
    order = [*_CRISES, *(name for name in tables if name not in _CRISES)]
    return tuple(
        Route(
            name,
            written_out(tables[name].pop("phrases")),
            nearness=nearness[name],
            alone=written_out(tables[name].pop("alone", ())),
            around=written_out(calls if name in _CRISES else tables[name].pop("around", ())),
            examples=tables[name],
        )
        for name in order
    )


def written_out(phrases: Iterable[str]) -> tuple[str, ...]:
    """Every way to say the phrases: in "[a|b] c" stand "a c" and "b c"."""
    found = []
    for phrase in phrases:
        parts = re.split(r"\[(.*?)\]", phrase)
        ways = (part.split("|") if at % 2 else [part] for at, part in enumerate(parts))
        found += ["".join(way) for way in product(*ways)]
    return tuple(found)


class _Phrases:
    """The phrases of a route as words; a text is looked up part by part, so that many phrases cost nothing."""

    def __init__(self, route: Route) -> None:
        self._anywhere, self._alone, self._around = (
            {plain(phrase) for phrase in phrases} for phrases in (route.phrases, route.alone, route.around)
        )
        self._longest = max(map(len, self._anywhere | self._alone | self._around), default=0)

    def whole(self, words: tuple[str, ...]) -> bool:
        """Whether the words are one of the phrases."""
        return words in self._anywhere

    def held(self, words: tuple[str, ...]) -> bool:
        """Whether a phrase stands among the words, or what they say is nothing but what may stand alone."""
        anywhere = any(not self._anywhere.isdisjoint(self._parts(words, at)) for at in range(len(words)))
        return anywhere or self._is_alone(words)

    def _is_alone(self, words: tuple[str, ...]) -> bool:
        # Where a way through the words has come to, and whether it passed what takes the route.
        come_to = {0: False}
        for at in range(len(words)):
            for part in self._parts(words, at) if at in come_to else ():
                end = at + len(part)
                if part in self._alone:
                    come_to[end] = True
                elif part in self._around:
                    come_to[end] = come_to[at] or come_to.get(end, False)
        return come_to.get(len(words), False)

    def _parts(self, words: tuple[str, ...], at: int) -> list[tuple[str, ...]]:
        """What begins at that word."""
        return [words[at:end] for end in range(at + 1, min(len(words), at + self._longest) + 1)]


class Router:
    """Compares an input with phrases and with examples; examples are embedded once."""

    def __init__(
        self,
        routes: Sequence[Route],
        embedder: Embedder,
        centres: Centres,
        vectors: Callable[[Sequence[str]], Vectors],
    ) -> None:
        self._routes = routes
        self._embedder = embedder
        self._centres = centres
        self._vectors = vectors
        self._phrases = [(route.name, _Phrases(route)) for route in routes]

    def by_phrase(self, text: str) -> str | None:
        """The route whose phrase the text holds; for greetings, the text must be the phrase."""
        words = plain(text)
        for route, phrases in self._phrases:
            if phrases.whole(words) if route in _WHOLE else phrases.held(words):
                return route
        return None

    def by_example(self, vector: Vectors, language: str) -> tuple[str | None, dict[str, float]]:
        """The route with the nearest example, if it is near enough, and how near each route is, 0 to 1."""
        centred = unit(vector - self._centres.question_mean(language))
        nearness = {name: float((rows @ centred).max()) for name, rows in self._rows.items()}
        best = max(nearness, key=lambda name: nearness[name])
        needed = {route.name: route.nearness for route in self._routes}
        return (best if best != _SERVICE and nearness[best] >= needed[best] else None), nearness

    @cached_property
    def _rows(self) -> dict[str, Vectors]:
        rows = {}
        for route in self._routes:
            parts = [
                self._vectors(examples) - self._centres.question_mean(language)
                for language, examples in route.examples.items()
            ]
            rows[route.name] = unit(np.vstack(parts))
        return rows


class RouteStep:
    """Ends what a route answers; embeds the question for the steps that follow."""

    def __init__(self, router: Router, embedder: Embedder, present: Present, places: "Places") -> None:
        self._router = router
        self._embedder = embedder
        self._present = present
        self._places = places

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """The draft with its vector, or the answer of a route."""
        route = self._router.by_phrase(draft.text)
        # Contacts in a crisis must never depend on a model: they are out before anything is embedded.
        if route in _CRISES:
            return self._ending(draft, route)
        try:
            vector, alone = await self._embedded(draft)
        except EmbedderFailed:
            if route and route != DECISION:
                return self._ending(draft, route)
            raise
        route = route or self._like(draft, alone)
        if route == _FOLLOW_UP:
            draft, vector, route = await self._continued(draft, vector)
        if route == DECISION:
            return replace(draft, vector=vector, outcome=Outcome.INDIVIDUAL_DECISION)
        # Off-topic by its looks only: the judge decides whether the documents answer it all the same.
        if route == "out_of_scope":
            return replace(draft, vector=vector, outcome=Outcome.OUT_OF_SCOPE)
        if route:
            return self._ending(draft, route)
        other = self._places.other(draft.text, draft.question.municipality.places)
        if other:
            return self._present.ending(replace(draft, other_place=other), Outcome.OTHER_PLACE)
        return replace(draft, vector=vector)

    def _like(self, draft: Draft, alone: Vectors) -> str | None:
        route, _ = self._router.by_example(alone, draft.language)
        # Where its subject is known already, what else it looks like without it proves nothing.
        return route if draft.standalone == draft.text or route in _SAID_IN_BETWEEN else None

    async def _embedded(self, draft: Draft) -> tuple[Vectors, Vectors]:
        """The vectors of the standalone question and of what was said alone: a crisis is one in any conversation."""
        texts = list(dict.fromkeys([spelled_out(draft.standalone, draft.language), draft.text]))
        vectors = await asyncio.to_thread(self._embedder.queries, texts)
        return vectors[0], vectors[-1]

    async def _continued(self, draft: Draft, vector: Vectors) -> tuple[Draft, Vectors, None]:
        """The question with the subject of the conversation in front, where there is one."""
        subject = subject_of(draft)
        if subject is None:
            return draft, vector, None
        whole_question = replace(draft, standalone=f"{subject} {draft.text}")
        texts = [spelled_out(whole_question.standalone, draft.language)]
        vectors = await asyncio.to_thread(self._embedder.queries, texts)
        return whole_question, vectors[0], None

    def _ending(self, draft: Draft, route: str) -> Answer:
        crisis = (route.removeprefix("crisis_"),) if route in _CRISES else ()
        return self._present.ending(replace(draft, reply=route, crisis=crisis), OUTCOMES[route])


class Places:
    """Recognises a place that is not the municipality's own."""

    def __init__(self) -> None:
        table = tomllib.loads((_DATA / "places.toml").read_text(encoding="utf-8"))
        self._names: Mapping[str, Sequence[str]] = table["places"]
        self._origins = tuple(table["origins"])

    def other(self, text: str, own: Sequence[str]) -> str | None:
        """The name of another place that is asked about; none where the municipality lists no own places."""
        said = folded(text)
        if not own or has_cue(text, own):
            return None
        for name, forms in self._names.items():
            for form in (name, *forms):
                at = said.find(folded(form))
                # Slavic languages decline names; elsewhere a longer word is another one ("Halle", "Hallenbad").
                cue = form if "CYRILLIC" in unicodedata.name(form[0]) else f"{form} "
                if at >= 0 and has_cue(text, [cue]) and not self._is_origin(said[:at]):
                    return name
        return None

    def _is_origin(self, before: str) -> bool:
        words = before.split()
        return bool(words) and words[-1] in self._origins
