"""Who comes to be seen: what shares of the first ten rows fall to whom, against their share of the whole.

Asked of every canton (which ten practices come first) and of every practice (which ten cantons do), with
no need and no organisation, in both modes. A share of rows far below the share of the catalogue means
that a kind of body, a province or small places are hardly ever shown, whatever the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.pipeline import Pipeline
from recommender.query import MODES, Query
from recommender.taxonomy import VOCABULARIES
from training.tables import Provenance

Progress = Callable[[int, int], None]

TEN = 10
LEAST = 0.5
"""Part of its catalogue share below which an organisation type is called hardly shown."""
SIZES = (
    (0, "up to 10 000"),
    (10_000, "10 000 to 20 000"),
    (20_000, "20 000 to 50 000"),
    (50_000, "50 000 to 200 000"),
    (200_000, "more than 200 000"),
)
"""Least population of each class of cantons."""
UNKNOWN = "not known"


@dataclass(frozen=True)
class Share:
    """What one group gets.

    Attributes
    ----------
    name : str
    whole : float
        Its share of the practices or of the cantons, 0-1.
    people : float or None
        Its share of the population; None for groups of practices.
    rows : mapping of str to float
        Mode -> its share of the first ten rows, 0-1.
    """

    name: str
    whole: float
    people: float | None
    rows: Mapping[str, float]

    def ratio(self, mode: str) -> float:
        """Return the share of rows over the share of the whole; 1 is in proportion."""
        return self.rows[mode] / self.whole if self.whole else float("nan")


@dataclass(frozen=True)
class Exposure:
    """The shares by organisation type, province and size of canton."""

    types: tuple[Share, ...]
    provinces: tuple[Share, ...]
    sizes: tuple[Share, ...]

    def hardly_shown(self, mode: str) -> list[str]:
        """Name the organisation types with less than half of their catalogue share."""
        known = [share for share in self.types if share.name != UNKNOWN]
        return [share.name for share in known if share.ratio(mode) < LEAST]


def measure_exposure(pipeline: Pipeline, country: str, progress: Progress | None = None) -> Exposure:
    """Measure a country's exposure at its smallest level that has indicators.

    Parameters
    ----------
    pipeline : Pipeline
    country : str
        ISO 3166-1 alpha-2.
    progress : callable, optional
        Called with (questions asked, in all).
    """
    catalogue = pipeline.catalogue
    places = list(catalogue.territories.values())
    cantons = pipeline.reverse.finest(country)
    rows = {mode: _first_practices(pipeline, cantons, mode, progress) for mode in MODES}
    there = {mode: _first_places(pipeline, cantons, mode) for mode in MODES}
    bodies = catalogue.organisations
    types = [
        (bodies[p.organisation_id].type if p.organisation_id else None) or UNKNOWN
        for p in catalogue.practices.values()
    ]
    people = _people(pipeline, cantons)
    names = {key: place.name for key, place in catalogue.territories.items()}
    provinces = [names.get(places[row].parent_id or "", UNKNOWN) for row in cantons]
    sizes = [_size(count) for count in people]
    of_types = [*sorted(VOCABULARIES["organisation_types"]), UNKNOWN]
    return Exposure(
        types=_shares(of_types, types, None, rows),
        provinces=_shares(sorted(set(provinces)), provinces, people, there),
        sizes=_shares([*(name for _, name in SIZES), UNKNOWN], sizes, people, there),
    )


def markdown(exposure: Exposure, provenance: Provenance) -> str:
    """Write the tables, and which organisation types are hardly shown."""
    parts = [INTRODUCTION]
    for title, first, shares in (
        ("Organisation types", "practices of", exposure.types),
        ("Canton sizes (population)", "cantons of", exposure.sizes),
        ("Provinces", "cantons in", exposure.provinces),
    ):
        parts.append(f"## {title}\n\n{_table(first, shares)}")
    for mode in MODES:
        hardly = ", ".join(exposure.hardly_shown(mode)) or "none"
        parts.append(f"Organisation types below half of their catalogue share in mode={mode}: {hardly}.")
    return "\n\n".join([*parts, _footer(provenance), ""])


def document(exposure: Exposure, provenance: Provenance) -> dict[str, object]:
    """Return the same figures as plain data, ready for `json.dumps`."""
    hardly = {mode: exposure.hardly_shown(mode) for mode in MODES}
    return {**asdict(exposure), "hardly_shown": hardly, "provenance": asdict(provenance)}


def _footer(provenance: Provenance) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in provenance.versions.items())
    return (
        f"Data: {provenance.data}. Model: {provenance.model}. Nothing is drawn at random. "
        f"Machine: {provenance.machine}. {libraries}."
    )


INTRODUCTION = (
    "Shares of the first ten rows against shares of the whole; 1.00 is in proportion. Organisation "
    "types: the ten practices that come first in every canton, with the re-rank for variety, those that run "
    "there already left out. Cantons: the ten that come first for every practice, those where it runs left "
    "out. Nobody's need or profile is asked with. mode=fit holds constant what reaches a place anyway, "
    "mode=likely counts it."
)


def _first_practices(
    pipeline: Pipeline, cantons: NDArray[np.intp], mode: str, progress: Progress | None
) -> Counter[int]:
    """Count how often each practice is among a canton's first ten."""
    ids, row = tuple(pipeline.catalogue.territories), {id: at for at, id in enumerate(pipeline.practice_ids)}
    found: Counter[int] = Counter()
    for done, canton in enumerate(cantons, start=1):
        ranking = pipeline.recommend(Query(territory_id=ids[canton], k=TEN, mode=mode))
        found.update(row[each.practice_id] for each in ranking.recommendations)
        if progress:
            progress(done + len(cantons) * MODES.index(mode), len(cantons) * len(MODES))
    return found


