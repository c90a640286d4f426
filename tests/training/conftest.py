"""Small catalogues and episodes, made by hand."""

import numpy as np
import pytest

from recommender.domain import Adoption, Catalogue, Neighbour, Practice, Territory, Text
from training.history import History, Places, read_records
from training.task import Episode


@pytest.fixture
def catalogue_of():
    """Build a catalogue from `{territory: (country, lat, lon)}` and `{practice: (title, year, sites)}`.

    Sites are a list of territories, or a mapping of territory to year.
    """

    def build(places, practices, borders=()):
        territories = {
            key: Territory(key, key, "admin1", country, latitude=lat, longitude=lon, country_id=country)
            for key, (country, lat, lon) in places.items()
        }
        for country in {country for country, _, _ in places.values()}:
            territories[country] = Territory(country, country, "country", country_id=country)
        return Catalogue(
            territories=dict(sorted(territories.items())),
            indicators={},
            practices={
                key: Practice(key, Text({"en": title}), Text(), start_year=year)
                for key, (title, year, _) in sorted(practices.items())
            },
            organisations={},
            observations=(),
            adoptions=[
                Adoption(key, site, sites[site] if isinstance(sites, dict) else None, None, None, None)
                for key, (_, _, sites) in practices.items()
                for site in sites
            ],
            neighbours=[Neighbour(a, b, None, True) for a, b in borders],
            sources={},
            version="test",
        )

    return build


@pytest.fixture
def episode_of():
    """Build an episode in which practices look for places from plain lists."""

    def build(sites, known, texts=None, asked=("",), years=None, km=None, borders=None, subjects=("q",)):
        sites, known = np.array(sites, dtype=bool), np.array(known, dtype=bool)
        rows, columns = sites.shape
        history = History(
            cutoff=1990,
            practice_ids=np.array([f"p{row}" for row in range(rows)], dtype=object),
            texts=np.array(texts or [""] * rows, dtype=object),
            places=Places(
                ids=np.array([f"t{column}" for column in range(columns)], dtype=object),
                countries=np.full(columns, "X", dtype=object),
                distance_km=np.zeros((columns, columns)) if km is None else np.array(km, dtype=float),
                borders=np.zeros((columns, columns), bool) if borders is None else np.array(borders, bool),
            ),
            sites=sites,
            years=np.full(sites.shape, np.nan) if years is None else np.array(years, dtype=float),
            start_years=np.full(rows, 1980.0),
        )
        return Episode(
            name="X",
            history=history,
            query_ids=np.array([f"{subject}@X" for subject in subjects], dtype=object),
            subjects=np.array(subjects, dtype=object),
            texts=np.array(asked, dtype=object),
            item_ids=history.places.ids,
            known=known,
            candidates=~known,
            relevant=np.zeros_like(known),
        )

    return build


@pytest.fixture
def dated(catalogue_of):
    """Sixty policies that spread over eight places from 1960 on."""
    places = {f"t{i}": ("X", float(i), 0.0) for i in range(8)}
    rng = np.random.default_rng(1)
    practices = {}
    for number in range(60):
        begun = 1955 + number // 2
        order = rng.permutation(8)[: 3 + number % 5]
        practices[f"p{number:02}"] = (
            f"policy {number}",
            begun,
            {f"t{place}": begun + 3 * step for step, place in enumerate(order)},
        )
    return read_records(catalogue_of(places, practices))


@pytest.fixture
def projects(catalogue_of):
    """240 projects of two countries, one after the other."""
    places = {f"{c}{i:02}": (c, float(i), 0.0) for c in "XY" for i in range(12)}
    rng = np.random.default_rng(2)
    practices = {}
    for number in range(240):
        country = "XY"[number % 2]
        sites = sorted(rng.choice(12, size=3 + number % 5, replace=False))
        title = f"project {'abcdefghij'[number % 10]}{'klmnopqrstuvwxyzabcdefgh'[number // 10]} of water"
        practices[f"p{number:03}"] = (title, 1990 + number // 12, [f"{country}{i:02}" for i in sites])
    return read_records(catalogue_of(places, practices))
