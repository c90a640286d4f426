"""An invented world whose right answers are known by construction: the checkerboard.

Tierra Nueva has two coastal and two mountain provinces of three cantons each. Six practices help
fishing villages, six help mountain farms; every canton already runs every practice of its kind but
one, the one with its own number. So for canton ``XX-C1-1`` (coastal, number 0) the practice
``coast-0`` must come first and the mountain practices last; for practice ``coast-0`` the canton
``XX-C1-1`` must come first.

Values are round, so that tests can work them by hand. With j the number of a canton within its
kind (0-5):

====================  =========  ==============  ==============  ================================
indicator             direction  coast           mountain        remark
====================  =========  ==============  ==============  ================================
fish_spoiled_share    need_high  50 + 2j         10 + 2j         a value of 2010 is superseded
frost_loss_share      need_high  10 + 2j         50 + 2j
altitude              context    10 + j          2500 + 100j
school_attendance     need_low   80 + j          86 + j          unknown in XX-S2-3
documents_share       need_low   40, 50          60, 70          provinces only: cantons borrow
theft_rate            need_high  100 or 20       20              shrunk; XX-C1-1 has 1,000 people
age_15_29_share       context    30 + j          20 + j          youth
population            context    10,000          10,000          XX-C1-1: 1,000
====================  =========  ==============  ==============  ================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from recommender.domain import (
    Adoption,
    Catalogue,
    Indicator,
    Neighbour,
    Observation,
    Organisation,
    Practice,
    Source,
    Territory,
    Text,
)

PROVINCES = ("XX-C1", "XX-C2", "XX-S1", "XX-S2")
COAST = tuple(f"XX-C{province}-{canton}" for province in (1, 2) for canton in (1, 2, 3))
MOUNTAIN = tuple(f"XX-S{province}-{canton}" for province in (1, 2) for canton in (1, 2, 3))
YEAR = 2022

INDICATORS = (
    ("age_15_29_share", "Young people aged 15-29", "Jóvenes de 15 a 29 años", "%", "context", None),
    ("altitude", "Altitude of the seat", "Altitud de la cabecera", "m", "context", None),
    (
        "documents_share",
        "People with an identity document",
        "Personas con documento de identidad",
        "%",
        "need_low",
        None,
    ),
    ("fish_spoiled_share", "Fish catch that spoils", "Pesca que se echa a perder", "%", "need_high", None),
    ("frost_loss_share", "Harvest lost to frost", "Cosecha perdida por heladas", "%", "need_high", None),
    ("population", "Population", "Población", "persons", "context", None),
    ("school_attendance", "School attendance", "Asistencia escolar", "%", "need_low", None),
    ("theft_rate", "Thefts", "Robos", "per 100,000", "need_high", 10_000.0),
)

PRACTICES = """
Ice boxes for fishing boats | Cajas de hielo para barcas de pesca
Fishing villages keep the catch fresh at sea. | Las aldeas pesqueras conservan fresca la pesca en el mar.
Fish drying racks | Secaderos de pescado
Fishing villages dry surplus fish on the beach. | Las aldeas pesqueras secan en la playa el pescado sobrante.
Shared landing pier | Muelle compartido
Fishing villages land and weigh fish together. | Las aldeas pesqueras desembarcan y pesan juntas el pescado.
Fish market by telephone | Mercado de pescado por teléfono
Fishing villages sell the catch before landing. | Las aldeas pesqueras venden la pesca antes de desembarcar.
Shellfish smoking ovens | Hornos para ahumar mariscos
Fishing villages smoke shellfish for sale. | Las aldeas pesqueras ahúman mariscos para venderlos.
Cold room for fish | Cuarto frío para pescado
Fishing villages store fish until market day. | Las aldeas pesqueras guardan el pescado hasta el mercado.
Frost nets over potato plots | Mallas contra heladas en papales
Mountain farms shield potatoes from frost. | Las fincas de montaña protegen las papas de la helada.
Frost warnings by radio | Avisos de heladas por radio
Mountain farms hear of frost the evening before. | Las fincas de montaña oyen de la helada la tarde anterior.
Stone terraces | Terrazas de piedra
Mountain farms store the day's heat for the crops. | Las fincas de montaña guardan el calor para los cultivos.
Hardy seed bank | Banco de semillas resistentes
Mountain farms lend seed that stands the frost. | Las fincas de montaña prestan semilla que resiste la helada.
Greenhouses of adobe | Invernaderos de adobe
Mountain farms grow vegetables despite the frost. | Las fincas de montaña cultivan verduras pese a la helada.
Harvest insurance circle | Círculo de seguro de cosechas
Mountain farms share the loss of a frozen harvest. | Las fincas de montaña reparten la pérdida por heladas.
"""
"""Two lines for each practice: title and summary, each in English and Spanish."""


class World(NamedTuple):
    """The catalogue, and how much each practice's text says each indicator matters, float32 [P, I].

    Coastal practices: spoiled fish 0.6, altitude 0.2, documents 0.2; mountain practices the same
    with frost in the place of fish.
    """

    catalogue: Catalogue
    relevance: NDArray[np.float32]


def world() -> World:
    """Build the checkerboard, anew each time."""
    practices = _practices()
    indicators = [
        Indicator(id, Text({"es": es, "en": en}), Text(), unit, direction, "invented", None, persons)
        for id, en, es, unit, direction, persons in INDICATORS
    ]
    catalogue = Catalogue(
        territories=_by_id(_territories()),
        indicators=_by_id(indicators),
        practices=_by_id(practices),
        organisations=_by_id(
            [
                Organisation("fishers", "Fishers' Union", "civil_society", "XX"),
                Organisation("highlands", "Highland Council", "public_institution", "XX", ("Highlands",)),
            ]
        ),
        observations=tuple(_observations()),
        adoptions=tuple(
            Adoption(f"{kind}-{number}", canton, 2015 + number, None, None, None)
            for kind, cantons in (("coast", COAST), ("mountain", MOUNTAIN))
            for number in range(6)
            for own, canton in enumerate(cantons)
            if own != number
        ),
        neighbours=tuple(_neighbours()),
        sources=MappingProxyType({"invented": Source("invented", "Nobody", "Made up for tests", None)}),
        version="checkerboard",
    )
    ids = [indicator[0] for indicator in INDICATORS]
    relevance = np.zeros((len(practices), len(ids)), dtype=np.float32)
    relevance[:, ids.index("altitude")] = relevance[:, ids.index("documents_share")] = 0.2
    relevance[:6, ids.index("fish_spoiled_share")] = 0.6
    relevance[6:, ids.index("frost_loss_share")] = 0.6
    return World(catalogue, relevance)


def row(ids: Mapping[str, object] | Iterable[str], id: str) -> int:
    """Position of an id in one of the catalogue's mappings."""
    return list(ids).index(id)


