"""How long a reverse ranking takes over many territories: ``python -m tests.benchmarks.many_territories``.

Ecuador's cantons are repeated, each copy's values and place moved a little by lot, until there are as
many territories as asked for. Nothing but time is read off such a catalogue.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import replace
from itertools import cycle

import click
import numpy as np

from api.config import HOME, Settings
from recommender.domain import Catalogue, Observation
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.reverse import PlaceQuery
from recommender.taxonomy import read_taxonomy
from recommender.text.encoders import open_embedder

SPREAD = 0.1
"""Of values, as a part, and of places, in degrees."""
BAR_MS = 400.0
"""Median for 50,000 territories."""


def multiply(catalogue: Catalogue, territories: int, seed: int) -> Catalogue:
    """Repeat the cantons until there are so many territories."""
    random = np.random.default_rng(seed)
    observed: dict[str, list[Observation]] = defaultdict(list)
    for one in catalogue.observations:
        observed[one.territory_id].append(one)
    places, observations = dict(catalogue.territories), list(catalogue.observations)
    cantons = [t for t in places.values() if t.level == "admin2" and t.latitude and t.longitude]
    for number, canton in enumerate(cycle(cantons)):
        if len(places) >= territories:
            break
        id, (north, east) = f"{canton.id}-{number}", random.normal(0, SPREAD, 2)
        assert canton.latitude is not None and canton.longitude is not None
        places[id] = replace(
            canton, id=id, latitude=canton.latitude + north, longitude=canton.longitude + east
        )
        factor = 1 + random.normal(0, SPREAD)
        observations += [
            one._replace(territory_id=id, value=one.value * factor) for one in observed[canton.id]
        ]
    return replace(catalogue, territories=places, observations=tuple(observations))


@click.command()
@click.option("--territories", default=50_000, show_default=True)
@click.option("--questions", default=30, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(territories: int, questions: int, seed: int) -> None:
    """Time reverse rankings, ten rows with reasons each."""
    settings = Settings()
    catalogue = multiply(read_packages(settings.packages), territories, seed)
    taxonomy = read_taxonomy(HOME / "data" / "taxonomy")
    pipeline = Pipeline.build(catalogue, taxonomy, open_embedder(settings.cache))
    practices = np.random.default_rng(seed).choice(pipeline.practice_ids, questions)
    wall, busy = [], []
    for practice in practices:
        began, used = time.perf_counter(), time.process_time()
        found = pipeline.rank_territories(PlaceQuery(str(practice)))
        wall.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - used))
    click.echo(
        f"{found.ranked} ranked of {len(catalogue.territories)} territories, seed {seed}, {questions} "
        f"practices: median {np.median(busy):.0f} ms of the processor, {np.median(wall):.0f} ms by the clock "
        f"(bar for 50,000: {BAR_MS:.0f} ms)"
    )


if __name__ == "__main__":
    main()
