"""What to do about the differences: changes, questions, requirements, partners, cost, like cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from recommender.domain import LANGUAGES, Text
from recommender.explanation import sentences
from recommender.figures import join, number
from recommender.taxonomy import ORGANISATION_TYPES
from recommender.territory.comparison import ALIKE, FLAG, MATTERS, Comparison
from recommender.territory.groups import GROUP_INDICATORS
from recommender.territory.indicators import POPULATION
from recommender.transfer.factors import FactorTable
from recommender.transfer.measures import bodies_around, needed_types
from recommender.transfer.pair import Pair, indicator_value
from recommender.transfer.places import persons
from recommender.transfer.record import duration
from recommender.transfer.report import (
    Action,
    Case,
    Cost,
    FactorResult,
    Partner,
    Plan,
    Requirement,
    said,
)

HELD = {"alike": "met", "differs": "missing", "ask": "ask", "unknown": "ask"}
"""Status of a factor -> that of the requirement it is about."""
LARGEST = 3.0
"""Standard deviations past which a difference is simply large."""
CASES = 3
LIKE_PRACTICES = 20
ORIGIN_QUESTIONS = 8
OTHER_INDICATORS = "population_profile"
"""Factor under which an indicator stands that no factor lists."""


def plan(
    pair: Pair,
    table: FactorTable,
    results: Sequence[FactorResult],
    answers: dict[str, str],
    similar: Sequence[int],
) -> Plan:
    """Work out the adaptation plan.

    Parameters
    ----------
    pair : Pair
    table : FactorTable
    results : sequence of FactorResult
    answers : dict of str to str
        ``yes`` or ``no`` by code of a factor or requirement.
    similar : sequence of int
        Rows of the practices whose texts are most alike, best first.
    """
    differing = {result.factor.code for result in results if result.status == "differs"}
    return Plan(
        actions=_actions(pair, table, results, similar),
        requirements=_requirements(pair, results, answers),
        partners=_partners(pair),
        cost=_cost(pair),
        origin_questions=_origin_questions(pair, results, differing),
        questions=tuple(
            (
                result.factor.code,
                result.factor.question
                if result.factor.code != "legal_competence"
                else result.finding.sentence,
            )
            for result in sorted(results, key=lambda r: (-r.importance, r.factor.number))
            if result.factor.question and result.answer is None and not result.known
        ),
    )


def _actions(
    pair: Pair, table: FactorTable, results: Sequence[FactorResult], similar: Sequence[int]
) -> tuple[Action, ...]:
    """One action a differing factor, and one an indicator that matters and differs by more than 1 sd."""
    owner = {part.indicator_id: r.factor.code for r in reversed(results) for part in r.finding.parts}
    found = [
        _indicator_action(pair, table, part, owner.get(part.indicator_id, OTHER_INDICATORS), similar)
        for part in pair.compared.values()
        if part.flagged and part.importance >= MATTERS
    ]
    told = {action.indicator_id for action in found}
    for result in results:
        if result.status == "differs":
            leading = next(iter(result.finding.parts), None) if result.basis != "answer" else None
            twice = leading is not None and leading.indicator_id in told
            found.append(_factor_action(pair, table, result, None if twice else leading, similar))
    found.sort(
        key=lambda action: (-action.importance * action.size, action.factor, action.indicator_id or "")
    )
    return tuple(found)


def _factor_action(
    pair: Pair, table: FactorTable, result: FactorResult, leading: Comparison | None, similar: Sequence[int]
) -> Action:
    """Say a factor's change, and with it that of its leading indicator where nothing else says it."""
    finding, change = result.finding, result.factor.change
    cases: tuple[Case, ...] = ()
    if leading is not None and abs(leading.sd) > ALIKE:
        further = _change(table, leading)
        change = Text({x: f"{change.get(x)} {further.get(x)}" for x in LANGUAGES})
        cases = _cases(pair, leading, similar)
    return Action(
        factor=result.factor.code,
        indicator_id=None,
        importance=result.importance,
        size=1.0 if finding.sd is None else min(abs(finding.sd), LARGEST),
        difference=finding.sentence if leading or not finding.summary else finding.summary,
        change=change,
        cases=cases,
    )


