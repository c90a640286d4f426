"""A query is checked whole before anything is computed; every refusal says what would be accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from recommender.domain import Catalogue, EmptyQuery, OutOfRange, Practice, Text, UnknownId, UnknownValue
from recommender.limits import (
    MAX_NAME,
    MAX_ROWS,
    MAX_TEXT,
    check_range,
    check_text,
    out_of_range,
)
from recommender.query import OrganisationProfile, Query
from recommender.suggestions import suggest
from recommender.taxonomy import ASKERS, VOCABULARIES

__all__ = ["MAX_ROWS", "MAX_TEXT", "check_codes", "check_id", "check_query", "is_text", "out_of_range"]

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
    if query.territory_id is None and not need and (profile is None or _tells_nothing(profile)):
        raise EmptyQuery(
            es="La consulta está vacía: indique un territorio, una organización o una necesidad "
            "(una de las tres basta).",
            en="The query is empty: give a territory, an organisation or a need (any one will do).",
        )
    check_range("k", query.k)
    check_text("need", need)
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


def has_words(query: Query) -> bool:
    """Tell whether a text of the query is to be read, which takes the text encoder."""
    profile = query.organisation
    told = (query.need or "", *(() if profile is None else (profile.about, *_texts(profile))))
    return any(text.strip() for text in told)


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
    known: Mapping[str, object] = {
        "territory": catalogue.territories,
        "practice": catalogue.practices,
        "organisation": catalogue.organisations,
        "indicator": catalogue.indicators,
    }[kind]
    if value not in known:
        raise _unknown_id(kind, value, known)


def _unknown_id(kind: str, value: str, known: Mapping[str, object]) -> UnknownId:
    """Return the error for an unknown id, with the few that were probably meant."""
    names = {id_: _name(thing) for id_, thing in known.items()}
    nearest = suggest(value, {id_: " ".join(name.values.values()) for id_, name in names.items()})
    noun_es, noun_en = NOUNS[kind]
    told = {x: "; ".join(f"{id_} ({names[id_].get(x)})" for id_ in nearest) for x in ("es", "en")}
    shown = value if len(value) <= MAX_NAME else value[:MAX_NAME] + "…"
    near_es = f"; lo más parecido: {told['es']}" if nearest else " ni nada de nombre parecido"
    near_en = f"; the nearest: {told['en']}" if nearest else ", nor anything of a like name"
    return UnknownId(
        es=f"No existe {noun_es} «{shown}»{near_es}.",
        en=f"There is no {noun_en} '{shown}'{near_en}.",
        kind=kind,
        value=value,
        nearest=nearest,
    )


def _name(thing: object) -> Text:
    """Return what a thing of the catalogue is called."""
    if isinstance(thing, Practice):
        return thing.title
    name = getattr(thing, "name", "")
    return name if isinstance(name, Text) else Text({"es": str(name)})


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


def _check_profile(profile: OrganisationProfile, catalogue: Catalogue) -> None:
    check_text("organisation.name", profile.name, MAX_NAME)
    if profile.type is not None:
        check_codes("organisation.type", [profile.type], VOCABULARIES["organisation_types"])
    check_codes("organisation.themes", profile.themes, VOCABULARIES["themes"])
    check_codes("organisation.populations", profile.populations, VOCABULARIES["populations"])
    for territory in profile.territory_ids:
        check_id("territory", territory, catalogue)
    check_text("organisation.about", profile.about)
    for practice in profile.past_practices:
        check_text("organisation.past_practices", practice)
        if not is_text(practice):
            check_id("practice", practice, catalogue)
    _check_own_words(profile)
    for name in ("budget_usd", "staff", "horizon_months"):
        check_range(f"organisation.{name}", getattr(profile, name))


def _check_own_words(profile: OrganisationProfile) -> None:
    """Refuse more of an organisation's own words than are read: "about us" and texts are read as one."""
    total = len(profile.about) + sum(map(len, _texts(profile)))
    if total > MAX_TEXT:
        raise OutOfRange(
            es=f"«organisation.about» y los textos de «organisation.past_practices» suman {total} "
            f"caracteres; juntos pueden tener {MAX_TEXT}: resúmalos.",
            en=f"'organisation.about' and the texts of 'organisation.past_practices' have {total} "
            f"characters; together they may have {MAX_TEXT}: shorten them.",
            field="organisation.past_practices",
            value=total,
            maximum=MAX_TEXT,
        )


def _texts(profile: OrganisationProfile) -> list[str]:
    """List the past practices told in words."""
    return [past for past in profile.past_practices if is_text(past)]


def _tells_nothing(profile: OrganisationProfile) -> bool:
    """Tell whether a profile says nothing a practice could be held against: a name alone does not."""
    return replace(profile, name="") == OrganisationProfile()
