"""From portfolios to their schema and tables, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from api.answers import NOTICE, place_brief
from api.csv_rows import BYTE_ORDER_MARK, flat, write_csv
from api.schemas_portfolio import (
    GrantOut,
    GreedyOut,
    MoreOut,
    PairOut,
    PortfolioOut,
    PracticeBrief,
    ShareOut,
)
from api.snapshot import Snapshot
from api.spreadsheet import write_xlsx
from recommender.allocation.costs import ASSUMED
from recommender.allocation.limit_names import quota_names
from recommender.allocation.query import Grant, Greedy, More, Portfolio
from recommender.allocation.sensitivity import SURVIVES
from recommender.figures import number
from recommender.query import FIT

COST_NOTES = {
    "es": {
        "recorded": "Presupuesto registrado de la práctica de origen; replicarla puede costar otra cosa.",
        "recorded_part": "La parte del presupuesto registrado que corresponde al horizonte.",
        "assumed": "SUPUESTO de quien pregunta: el costo de la práctica no se conoce.",
    },
    "en": {
        "recorded": "Recorded budget of the practice of origin; replicating it may cost otherwise.",
        "recorded_part": "The horizon's part of the recorded budget.",
        "assumed": "ASSUMPTION of the asker: the practice's cost is not known.",
    },
}

ASSUMPTIONS = {
    "es": {
        "none": "Las prácticas de costo desconocido no entran: no se indicó un costo supuesto.",
        "assumed": "Donde el costo no se conoce se supone {value} USD por subvención (entre {low} y {high}).",
        "draws": "Robustez: {draws} sorteos (semilla {seed}); cada valor varía con dispersión de {score} %, "
        "los costos registrados ±{cost} %, los supuestos dentro de su rango.",
        "people": "No se afirma ningún total de personas alcanzadas: los grupos se superponen.",
    },
    "en": {
        "none": "Practices of unknown cost are left out: no assumed cost was given.",
        "assumed": "Where the cost is not known USD {value} a grant is assumed (between {low} and {high}).",
        "draws": "Robustness: {draws} draws (seed {seed}); each value varies with a spread of {score}%, "
        "recorded costs by ±{cost}%, assumed ones within their range.",
        "people": "No total of people reached is claimed: groups overlap.",
    },
}


def _model_remarks(portfolio: Portfolio, state: Snapshot, language: str) -> list[str]:
    """Return what to know of the learned model where the money would go."""
    pipeline = state.pipeline
    places = sorted({pipeline.territory_rows[grant.territory_id] for grant in portfolio.grants})
    used = pipeline.builder.model_use(np.array(places, dtype=np.intp), FIT)
    return [remark.get(language) for remark in used.remarks]


def portfolio_out(portfolio: Portfolio, state: Snapshot, language: str) -> PortfolioOut:
    """Return a portfolio in `language`."""
    query, pipeline = portfolio.query, state.pipeline
    names = {
        share: name.get(language)
        for share, name in quota_names(query, pipeline.catalogue, pipeline.taxonomy).items()
    }
    return PortfolioOut(
        notice=NOTICE[language],
        assumptions=[*_assumptions(portfolio, language), *_model_remarks(portfolio, state, language)],
        language=language,
        status="optimal" if portfolio.optimal else "within_gap",
        grants=[_grant(grant, rank, state, language) for rank, grant in enumerate(portfolio.grants, start=1)],
        budget_usd=query.budget / 100,
        total_usd=portfolio.spent / 100,
        left_usd=(query.budget - portfolio.spent) / 100,
        assumed_usd=sum(grant.cents for grant in portfolio.grants if grant.basis == ASSUMED) / 100,
        value=portfolio.value,
        bound=portfolio.bound,
        gap=portfolio.gap,
        seconds=portfolio.seconds,
        minimum_shares=[
            ShareOut(
                dimension=met.quota.dimension,
                code=met.quota.code,
                name=names[met.quota.name],
                share=met.quota.part,
                needed_usd=met.needed / 100,
                granted_usd=met.met / 100,
            )
            for met in portfolio.quotas
        ],
        greedy=_greedy(portfolio.greedy, portfolio.value, names),
        more=_more(portfolio.more) if portfolio.more else None,
        draws=query.draws,
        unsolved_draws=portfolio.unsolved_draws,
        candidates=portfolio.candidates,
        considered=portfolio.considered,
        excluded=portfolio.excluded,
        already_there=_pairs(portfolio.present),
        data_version=portfolio.data_version,
        model_version=portfolio.model_version,
    )


def portfolio_rows(answer: PortfolioOut) -> list[Mapping[str, Any]]:
    """Return the grants flattened; every row says what the portfolio rests on."""
    rest = {
        "status": answer.status,
        "gap": answer.gap,
        "data_version": answer.data_version,
        "model_version": answer.model_version,
        "notice": answer.notice,
    }
    return [{**flat(grant.model_dump()), **rest} for grant in answer.grants]


def portfolio_csv(answer: PortfolioOut, excel: bool = False) -> str:
    """Return the grants as CSV text."""
    return (BYTE_ORDER_MARK if excel else "") + write_csv(portfolio_rows(answer))


def portfolio_xlsx(answer: PortfolioOut) -> bytes:
    """Return the portfolio as a spreadsheet: grants, summary, shares and what was left out."""
    plain = answer.model_dump(exclude={"grants", "minimum_shares", "excluded", "already_there", "more"})
    summary = [{"field": name, "value": value} for name, value in flat(plain).items()]
    return write_xlsx(
        {
            "grants": portfolio_rows(answer),
            "summary": summary,
            "minimum_shares": [share.model_dump() for share in answer.minimum_shares],
            "more": _changes(answer.more),
            "excluded": [{"reason": reason, "pairs": count} for reason, count in answer.excluded.items()],
            "already_there": [pair.model_dump() for pair in answer.already_there],
        }
    )


def _grant(grant: Grant, rank: int, state: Snapshot, language: str) -> GrantOut:
    catalogue = state.pipeline.catalogue
    practice = catalogue.practices[grant.practice_id]
    return GrantOut(
        rank=rank,
        practice=PracticeBrief(id=practice.id, title=practice.title.get(language)),
        territory=place_brief(catalogue, grant.territory_id, language),
        fit=grant.fit,
        band=grant.band,
        need_percentile=grant.need,
        people=grant.people,
        value=grant.value,
        cost_usd=grant.cents / 100,
        cost_basis=grant.basis,
        cost_note=COST_NOTES[language][grant.basis],
        survival=grant.survival,
        robust=None if grant.survival is None else grant.survival >= SURVIVES,
    )


def _assumptions(portfolio: Portfolio, language: str) -> list[str]:
    query, words = portfolio.query, ASSUMPTIONS[language]
    said = [words["none"]]
    if query.assumed is not None:
        figures = {name: getattr(query.assumed, key) for name, key in _FIGURES.items()}
        said = [words["assumed"].format(**{n: number(c / 100, language, 0) for n, c in figures.items()})]
    if query.draws:
        margins = {"score": query.score_margin, "cost": query.cost_margin}
        shown = {name: number(100 * margin, language, 0) for name, margin in margins.items()}
        said.append(words["draws"].format(draws=query.draws, seed=query.seed, **shown))
    return [*said, words["people"]]


_FIGURES = {"value": "cents", "low": "low", "high": "high"}


def _greedy(greedy: Greedy, value: float, names: Mapping[str, str]) -> GreedyOut:
    return GreedyOut(
        grants=greedy.grants,
        value=greedy.value,
        total_usd=greedy.cents / 100,
        shared_grants=greedy.shared,
        missed_shares=[names[share] for share in greedy.missed],
        advantage=value / greedy.value - 1 if greedy.value else None,
    )


def _more(more: More) -> MoreOut:
    return MoreOut(
        more_usd=more.cents / 100,
        value=more.value,
        gap=more.gap,
        added=_pairs(more.added),
        dropped=_pairs(more.dropped),
    )


def _changes(more: MoreOut | None) -> list[Mapping[str, Any]]:
    if more is None:
        return []
    return [
        {
            "change": change,
            **pair.model_dump(),
            "more_usd": more.more_usd,
            "gain": more.value,
            "gap": more.gap,
        }
        for change, pairs in (("added", more.added), ("dropped", more.dropped))
        for pair in pairs
    ]


def _pairs(pairs: Sequence[tuple[str, str]]) -> list[PairOut]:
    return [PairOut(practice_id=practice, territory_id=territory) for practice, territory in pairs]
