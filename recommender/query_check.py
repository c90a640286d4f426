"""A query is checked whole before anything is computed; every refusal says what would be accepted."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from rapidfuzz import process

from recommender.domain import ArraigoError, Catalogue, EmptyQuery, OutOfRange, UnknownId, UnknownValue
from recommender.query import OrganisationProfile, Query
from recommender.taxonomy import ASKERS, VOCABULARIES

MAX_ROWS = 500
MAX_TEXT = 2_000
"""Characters of a need or an "about us": some three paragraphs, more than an encoder reads."""
NEAREST = 5
WORD = re.compile(r"[^\W\d_]{2,}")
"""Two letters in a row, of any alphabet: less cannot name a need."""


def check_query(query: Query, catalogue: Catalogue) -> None:
    """Refuse a query that cannot be answered as asked.

    Raises
    ------
    EmptyQuery
        When neither territory nor organisation nor need is given.
    UnknownId
        When an id of a territory or a practice does not exist; the nearest are named.
    UnknownValue
        When a code is not in its vocabulary; the allowed ones are named.
    OutOfRange
        When a number is not finite or outside its range, or a text is too long.
    """
    need = (query.need or "").strip()
    profile = query.organisation
    if query.territory_id is None and not need and (profile is None or profile == OrganisationProfile()):
        raise EmptyQuery(
            es="La consulta está vacía: indique un territorio, una organización o una necesidad "
            "(una de las tres basta).",
            en="The query is empty: give a territory, an organisation or a need (any one will do).",
        )
    if not 1 <= query.k <= MAX_ROWS:
        raise out_of_range("k", query.k, 1, MAX_ROWS)
    if len(need) > MAX_TEXT:
        raise _too_long("need", need)
    if need and not WORD.search(need):
        raise EmptyQuery(
            es=f"En la necesidad «{need}» no hay ninguna palabra: diga qué hace falta y para quién.",
            en=f"There is no word in the need '{need}': say what is needed, and for whom.",
            field="need",
            value=need,
        )
    if query.territory_id is not None:
        check_id("territory", query.territory_id, catalogue)
    if query.asker is not None:
        check_codes("asker", [query.asker], ASKERS)
    if profile is not None:
        _check_profile(profile, catalogue)


def check_id(kind: str, value: str, catalogue: Catalogue) -> None:
    """Refuse an id that does not exist.

    Parameters
    ----------
    kind : {'territory', 'practice', 'organisation', 'indicator'}
    value : str
        The id asked for.

    Raises
    ------
    UnknownId
        With the ids most like it in ``facts["nearest"]``.
    """
    known = {
        "territory": catalogue.territories,
        "practice": catalogue.practices,
        "organisation": catalogue.organisations,
        "indicator": catalogue.indicators,
    }[kind]
    if value not in known:
        raise unknown_id(kind, value, known)


def unknown_id(kind: str, value: str, known: Iterable[str]) -> UnknownId:
    """Return the error for an unknown id, with the nearest ones that exist."""
    nearest = [match for match, _, _ in process.extract(value, list(known), limit=NEAREST)]
    noun_es, noun_en = NOUNS[kind]
    return UnknownId(
        es=f"No existe {noun_es} «{value}»; lo más parecido: {', '.join(nearest) or 'nada'}.",
        en=f"There is no {noun_en} '{value}'; the nearest: {', '.join(nearest) or 'nothing'}.",
        kind=kind,
        value=value,
        nearest=nearest,
    )


NOUNS = {
    "territory": ("el territorio", "territory"),
    "practice": ("la práctica", "practice"),
    "organisation": ("la organización", "organisation"),
    "indicator": ("el indicador", "indicator"),
}


def is_text(past_practice: str) -> bool:
    """Tell a past practice described in words from the id of one in the catalogue: ids have no spaces."""
    return " " in past_practice.strip()


def check_codes(field: str, values: Sequence[str], allowed: Sequence[str]) -> None:
    """Refuse a code outside its vocabulary.

    Raises
    ------
    UnknownValue
        With every allowed code in ``facts["allowed"]``.
    """
    for value in values:
        if value not in allowed:
            raise UnknownValue(
                es=f"«{field}» no admite «{value}»; valores posibles: {', '.join(allowed)}.",
                en=f"'{field}' does not take '{value}'; allowed values: {', '.join(allowed)}.",
                field=field,
                value=value,
                allowed=list(allowed),
            )


def out_of_range(field: str, value: float, low: float, high: float) -> OutOfRange:
    """Return the error for a number that is not finite or outside its range."""
    return OutOfRange(
        es=f"«{field}» vale {value}; debe ser un número entre {low:g} y {high:,g}.",
        en=f"'{field}' is {value}; it must be a number from {low:g} to {high:,g}.",
        field=field,
        value=str(value),
        minimum=low,
        maximum=high,
    )


def _check_profile(profile: OrganisationProfile, catalogue: Catalogue) -> None:
    if profile.type is not None:
        check_codes("organisation.type", [profile.type], VOCABULARIES["organisation_types"])
    check_codes("organisation.themes", profile.themes, VOCABULARIES["themes"])
    check_codes("organisation.populations", profile.populations, VOCABULARIES["populations"])
    for territory in profile.territory_ids:
        check_id("territory", territory, catalogue)
    for practice in profile.past_practices:
        if is_text(practice):
            if len(practice) > MAX_TEXT:
                raise _too_long("organisation.past_practices", practice)
        else:
            check_id("practice", practice, catalogue)
    if len(profile.about) > MAX_TEXT:
        raise _too_long("organisation.about", profile.about)
    numbers = (("budget_usd", 1e12), ("staff", 1e7), ("horizon_months", 600))
    for field, high in numbers:
        value = getattr(profile, field)
        if value is not None and not (math.isfinite(value) and 0 < value <= high):
            raise out_of_range(f"organisation.{field}", value, 0, high)


def _too_long(field: str, text: str) -> ArraigoError:
    return OutOfRange(
        es=f"«{field}» tiene {len(text)} caracteres; el máximo es {MAX_TEXT}: resúmalo.",
        en=f"'{field}' has {len(text)} characters; the most is {MAX_TEXT}: shorten it.",
        field=field,
        value=len(text),
        maximum=MAX_TEXT,
    )