def _indicator_action(
    pair: Pair, table: FactorTable, part: Comparison, factor: str, similar: Sequence[int]
) -> Action:
    told = {language: sentences.difference(pair.subject, part, language) for language in ("es", "en")}
    return Action(
        factor=factor,
        indicator_id=part.indicator_id,
        importance=part.importance,
        size=min(abs(part.sd), LARGEST),
        difference=Text(told),
        change=_change(table, part),
        cases=_cases(pair, part, similar),
    )


def _change(table: FactorTable, part: Comparison) -> Text:
    family = table.family(part.indicator_id)
    return family.higher if part.sd > 0 else family.lower


def _cases(pair: Pair, part: Comparison, similar: Sequence[int]) -> tuple[Case, ...]:
    """Find places within 0.5 national standard deviations of the target where it, or one alike, ran."""
    column, matrix = pair.column(part.indicator_id), pair.matrix
    assert column is not None  # the comparison is of this catalogue
    spread = matrix.sd[matrix.group[matrix.origin[pair.here, column]], column]
    places = pair.ground.context.places
    cases: list[Case] = []
    for row in (pair.row, *similar[:LIKE_PRACTICES]):
        rows = places.territory[places.start[row] : places.start[row + 1]]
        rows = rows[(rows != pair.here) & ~matrix.is_country[rows]]
        off = np.abs(matrix.values[rows, column] - part.here) / spread
        near = rows[np.isfinite(off) & (off <= ALIKE)]
        cases += [
            Case(
                practice_id=pair.ground.practice_ids[row],
                territory_id=matrix.territory_ids[place],
                value=indicator_value(pair.ground, int(place), column),
                same_practice=row == pair.row,
            )
            for place in near[:CASES]
        ]
        if len(cases) >= CASES:
            break
    return tuple(cases[:CASES])


def _requirements(
    pair: Pair, results: Sequence[FactorResult], answers: dict[str, str]
) -> tuple[Requirement, ...]:
    """List what it needs by its text, by its budget and by its duration."""
    basis = "stated" if pair.practice.tags_basis == "stated" else "inferred"
    listed = []
    for place, text in enumerate(pair.requirements, 1):
        key = f"requirement-{place}"
        status = {"yes": "met", "no": "missing"}.get(answers.get(key, ""), "ask")
        listed.append(Requirement(text, status, basis, key))
    return tuple([*listed, *_recorded(pair, {result.factor.code: result for result in results})])


def _recorded(pair: Pair, results: Mapping[str, FactorResult]) -> list[Requirement]:
    """List the money and the time on record, as far as the organisation is known to have them."""
    found = []
    budget, years = pair.practice.budget_usd, duration(pair)
    if budget is not None:
        es, en = (number(budget, language, 0) for language in ("es", "en"))
        text = said(f"{es} USD en total", f"{en} USD in all")
        found.append(Requirement(text, HELD[results["cost"].status], "record", None))
    if years is not None:
        text = said(f"Un plazo de hasta {12 * years} meses", f"A term of up to {12 * years} months")
        found.append(Requirement(text, HELD[results["time"].status], "record", None))
    return found


def _partners(pair: Pair) -> tuple[Partner, ...]:
    """List organisations on record around here: needed types first, present or not; then the others."""
    needed, around = needed_types(pair), bodies_around(pair)
    kinds = (*needed, *(kind for kind in ORGANISATION_TYPES if kind not in needed))
    rows = [Partner(kind, kind in needed, tuple(b for b in around if b.type == kind)) for kind in kinds]
    return tuple(row for row in rows if row.needed or row.organisations)