Item = TypeVar("Item", Territory, Indicator, Practice, Organisation)


def _by_id(items: Iterable[Item]) -> Mapping[str, Item]:
    return MappingProxyType({item.id: item for item in sorted(items, key=lambda item: item.id)})


def _territories() -> list[Territory]:
    territories = [Territory("XX", "Tierra Nueva", "country", None, None, 0.0, -79.0, country_id="XX")]
    for province in PROVINCES:
        region, longitude = ("Costa", -81.0) if "C" in province else ("Sierra", -78.0)
        name, latitude = f"{region} {province[-1]}", float(province[-1])
        places = [(province, name, "admin1", "XX", latitude)]
        places += [
            (f"{province}-{n}", f"{name}.{n}", "admin2", province, latitude + (n - 2) / 5) for n in (1, 2, 3)
        ]
        territories += [
            Territory(*place[:4], None, place[4], longitude, 1000.0, region, country_id="XX")
            for place in places
        ]
    return territories


def _practices() -> list[Practice]:
    lines = [line.split(" | ") for line in PRACTICES.strip().splitlines()]
    return [
        Practice(
            id=f"{kind}-{number}",
            title=Text(dict(zip(("en", "es"), lines[2 * (first + number)], strict=True))),
            summary=Text(dict(zip(("en", "es"), lines[2 * (first + number) + 1], strict=True))),
            organisation_id="fishers" if kind == "coast" else "highlands",
            themes=("food_agriculture", "economic_inclusion" if kind == "coast" else "climate_environment"),
            populations=("youth", "host_community") if kind == "coast" else ("host_community",),
            sdgs=(14,) if kind == "coast" else (13,),
            start_year=2015 + number,
        )
        for kind, first in (("coast", 0), ("mountain", 6))
        for number in range(6)
    ]


def _observations() -> list[Observation]:
    def seen(territory: str, year: int = YEAR, **values: float) -> list[Observation]:
        return [Observation(territory, id, year, float(value), "invented") for id, value in values.items()]

    rows = seen("XX", fish_spoiled_share=35, frost_loss_share=35)
    for number, province in enumerate(PROVINCES):
        coast = number < 2
        rows += seen(
            province,
            fish_spoiled_share=(52, 58, 12, 18)[number],
            frost_loss_share=(12, 18, 52, 58)[number],
            documents_share=(40, 50, 60, 70)[number],
            theft_rate=20,
            age_15_29_share=(31, 34, 21, 24)[number],
            population=21_000 if number == 0 else 30_000,
        )
        for j in range(3 * (number % 2), 3 * (number % 2) + 3):
            canton = (COAST if coast else MOUNTAIN)[j]
            rows += seen(
                canton,
                fish_spoiled_share=(50 if coast else 10) + 2 * j,
                frost_loss_share=(10 if coast else 50) + 2 * j,
                altitude=10 + j if coast else 2500 + 100 * j,
                theft_rate=100 if canton == "XX-C1-1" else 20,
                age_15_29_share=(30 if coast else 20) + j,
                population=1_000 if canton == "XX-C1-1" else 10_000,
            )
            if canton != "XX-S2-3":
                rows += seen(canton, school_attendance=(80 if coast else 86) + j)
    return rows + seen("XX-C1-1", 2010, fish_spoiled_share=99)


def _neighbours() -> list[Neighbour]:
    chain = [*COAST, *MOUNTAIN]
    return [
        Neighbour(*pair, None, True)
        for here, there in pairwise(chain)
        for pair in ((here, there), (there, here))
    ]