def _first_places(pipeline: Pipeline, cantons: NDArray[np.intp], mode: str) -> Counter[int]:
    """Count how often each canton (by its position) is among a practice's first ten."""
    fits = pipeline.score_pairs(None, cantons, Query(mode=mode))
    score = np.where(fits.present, -np.inf, fits.score)
    first = np.argsort(-score, axis=1, kind="stable")[:, :TEN]
    return Counter(first.ravel().tolist())


def _people(pipeline: Pipeline, cantons: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return each canton's latest population; NaN unknown."""
    place = {id: row for row, id in enumerate(pipeline.catalogue.territories)}
    latest: dict[int, tuple[int, float]] = {}
    for observation in pipeline.catalogue.observations:
        if observation.indicator_id == "population":
            row = place[observation.territory_id]
            latest[row] = max(latest.get(row, (0, 0.0)), (observation.year, observation.value))
    return np.array([latest.get(int(row), (0, np.nan))[1] for row in cantons], dtype=np.float64)


def _size(people: float) -> str:
    if not np.isfinite(people):
        return UNKNOWN
    return [name for least, name in SIZES if people >= least][-1]


def _shares(
    names: Sequence[str],
    groups: Sequence[str],
    people: NDArray[np.float64] | None,
    rows: Mapping[str, Counter[int]],
) -> tuple[Share, ...]:
    """Sum up groups; those with no member are left out."""
    found = []
    for name in names:
        members = np.array([group == name for group in groups], dtype=bool)
        if not members.any():
            continue
        given = {
            mode: sum(n for at, n in counts.items() if members[at]) / max(counts.total(), 1)
            for mode, counts in rows.items()
        }
        part = None if people is None else float(np.nansum(people[members]) / np.nansum(people))
        found.append(Share(name, float(members.mean()), part, given))
    return tuple(found)


def _table(first: str, shares: Sequence[Share]) -> str:
    with_people = any(share.people is not None for share in shares)
    heads = [first, "share of the whole", *(["share of the people"] if with_people else [])]
    heads += [head for mode in MODES for head in (f"rows, {mode}", f"rows / whole, {mode}")]
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
    for share in shares:
        cells = [share.name, f"{share.whole:.1%}"]
        cells += [] if not with_people else ["" if share.people is None else f"{share.people:.1%}"]
        cells += [c for mode in MODES for c in (f"{share.rows[mode]:.1%}", f"{share.ratio(mode):.2f}")]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
