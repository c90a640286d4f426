"""Ten real pairs: every figure of a comparison follows from the CSV files by the formula it names.

The figures in `PAIRS` were worked out from the files with a calculator's steps: latest value here and
there, their difference over the standard deviation (dividing by n) of the cantons' own latest values,
great-circle distance, years to 2026, filled fields of the record. The other figures of the same pairs
are worked out anew below with pandas alone.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommender.domain import Adoption
from recommender.package import read_packages
from recommender.pipeline import Pipeline
from recommender.text.embedding import Embedder, VectorCache
from recommender.transfer import TransferIndex
from tests.recommender.conftest import HashEncoder

PAIRS = [
    line.split()
    for line in """
humor-y-vida-buque-azart-manta EC-0901 EC-1308 foreign_born_share 2.533 5.216 -1.533 180.9 5 6
quito-plan-movilidad-humana-gcf EC-0101 EC-1701 foreign_born_share 3.219 4.308 -0.622 316.7 0 8
guayaquil-centro-ciudadanos-integrados EC-1308 EC-0901 foreign_born_share 5.216 2.533 1.533 180.9 3 6
uda-educa-sin-limites-cuenca EC-1101 EC-0101 urban_share 81.389 60.648 0.939 136.0 5 7
puce-ibarra-acnur-vinculacion EC-0401 EC-1001 foreign_born_share 9.025 4.602 2.527 43.6 2 5
tdh-camino-seguro-cotacachi EC-0601 EC-1003 urban_share 67.928 19.86 2.176 230.9 8 7
hias-agronegocios-mujeres-lago-agrio EC-2201 EC-2101 foreign_born_share 3.3 7.69 -2.508 85.0 - 4
shamuico-saraguro-retorno EC-1003 EC-1111 foreign_born_share 1.938 0.457 0.846 439.6 - 5
galapagos-registro-residentes EC-0901 EC-2003 households_fixed_internet 67.763 42.835 1.704 1161.2 19 7
oim-pidem-frontera-norte EC-0401 EC-0405 urban_share 61.401 48.993 0.562 52.5 13 9
""".strip().splitlines()
]
"""Practice, here, there, indicator, value here, value there, sd, km, years (- unknown), fields."""
NAMES = [f"{pair[0]}-{pair[1]}" for pair in PAIRS]


@pytest.fixture(scope="module")
def folder(pytestconfig):
    return pytestconfig.rootpath / "data" / "ecuador"


@pytest.fixture(scope="module")
def index(folder, taxonomy, tmp_path_factory):
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))
    return TransferIndex.build(Pipeline.build(read_packages([folder]), taxonomy, embedder))


@pytest.fixture(scope="module")
def widespread(folder, taxonomy, tmp_path_factory):
    """The same catalogue as if one practice had run in twelve cantons of the coast."""
    catalogue = read_packages([folder])
    coast = [t.id for t in catalogue.territories.values() if t.level == "admin2" and t.region == "Costa"]
    more = [Adoption("uda-educa-sin-limites-cuenca", id, None, None, None, None) for id in coast[::4][:12]]
    embedder = Embedder(HashEncoder, VectorCache(tmp_path_factory.mktemp("vectors"), "hash-8"))
    changed = replace(catalogue, adoptions=(*catalogue.adoptions, *more))
    return TransferIndex.build(Pipeline.build(changed, taxonomy, embedder))


@pytest.fixture(scope="module")
def latest(folder):
    rows = pd.read_csv(folder / "observations.csv").sort_values("year")
    rows = rows.drop_duplicates(["territory_id", "indicator_id"], keep="last")
    return rows.set_index(["territory_id", "indicator_id"])


@pytest.fixture(scope="module")
def spread(latest):
    """Standard deviation of each indicator over a country's territories of one level."""
    table = latest.reset_index().pivot_table(index="territory_id", columns="indicator_id", values="value")
    level = np.where(table.index.str.match(r"EC-\d{4}$"), "canton", "province")
    return table[table.index != "EC"].groupby(level[table.index != "EC"]).std(ddof=0)