def _cost(pair: Pair) -> Cost | None:
    """Scale the recorded budget by the persons concerned: budget x persons here / persons there."""
    budget = pair.practice.budget_usd
    if budget is None:
        return None
    of, here, there = _concerned(pair)
    scaled = None if here is None or not there else budget * here / there
    figures = {
        language: [number(value, language, 0) for value in (budget, here or 0.0, there or 0.0, scaled or 0.0)]
        for language in ("es", "en")
    }
    if scaled is None:
        sentence = said(
            f"Presupuesto registrado: {figures['es'][0]} USD, sin corregir precios. No se estima a la "
            "escala de aquí: falta la población de algún lugar.",
            f"Recorded budget: {figures['en'][0]} USD, prices not adjusted. It is not scaled to this "
            "place: the population of some place is missing.",
        )
    else:
        es, en = figures["es"], figures["en"]
        sentence = said(
            f"Presupuesto registrado: {es[0]} USD, sin corregir precios. En proporción: {es[0]} × {es[1]} / "
            f"{es[2]} ({of.get('es')}, aquí / donde se hizo) = {es[3]} USD. "
            "Es una proporción, no un presupuesto.",
            f"Recorded budget: {en[0]} USD, prices not adjusted. In proportion: {en[0]} × {en[1]} / "
            f"{en[2]} ({of.get('en')}, here / where it ran) = {en[3]} USD. A proportion, not a quotation.",
        )
    return Cost(budget, duration(pair), there, here, scaled, of, sentence)


def _concerned(pair: Pair) -> tuple[Text, float | None, float | None]:
    """Count the persons of the practice's first group that a statistic counts everywhere, else everyone."""
    ids = [a.territory_id for a in pair.ground.places.get(pair.practice.id, ())]
    whole = [place for place in ids if not any(place != o and place in pair.ground.within[o] for o in ids)]
    places = [pair.rows[place] for place in dict.fromkeys(whole)]
    for id in (id for group in pair.practice.populations for id in GROUP_INDICATORS.get(group, ())):
        counts = [_group(pair, place, id) for place in (pair.here, *places)]
        if places and None not in counts:
            known = [count for count in counts if count is not None]
            return pair.ground.catalogue.indicators[id].name, known[0], sum(known[1:])
    people = [pair.value(place, POPULATION) for place in (pair.here, *places)]
    numbers = [None if value is None or value.borrowed else value.number for value in people]
    of = said("población", "population")
    if not places or None in numbers:
        return of, numbers[0], None
    known = [count for count in numbers if count is not None]
    return of, known[0], sum(known[1:])


def _group(pair: Pair, place: int, indicator_id: str) -> float | None:
    share = pair.value(place, indicator_id)
    return None if share is None else persons(pair, share)


def _about_failures(pair: Pair) -> list[Text]:
    """Ask why it failed where it did; what did not work teaches as much as what did."""
    places = list(dict.fromkeys(adoption.territory_id for adoption in pair.failed))
    if not places:
        return []
    named = {x: join([pair.subject.place(place, x) for place in places], x) for x in LANGUAGES}
    return [
        said(
            f"¿Por qué no prosperó en {named['es']} y qué haría usted distinto?",
            f"Why did it fail in {named['en']}, and what would you do differently?",
        )
    ]


def _origin_questions(pair: Pair, results: Sequence[FactorResult], differing: set[str]) -> tuple[Text, ...]:
    """Ask the origin team what its record leaves open, the most important first; then of the differences."""
    silent = [r for r in results if r.factor.origin and (not r.known or r.factor.code in differing)]
    silent.sort(key=lambda r: (-r.importance, r.factor.number))
    asked = [*_about_failures(pair), *(result.factor.origin for result in silent)]
    for part in list(pair.compared.values())[:2]:
        if abs(part.sd) > FLAG and part.importance >= MATTERS:
            name = pair.ground.catalogue.indicators[part.indicator_id].name
            asked.insert(
                min(2, len(asked)),
                said(
                    f"¿Qué cambiaría usted donde «{name.get('es')}» difiere tanto como aquí?",
                    f'What would you change where "{name.get("en")}" differs as much as here?',
                ),
            )
    return tuple(asked[:ORIGIN_QUESTIONS])
