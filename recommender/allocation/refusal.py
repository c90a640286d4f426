"""Why there is no portfolio, in Spanish and English."""

from __future__ import annotations

from collections.abc import Mapping

from recommender.allocation.problem import Problem
from recommender.allocation.query import InfeasiblePortfolio, PortfolioQuery
from recommender.allocation.shortage import BUDGET, PER_PRACTICE, PER_TERRITORY, Conflict, Shortage
from recommender.domain import Text
from recommender.figures import join, number

TO = {"es": "para", "en": "for"}
NOTHING_COUNTS = {
    "es": "Ninguna cartera cumple: {limit}. Las subvenciones posibles que cuentan para ese mínimo no bastan, "
    "o no hay ninguna: pida menos, o amplíe prácticas y territorios.",
    "en": "Infeasible because no portfolio keeps: {limit}. The possible grants that count for that minimum "
    "are too few, or there is none: ask for less, or admit more practices and territories.",
}
"""Where one minimum share alone cannot be met."""
UNKNOWN_COSTS = {
    "es": "Las prácticas de costo desconocido no entran: con un costo supuesto entrarían.",
    "en": "Practices of unknown cost are left out: with an assumed cost they would count.",
}


def infeasible(
    query: PortfolioQuery,
    problem: Problem,
    shortage: Shortage,
    conflict: Conflict,
    names: Mapping[str, Text],
) -> InfeasiblePortfolio:
    """Return the refusal that names the conflicting limits and how to resolve them.

    Parameters
    ----------
    query : PortfolioQuery
    problem : Problem
    shortage : Shortage
        By how much the shares are missed at least.
    conflict : Conflict
    names : mapping of str to Text
        Name of a share -> what it is for, in words.
    """
    said = {language: _limits(query, conflict, names, language) for language in ("es", "en")}
    missing = {
        share.name: int(cents)
        for share, cents in zip(problem.shares, shortage.cents, strict=True)
        if cents > 0
    }
    least = {
        language: join(
            [
                f"{_money(cents, language)} {TO[language]} {names[name].get(language)}"
                for name, cents in missing.items()
            ],
            language,
        )
        for language in ("es", "en")
    }
    remedy_es = f"Afloje uno de ellos; con todos a la vez faltan al menos {least['es']}."
    remedy_en = f"Loosen one of them; with all of them at least {least['en']} is missing."
    if not (shortage.proven and conflict.proven):
        return InfeasiblePortfolio(
            es=f"No se encontró en {query.seconds:g} s una cartera que cumpla a la vez: {said['es']}. "
            f"No está probado que no la haya; dé más tiempo o afloje un límite. Lo más cercano "
            f"encontrado deja sin cubrir {least['es']}.",
            en=f"No portfolio was found in {query.seconds:g} s that keeps all of: {said['en']}. "
            f"It is not proven that there is none; allow more time or loosen a limit. The nearest "
            f"found leaves {least['en']} uncovered.",
            **_facts(conflict, missing, proven=False),
        )
    if len(conflict.limits) == 1:
        es, en = (NOTHING_COUNTS[language].format(limit=said[language]) for language in ("es", "en"))
    else:
        es = f"Ninguna cartera cumple a la vez: {said['es']}. {remedy_es}"
        en = f"Infeasible because no portfolio keeps all of: {said['en']}. {remedy_en}"
    if query.assumed is None:
        es, en = f"{es} {UNKNOWN_COSTS['es']}", f"{en} {UNKNOWN_COSTS['en']}"
    return InfeasiblePortfolio(es=es, en=en, **_facts(conflict, missing, proven=True))


def _facts(conflict: Conflict, missing: dict[str, int], proven: bool) -> dict[str, object]:
    return {
        "conflict": list(conflict.limits),
        "minimal": conflict.minimal,
        "proven": proven,
        "missing_usd": {name: cents / 100 for name, cents in missing.items()},
    }


def _money(cents: int, language: str) -> str:
    figure = number(cents / 100, language, 0)
    return f"{figure} USD" if language == "es" else f"USD {figure}"


def _percent(part: float, language: str) -> str:
    return number(100 * part, language, 0 if round(100 * part, 6).is_integer() else 1)


def _limits(query: PortfolioQuery, conflict: Conflict, names: Mapping[str, Text], language: str) -> str:
    """Say each conflicting limit with its figure."""
    spanish = language == "es"
    parts = {quota.name: quota.part for quota in query.quotas}
    budget = _money(query.budget, language)
    words = {
        BUDGET: f"un presupuesto de {budget}" if spanish else f"a budget of {budget}",
        PER_TERRITORY: f"a lo sumo {query.max_per_territory} por territorio"
        if spanish
        else f"at most {query.max_per_territory} per territory",
        PER_PRACTICE: f"a lo sumo {query.max_per_practice} por práctica"
        if spanish
        else f"at most {query.max_per_practice} per practice",
    }
    shares = {
        name: f"al menos {_percent(part, language)} % para {names[name].get(language)}"
        if spanish
        else f"at least {_percent(part, language)}% for {names[name].get(language)}"
        for name, part in parts.items()
    }
    return "; ".join((words | shares)[name] for name in conflict.limits)