def factor(found, code):
    return next(result for result in found.factors if result.factor.code == code)


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_the_figures_are_those_worked_by_hand(index, pair):
    practice, territory, origin, indicator, *figures = pair
    here, there, sd, km, years, fields = (None if cell == "-" else float(cell) for cell in figures)

    found = index.compare(practice, territory)

    parts = {part.indicator_id: part for result in found.factors for part in result.finding.parts}
    part = parts[indicator]
    assert found.origin_id == origin
    assert (round(part.here, 3), round(part.there, 3), round(part.sd, 3)) == (here, there, sd)
    assert part.flagged is (abs(sd) > 1)
    assert round(factor(found, "distance").finding.there.number, 1) == km
    age = factor(found, "age").finding.there
    assert (None if age is None else age.number) == years
    assert factor(found, "documentation").finding.there.number == fields


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_every_indicator_compared_follows_from_the_files(index, latest, spread, pair):
    found = index.compare(pair[0], pair[1])

    told = [part for result in found.factors for part in result.finding.parts]
    assert len({part.indicator_id for part in told}) >= 25
    for part in told:
        here, there = (
            latest.loc[(place, part.indicator_id)] for place in (part.here_from_id, part.there_from_id)
        )
        assert (part.here, part.here_year) == (here["value"], here["year"])
        assert (part.there, part.there_year) == (there["value"], there["year"])
        levels = ["canton" if len(id) == 7 else "province" for id in (part.here_from_id, part.there_from_id)]
        sd = max(spread.loc[level, part.indicator_id] for level in levels)
        assert part.sd == pytest.approx((here["value"] - there["value"]) / sd, rel=1e-9)


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_means_over_indicators_follow_from_their_parts_and_weights(index, pair):
    found = index.compare(pair[0], pair[1])

    for code in ("population_profile", "culture", "mobility_profile"):
        finding = factor(found, code).finding
        weights = [0.1 + part.importance for part in finding.parts]
        assert finding.sd == pytest.approx(
            np.average([abs(part.sd) for part in finding.parts], weights=weights)
        )
        assert factor(found, code).status == ("differs" if finding.sd > 0.75 else "alike")
    lacking = factor(found, "infrastructure").finding
    short = [max(0.0, -part.sd) for part in lacking.parts]
    assert lacking.sd == pytest.approx(np.average(short, weights=[0.1 + p.importance for p in lacking.parts]))


@pytest.mark.parametrize("pair", PAIRS, ids=NAMES)
def test_strengths_of_the_chain_follow_from_the_factors(index, pair):
    found = index.compare(pair[0], pair[1])

    for link in found.chain:
        own = [r for r in found.factors if r.factor.link == link.code and r.factor.code != "coverage"]
        assert all(r.importance == pytest.approx(r.factor.weight * (1 + r.named) / 2) for r in own)
        known = sum(r.importance for r in own if r.status in ("alike", "differs"))
        assert link.coverage == pytest.approx(known / sum(r.importance for r in own))
        if known:
            alike = sum(r.importance for r in own if r.status == "alike")
            assert link.strength == pytest.approx(alike / known)
    known = [r for r in found.factors if r.factor.code != "coverage" and r.status in ("alike", "differs")]
    assert found.coverage == pytest.approx(len(known) / 28)


def test_a_budget_is_scaled_by_the_refugees_and_migrants_the_census_counts(index):
    cost = index.compare("oim-pidem-frontera-norte", "EC-0401").plan.cost

    # Tulcán: 9.025 % of 92,375 people born abroad; Montúfar: 9.017 % of 29,590; 100 million dollars
    assert cost.persons_here == pytest.approx(0.09025 * 92_375)
    assert cost.persons_there == pytest.approx(0.09017 * 29_590, rel=1e-9)
    assert cost.scaled_usd == pytest.approx(100e6 * (0.09025 * 92_375) / (0.09017 * 29_590))
    assert cost.years == 13


def test_like_cases_are_within_half_a_standard_deviation_of_the_target(index, latest, spread):
    cases = 0
    for practice, territory, *_ in PAIRS:
        found = index.compare(practice, territory)
        for action in found.plan.actions:
            for case in action.cases:
                cases += 1
                id = case.value.indicator_id
                here = index.pipeline.matrix.values[
                    index.pipeline.territory_rows[territory], index.pipeline.matrix.indicator_ids.index(id)
                ]
                assert abs(case.value.number - here) <= 0.5 * spread[id].max() + 1e-9
                assert case.value.number == latest.loc[(case.value.territory_id, id), "value"]
    assert cases


def test_where_it_ran_in_ten_places_the_index_and_mean_differences_are_given(widespread):
    found = widespread.compare("uda-educa-sin-limites-cuenca", "EC-1101").generality

    matrix = widespread.pipeline.matrix
    ran = [adoption.territory_id for adoption in widespread.ground.places["uda-educa-sin-limites-cuenca"]]
    others = [id for id in matrix.territory_ids if len(id) == 7 and id not in ran]
    z = pd.DataFrame(matrix.z.astype(float), matrix.territory_ids, matrix.indicator_ids)
    assert (found.places, found.population) == (13, len(others))
    assert 0 < found.index < 1
    for covariate in found.covariates:
        ours, theirs = z.loc[ran, covariate.indicator_id], z.loc[others, covariate.indicator_id]
        assert covariate.smd == pytest.approx((ours.mean() - theirs.mean()) / theirs.std(ddof=0))
        assert covariate.flagged is bool(abs(covariate.smd) > 0.25)
