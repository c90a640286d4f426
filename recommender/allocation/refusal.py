"""Why there is no portfolio, in Spanish and English."""

from __future__ import annotations

from recommender.allocation.problem import Problem
from recommender.allocation.query import InfeasiblePortfolio, PortfolioQuery
from recommender.allocation.shortage import BUDGET, PER_PRACTICE, PER_TERRITORY, Conflict, Shortage
from recommender.figures import number


def infeasible(
    query: PortfolioQuery, problem: Problem, shortage: Shortage, conflict: Conflict
) -> InfeasiblePortfolio:
    """Return the refusal that names the conflicting limits and how to resolve them.

    Parameters
    ----------
    query : PortfolioQuery
    problem : Problem
    shortage : Shortage
        By how much the shares are missed at least.
    conflict : Conflict
    """
    said = {language: _limits(query, conflict, language) for language in ("es", "en")}
    missing = {
        share.name: int(cents)
        for share, cents in zip(problem.shares, shortage.cents, strict=True)
        if cents > 0
    }
    least = {
        language: ", ".join(
            f"{name} {number(cents / 100, language, 0)} USD" for name, cents in missing.items()
        )
        for language in ("es", "en")
    }
    remedy_es = f"Afloje uno de ellos; pidiéndolo todo faltan al menos: {least['es']}."
    remedy_en = f"Loosen one of them; with all of them at least this is missing: {least['en']}."
    if not (shortage.proven and conflict.proven):
        return InfeasiblePortfolio(
            es=f"No se encontró en {query.seconds:g} s una cartera que cumpla a la vez: {said['es']}. "
            f"No está probado que no la haya; dé más tiempo o afloje un límite. Lo más cercano "
            f"encontrado deja sin cubrir: {least['es']}.",
            en=f"No portfolio was found in {query.seconds:g} s that keeps all of: {said['en']}. "
            f"It is not proven that there is none; allow more time or loosen a limit. The nearest "
            f"found leaves uncovered: {least['en']}.",
            **_facts(conflict, missing, proven=False),
        )
    return InfeasiblePortfolio(
        es=f"Ninguna cartera cumple a la vez: {said['es']}. {remedy_es}",
        en=f"Infeasible because no portfolio keeps all of: {said['en']}. {remedy_en}",
        **_facts(conflict, missing, proven=True),
    )


def _facts(conflict: Conflict, missing: dict[str, int], proven: bool) -> dict[str, object]:
    return {
        "conflict": list(conflict.limits),
        "minimal": conflict.minimal,
        "proven": proven,
        "missing_usd": {name: cents / 100 for name, cents in missing.items()},
    }


def _limits(query: PortfolioQuery, conflict: Conflict, language: str) -> str:
    """Say each conflicting limit with its figure."""
    spanish = language == "es"
    parts = {quota.name: quota.part for quota in query.quotas}
    budget = number(query.budget / 100, language, 0)
    words = {
        BUDGET: f"presupuesto de {budget} USD" if spanish else f"budget of USD {budget}",
        PER_TERRITORY: f"a lo sumo {query.max_per_territory} por territorio"
        if spanish
        else f"at most {query.max_per_territory} per territory",
        PER_PRACTICE: f"a lo sumo {query.max_per_practice} por práctica"
        if spanish
        else f"at most {query.max_per_practice} per practice",
    }
    least = "al menos" if spanish else "at least"
    return "; ".join(
        words.get(name) or f"{name} {least} {number(100 * parts[name], language, 1)} %"
        for name in conflict.limits
    )
