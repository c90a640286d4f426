"""One immutable state of the service: a pipeline and what the catalogue pages look up beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from api.waiting_room import WaitingRoom
from recommender.domain import Adoption, Organisation, Practice
from recommender.pipeline import Pipeline
from recommender.query import Query, Ranking
from recommender.query_check import check_id, has_words
from recommender.reverse import PlaceQuery, PlaceRanking
from recommender.search import CatalogueSearch
from recommender.taxonomy import folded
from recommender.territory.indicators import IndicatorMatrix
from recommender.text.concepts import ConceptIndex
from recommender.transfer import TransferIndex
from recommender.transfer.report import Transfer

_TURN = Lock()


@dataclass(frozen=True)
class Snapshot:
    """Everything a request is answered from; swapped as a whole when the registry changes."""

    pipeline: Pipeline
    search: CatalogueSearch
    matrix: IndicatorMatrix
    concepts: ConceptIndex
    practice_ids: tuple[str, ...]
    adoptions: Mapping[str, tuple[Adoption, ...]]
    practices_at: Mapping[str, tuple[str, ...]]
    practices_of: Mapping[str, tuple[str, ...]]
    waiting_room: WaitingRoom = field(default_factory=lambda: WaitingRoom(1, lambda: True))

    @classmethod
    def build(cls, pipeline: Pipeline, waiting_room: WaitingRoom | None = None) -> Snapshot:
        """Lay out the look-ups over a pipeline's catalogue.

        `waiting_room` bounds how many questions wait for the text encoder; without one none waits.
        """
        catalogue = pipeline.catalogue
        adoptions: dict[str, list[Adoption]] = defaultdict(list)
        places: dict[str, set[str]] = defaultdict(set)
        bodies: dict[str, set[str]] = defaultdict(set)
        for adoption in catalogue.adoptions:
            adoptions[adoption.practice_id].append(adoption)
            if adoption.ran:
                places[adoption.territory_id].add(adoption.practice_id)
            if adoption.organisation_id:
                bodies[adoption.organisation_id].add(adoption.practice_id)
        for practice in catalogue.practices.values():
            for body in (practice.organisation_id, *practice.partners):
                if body:
                    bodies[body].add(practice.id)
        return cls(
            pipeline=pipeline,
            search=CatalogueSearch(catalogue, pipeline.eligibility, pipeline.text.lexical.scores),
            matrix=pipeline.matrix,
            concepts=ConceptIndex(pipeline.taxonomy),
            practice_ids=tuple(catalogue.practices),
            adoptions={practice: tuple(rows) for practice, rows in adoptions.items()},
            practices_at={place: tuple(sorted(ids)) for place, ids in places.items()},
            practices_of={body: tuple(sorted(ids)) for body, ids in bodies.items()},
            **({"waiting_room": waiting_room} if waiting_room else {}),
        )

    def recommend(self, question: Query, leave_out: Sequence[str] = ()) -> Ranking:
        """Rank practices (see `Pipeline.recommend`); questions without a text take turns.

        Ranking is short steps of arithmetic: threads that interleave them on one interpreter halve
        each other's speed. A text may wait seconds for the encoder and must not hold up the others.

        Raises
        ------
        NotReady
            A text is to be read, the encoder still loads, and enough questions wait for it already.
        """
        with self.waiting_room.seat() if has_words(question) else _TURN:
            return self.pipeline.recommend(question, leave_out)

    def rank_territories(self, question: PlaceQuery) -> PlaceRanking:
        """Rank territories for a practice (see `Pipeline.rank_territories`), in turn like `recommend`."""
        with _TURN:
            return self.pipeline.rank_territories(question)

    @cached_property
    def transfer(self) -> TransferIndex:
        """What compares practices with territories; tabulated when first asked for."""
        return TransferIndex.build(self.pipeline)

    def compare(self, practice_id: str, question: Query, answers: Mapping[str, str]) -> Transfer:
        """Compare a practice with a territory (see `TransferIndex.answer`), in turn like `recommend`."""
        with self.waiting_room.seat() if has_words(question) else _TURN:
            return self.transfer.answer(practice_id, question, answers)

    def practice(self, practice_id: str) -> Practice:
        """Return a practice; `UnknownId` names the nearest where there is none of this id."""
        check_id("practice", practice_id, self.pipeline.catalogue)
        return self.pipeline.catalogue.practices[practice_id]

    def organisation(self, organisation_id: str) -> Organisation:
        """Return an organisation; `UnknownId` names the nearest where there is none of this id."""
        check_id("organisation", organisation_id, self.pipeline.catalogue)
        return self.pipeline.catalogue.organisations[organisation_id]

    def places_of(self, practice_id: str) -> list[str]:
        """List the ids of the territories where a practice ran, each once."""
        return list(dict.fromkeys(a.territory_id for a in self.adoptions.get(practice_id, ()) if a.ran))

    def find_organisations(self, text: str | None, kind: str | None, country: str | None) -> list[str]:
        """List ids of organisations by words of their names, type and country, in order of names."""
        words = folded(text or "").split()
        found = [
            body
            for body in self.pipeline.catalogue.organisations.values()
            if kind in (None, body.type)
            and country in (None, body.country)
            and all(word in folded(body.name) for word in words)
        ]
        return [body.id for body in sorted(found, key=lambda body: folded(body.name))]
