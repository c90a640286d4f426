"""Small catalogues and episodes, made by hand."""

import numpy as np
import pytest

from recommender.domain import Adoption, Catalogue, Neighbour, Practice, Territory, Text
from training.history import History, Places
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
