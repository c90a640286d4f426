"""Who could work with whom: organisations by what they do, where, and what they bring."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.capacity import Tags
from recommender.domain import Catalogue, Organisation
from recommender.network.partnership import (
    COMPLEMENT,
    COUNTRY,
    LIKE,
    NEED,
    PLACE,
    PROVINCE,
    SAME,
    Asker,
    Family,
    Partner,
    Partners,
)
from recommender.query import OrganisationProfile
from recommender.query_check import MAX_ROWS, check_codes, check_id, out_of_range
from recommender.taxonomy import ORGANISATION_TYPES, POPULATIONS, THEMES, folded
from recommender.territory.surroundings import SurroundingsIndex

ACRONYM = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True)
class NetworkIndex:
    """What each organisation does, where, and with whom, tabulated for one snapshot.

    An organisation's practices are those it leads, ran somewhere, or is named in as a partner; a
    partner is a name, taken for an organisation where it is its name, id or acronym exactly.
    """

    catalogue: Catalogue
    surroundings: SurroundingsIndex
    practices: Mapping[str, tuple[str, ...]]
    places: Mapping[str, frozenset[int]]
    themes: Tags
    populations: Tags
    _rows: Mapping[str, int]

    @classmethod
    def build(cls, catalogue: Catalogue, surroundings: SurroundingsIndex) -> NetworkIndex:
        """Tabulate a catalogue's organisations."""
        row = {territory: at for at, territory in enumerate(catalogue.territories)}
        found: dict[str, set[str]] = {body: set() for body in catalogue.organisations}
        places: dict[str, set[int]] = {body: set() for body in catalogue.organisations}
        names = _names(catalogue.organisations.values())
        for practice in catalogue.practices.values():
            partners = {body for name in practice.partners for body in _meant(name, names)}
            for body in {practice.organisation_id, *partners} - {None}:
                found[str(body)].add(practice.id)
        for adoption in catalogue.adoptions:
            runs = adoption.organisation_id or catalogue.practices[adoption.practice_id].organisation_id
            if runs is not None:
                found[runs].add(adoption.practice_id)
                if adoption.ran:
                    places[runs].add(row[adoption.territory_id])
        of = {body: [catalogue.practices[p] for p in sorted(ids)] for body, ids in found.items()}
        return cls(
            catalogue=catalogue,
            surroundings=surroundings,
            practices={body: tuple(sorted(ids)) for body, ids in found.items()},
            places={body: frozenset(rows) for body, rows in places.items()},
            themes=Tags.build([sorted({t for p in ps for t in p.themes}) for ps in of.values()]),
            populations=Tags.build([sorted({t for p in ps for t in p.populations}) for ps in of.values()]),
            _rows=row,
        )

    def profile(self, organisation_id: str) -> OrganisationProfile:
        """Return an organisation of the catalogue as one that asks: what is recorded of it, no more.

        Raises
        ------
        UnknownId
            When there is no such organisation; the nearest ids are named.
        """
        check_id("organisation", organisation_id, self.catalogue)
        territories = tuple(self.catalogue.territories)
        own = [territories[row] for row in sorted(self.places[organisation_id])]
        return OrganisationProfile(
            type=self.catalogue.organisations[organisation_id].type,
            themes=self._carried(self.themes, organisation_id),
            populations=self._carried(self.populations, organisation_id),
            territory_ids=tuple(t for t in own if self.catalogue.territories[t].level != "country"),
            past_practices=self.practices[organisation_id],
        )

    def partners(self, organisation_id: str, k: int = 10, kind: str | None = None) -> Partners:
        """List organisations that work on the same need, best first, families of one body together.

        Parameters
        ----------
        organisation_id : str
        k : int
            Families wanted, 1 to 500.
        kind : str, optional
            Only organisations of this type.

        Raises
        ------
        UnknownId, UnknownValue, OutOfRange
            When there is no such organisation or type, or k is out of its range.
        """
        check_id("organisation", organisation_id, self.catalogue)
        body = self.catalogue.organisations[organisation_id]
        asker = Asker(
            id=organisation_id,
            type=body.type,
            network=frozenset(body.network),
            themes=self._carried(self.themes, organisation_id),
            populations=self._carried(self.populations, organisation_id),
            places=self.places[organisation_id],
            practices=frozenset(self.practices[organisation_id]),
        )
        return self._partners(asker, k, kind)

    def partners_for(self, profile: OrganisationProfile, k: int = 10, kind: str | None = None) -> Partners:
        """List partners of an organisation that is not in the catalogue, by the profile it tells.

        Its themes and groups are those it names, its places its territories. Without a theme and a
        group nobody is known to work on the same need, and nobody is listed.

        Raises
        ------
        UnknownId, UnknownValue, OutOfRange
            When a territory, a code or the type is not known, or k is out of its range.
        """
        check_codes("themes", profile.themes, THEMES)
        check_codes("populations", profile.populations, POPULATIONS)
        for territory in profile.territory_ids:
            check_id("territory", territory, self.catalogue)
        asker = Asker(
            id=None,
            type=profile.type,
            network=frozenset(),
            themes=profile.themes,
            populations=profile.populations,
            places=frozenset(self._rows[territory] for territory in profile.territory_ids),
            practices=frozenset(profile.past_practices) & self.catalogue.practices.keys(),
        )
        return self._partners(asker, k, kind)

    def _partners(self, asker: Asker, k: int, kind: str | None) -> Partners:
        if not 1 <= k <= MAX_ROWS:
            raise out_of_range("k", k, 1, MAX_ROWS)
        if kind is not None:
            check_codes("type", [kind], ORGANISATION_TYPES)
        need, nearness = self._need(asker), self._nearness(asker.places)
        found, family = [], []
        for at, body in enumerate(self.catalogue.organisations.values()):
            if body.id == asker.id:
                continue
            if asker.network.intersection(body.network):
                family.append(body.id)
            elif kind in (None, body.type) and need[at] > 0:
                found.append(self._partner(asker, body, float(need[at]), nearness))
        found.sort(key=lambda partner: (-partner.score, partner.organisation_id))
        others = len(need) - (asker.id is not None)
        return Partners(asker.id, self._families(found, k), tuple(family), others)

    def _need(self, asker: Asker) -> NDArray[np.float64]:
        """Return the mean of the known overlaps with every organisation, float64 [O]; 0 without any."""
        both = np.array([self.themes.overlap(asker.themes), self.populations.overlap(asker.populations)])
        known = np.isfinite(both).sum(axis=0)
        mean: NDArray[np.float64] = np.nansum(both, axis=0) / np.maximum(known, 1)
        return mean

    def _nearness(self, places: frozenset[int]) -> NDArray[np.float64] | None:
        """Return how near every territory is to an organisation's places, float64 [T]; None without."""
        own = np.array(sorted(places), dtype=np.intp)
        if not len(own):
            return None
        territories = list(self.catalogue.territories.values())
        near = np.zeros(len(territories))
        countries = {territories[row].country_id for row in own}
        wide = {territories[row].country_id for row in own if territories[row].level == "country"}
        provinces = {t.id if t.level == "admin1" else t.parent_id for t in (territories[row] for row in own)}
        peers = np.nan_to_num(self.surroundings.peers(own)).sum(axis=0) > 0
        for at, place in enumerate(territories):
            beside = place.level != "country" and (
                place.id in provinces or place.parent_id in provinces - wide
            )
            if beside and place.parent_id is not None:
                near[at] = PROVINCE
            elif (
                peers[at] or place.country_id in wide or (place.level == "country" and place.id in countries)
            ):
                near[at] = LIKE
            elif place.country_id in countries:
                near[at] = COUNTRY
        near[own] = SAME
        return near

    def _partner(
        self, asker: Asker, body: Organisation, need: float, nearness: NDArray[np.float64] | None
    ) -> Partner:
        own, theirs = asker.places, self.places[body.id]
        place = None if nearness is None or not theirs else float(nearness[sorted(theirs)].max())
        complement = None not in (asker.type, body.type) and asker.type != body.type
        ids = tuple(self.catalogue.territories)
        themes = self._shared(self.themes, asker.themes, body.id)
        practices = self.catalogue.practices
        return Partner(
            organisation_id=body.id,
            score=NEED * need + PLACE * (place or 0.0) + COMPLEMENT * complement,
            need=need,
            place=place,
            complement=complement,
            themes=themes,
            populations=self._shared(self.populations, asker.populations, body.id),
            territory_ids=tuple(ids[row] for row in sorted(own & theirs)),
            practices=tuple(p for p in self.practices[body.id] if set(practices[p].themes) & set(themes)),
            together=tuple(sorted(asker.practices.intersection(self.practices[body.id]))),
        )

    def _families(self, found: list[Partner], k: int) -> tuple[Family, ...]:
        """Put members of one body together, where its best stands."""
        families: dict[str, list[Partner]] = {}
        names: dict[str, str | None] = {}
        for partner in found:
            network = self.catalogue.organisations[partner.organisation_id].network
            key = network[0] if network else f" {partner.organisation_id}"
            names[key] = network[0] if network else None
            families.setdefault(key, []).append(partner)
        return tuple(Family(names[key], tuple(members)) for key, members in list(families.items())[:k])

    def _carried(self, tags: Tags, organisation_id: str) -> tuple[str, ...]:
        row = tags.table[self._position(organisation_id)]
        return tuple(code for code, column in tags.codes.items() if row[column])

    def _shared(self, tags: Tags, asked: Iterable[str], organisation_id: str) -> tuple[str, ...]:
        """Return the asked tags that an organisation carries too, the rarest first."""
        both = set(asked) & set(self._carried(tags, organisation_id))
        return tuple(sorted(both, key=lambda code: (-tags.weights[tags.codes[code]], code)))

    def _position(self, organisation_id: str) -> int:
        return list(self.catalogue.organisations).index(organisation_id)


def _names(bodies: Iterable[Organisation]) -> dict[str, set[str]]:
    """Return folded name, id or acronym -> organisations."""
    names: dict[str, set[str]] = {}
    for body in bodies:
        for name in (body.name, body.id, *ACRONYM.findall(body.name)):
            names.setdefault(folded(name), set()).add(body.id)
    return names


def _meant(name: str, names: Mapping[str, set[str]]) -> set[str]:
    """Return the one organisation a partner's name stands for; none where none or several could be meant."""
    for form in (name, ACRONYM.sub("", name), *ACRONYM.findall(name)):
        if len(found := names.get(folded(form), set())) == 1:
            return found
    return set()
