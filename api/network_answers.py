"""From partners and counts to their schemas, in one language."""

from __future__ import annotations

from collections.abc import Sequence

from api.answers import place_brief
from api.place_answers import practice_ref
from api.schemas import Choice, OrganisationBrief
from api.schemas_network import (
    CountOut,
    CrossOut,
    EcosystemOut,
    FamilyOut,
    NetworkOut,
    PartnerOut,
    PartnersOut,
    PlaceCountOut,
    YearOut,
)
from api.snapshot import Snapshot
from recommender.domain import Catalogue
from recommender.figures import join
from recommender.network.ecosystem import Count, Ecosystem
from recommender.network.partnership import COUNTRY, LIKE, PROVINCE, Partner, Partners

NAMED = 4
"""Names quoted in one sentence; the lists beside it have all."""
NOTICE = {
    "es": "Coincidencias según lo registrado; si dos organizaciones quieren colaborar lo dicen ellas.",
    "en": "Matches as far as recorded: whether two organisations want to work together is theirs to say.",
}
UNKNOWN_TYPE = {"es": "No consta", "en": "Not known"}
THEMES = {"es": "Trabajan en los mismos temas: {names}.", "en": "Both work on: {names}."}
GROUPS = {"es": "Sirven a los mismos grupos: {names}.", "en": "Both serve: {names}."}
TOGETHER = {"es": "Ya participaron juntas en: {names}.", "en": "They already took part together in: {names}."}
PLACES = {"es": "Trabajan en los mismos lugares: {names}.", "en": "Both work in: {names}."}
NEAR = {
    PROVINCE: {"es": "Trabaja en la misma provincia.", "en": "It works in the same province."},
    LIKE: {
        "es": "Trabaja en territorios parecidos o en todo el país.",
        "en": "It works in like territories or countrywide.",
    },
    COUNTRY: {"es": "Trabaja en el mismo país.", "en": "It works in the same country."},
}
CAPACITIES = {
    "cooperation_agency": {
        "es": "Es una agencia de cooperación: podría financiar o acompañar (por preguntar).",
        "en": "It is a cooperation agency: it might fund or accompany (to be asked).",
    },
    "public_institution": {
        "es": "Es una institución pública: podría sostenerla con su mandato y presupuesto (por preguntar).",
        "en": "It is a public institution: it might sustain it with its mandate and budget (to be asked).",
    },
    "university": {
        "es": "Es una universidad: podría formar, medir y evaluar (por preguntar).",
        "en": "It is a university: it might train, measure and evaluate (to be asked).",
    },
    "civil_society": {
        "es": "Es de la sociedad civil: podría llevarla con las comunidades (por preguntar).",
        "en": "It is a civil society organisation: it might run it with communities (to be asked).",
    },
    "private_enterprise": {
        "es": "Es una empresa: podría dar empleo, compras o servicios (por preguntar).",
        "en": "It is an enterprise: it might give jobs, purchases or services (to be asked).",
    },
}
"""What an organisation of each type could add; said as a question, for nothing is recorded of it."""


def partners_out(found: Partners, state: Snapshot, language: str) -> PartnersOut:
    """Return the possible partners of an organisation or a profile in `language`."""
    return PartnersOut(
        language=language,
        notice=NOTICE[language],
        organisation=_body(found.organisation_id, state) if found.organisation_id else None,
        families=[
            FamilyOut(
                network=family.network, partners=[_partner(one, state, language) for one in family.partners]
            )
            for family in found.families
        ],
        own_family=[_body(body, state) for body in found.own_family],
        considered=found.considered,
        data_version=state.pipeline.data_version,
    )


def _partner(one: Partner, state: Snapshot, language: str) -> PartnerOut:
    catalogue = state.pipeline.catalogue
    return PartnerOut(
        organisation=_body(one.organisation_id, state),
        score=round(one.score, 4),
        need=round(one.need, 4),
        place=one.place,
        complement=one.complement,
        themes=_choices("themes", one.themes, state, language),
        populations=_choices("populations", one.populations, state, language),
        territories=[place_brief(catalogue, place, language) for place in one.territory_ids],
        practices=[practice_ref(catalogue, practice, language) for practice in one.practices],
        together=[practice_ref(catalogue, practice, language) for practice in one.together],
        reasons=_reasons(one, state, language),
    )


def _reasons(one: Partner, state: Snapshot, language: str) -> list[str]:
    """Say what speaks for a partner, each reason from one figure of its row."""
    catalogue = state.pipeline.catalogue
    titles = [catalogue.practices[practice].title.get(language) for practice in one.together]
    lists = (
        (TOGETHER, titles),
        (THEMES, [c.name.lower() for c in _choices("themes", one.themes, state, language)]),
        (GROUPS, [c.name.lower() for c in _choices("populations", one.populations, state, language)]),
        (PLACES, [catalogue.territories[place].name for place in one.territory_ids]),
    )
    said = [text[language].format(names=join(names[:NAMED], language)) for text, names in lists if names]
    if not one.territory_ids and one.place in NEAR:
        said.append(NEAR[one.place][language])
    kind = catalogue.organisations[one.organisation_id].type
    if one.complement and kind in CAPACITIES:
        said.append(CAPACITIES[kind][language])
    return said


def ecosystem_out(found: Ecosystem, state: Snapshot, language: str, k: int) -> EcosystemOut:
    """Return the counts in `language`; the k territories with most practices are named."""
    catalogue = state.pipeline.catalogue
    return EcosystemOut(
        language=language,
        practices=found.practices,
        organisations=found.organisations,
        types=_counts("organisation_types", found.types, state, language),
        themes=_counts("themes", found.themes, state, language),
        populations=_counts("populations", found.populations, state, language),
        territories=_places(found.territories[:k], catalogue, language),
        territories_total=len(found.territories),
        provinces=_places(found.provinces[:k], catalogue, language),
        years=[YearOut(year=year, practices=practices) for year, practices in found.years],
        unplaced=found.unplaced,
        crossed=[CrossOut(type=kind, theme=theme, practices=n) for kind, theme, n in found.crossed],
        families=[
            NetworkOut(network=name, organisations=[_body(body, state) for body in bodies])
            for name, bodies in found.families
        ],
        data_version=state.pipeline.data_version,
    )


def _places(counts: Sequence[Count], catalogue: Catalogue, language: str) -> list[PlaceCountOut]:
    return [
        PlaceCountOut(
            territory=place_brief(catalogue, count.key, language),
            practices=count.practices,
            organisations=count.organisations,
        )
        for count in counts
        if count.key is not None
    ]


def _counts(vocabulary: str, counts: Sequence[Count], state: Snapshot, language: str) -> list[CountOut]:
    title = state.pipeline.taxonomy.title
    return [
        CountOut(
            code=count.key,
            name=title(vocabulary, count.key, language) if count.key else UNKNOWN_TYPE[language],
            practices=count.practices,
            organisations=count.organisations,
        )
        for count in counts
    ]


def _choices(vocabulary: str, codes: Sequence[str], state: Snapshot, language: str) -> list[Choice]:
    title = state.pipeline.taxonomy.title
    return [Choice(code=code, name=title(vocabulary, code, language)) for code in codes]


def _body(organisation_id: str, state: Snapshot) -> OrganisationBrief:
    body = state.pipeline.catalogue.organisations[organisation_id]
    return OrganisationBrief(id=body.id, name=body.name, type=body.type)
