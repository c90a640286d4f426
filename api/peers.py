"""Territories like one: where it deviates from them and what they do that it does not."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.answers import place_brief
from api.language import current_language
from api.negotiation import API, snapshot
from api.place_answers import practice_ref, source_name
from api.responses import dump, refusals
from api.schemas import Choice
from api.schemas_catalogue import TerritoryPath
from api.schemas_peers import DeviationOut, PeerOut, PeerPracticeOut, PeersOut, PeersQuery, RelevantOut
from api.snapshot import Snapshot
from recommender.network.peers import Deviation, PeerGroup

peers = APIBlueprint(
    "peers", __name__, url_prefix=API, abp_tags=[Tag(name="peers", description="Like territories.")]
)


@peers.get("/territories/<id>/peers", responses={200: PeersOut, **refusals(304, 404, 422, 503)})
def list_peers(path: TerritoryPath, query: PeersQuery) -> Response:
    """List the territories most like one, seen through a theme, and how it differs from them."""
    state = snapshot()
    place = state.pipeline.gazetteer.resolve(path.id)
    group = state.pipeline.peers.peers(place.id, query.theme, query.k)
    return dump(peers_out(group, state, current_language()))


COUNTRY = "country"
NO_PEERS = {
    "es": {
        True: "Un país entero no tiene pares aquí: pregunte por una de sus provincias o cantones.",
        False: "Se conocen muy pocos indicadores de este territorio para decir a cuáles se parece.",
    },
    "en": {
        True: "A whole country has no peers here: ask for one of its provinces or cantons.",
        False: "Too few indicators of this territory are known to say which it is like.",
    },
}
"""Language -> is it a country -> why it has no peers."""


def _why_none(level: str, language: str) -> str:
    return NO_PEERS[language][level == COUNTRY]


def peers_out(group: PeerGroup, state: Snapshot, language: str) -> PeersOut:
    """Return a peer group in `language`."""
    catalogue, title = state.pipeline.catalogue, state.pipeline.taxonomy.title
    theme = group.theme
    return PeersOut(
        language=language,
        territory=place_brief(catalogue, group.territory_id, language),
        theme=Choice(code=theme, name=title("themes", theme, language)) if theme else None,
        remark=None if group.peers else _why_none(catalogue.territories[group.territory_id].level, language),
        peers=[
            PeerOut(territory=place_brief(catalogue, peer.territory_id, language), likeness=peer.likeness)
            for peer in group.peers
        ],
        relevant=[
            RelevantOut(
                indicator_id=indicator, name=catalogue.indicators[indicator].name.get(language), weight=weight
            )
            for indicator, weight in group.relevant
        ],
        deviations=[_deviation(one, group.territory_id, state, language) for one in group.deviations],
        practices=[
            PeerPracticeOut(
                practice=practice_ref(catalogue, found.practice_id, language),
                territories=[place_brief(catalogue, place, language) for place in found.territory_ids],
            )
            for found in group.practices
        ],
        data_version=state.pipeline.data_version,
    )


def _deviation(one: Deviation, territory_id: str, state: Snapshot, language: str) -> DeviationOut:
    catalogue, matrix = state.pipeline.catalogue, state.matrix
    indicator = catalogue.indicators[one.indicator_id]
    source = matrix.source(
        matrix.territory_ids.index(territory_id), matrix.indicator_ids.index(one.indicator_id)
    )
    return DeviationOut(
        indicator_id=indicator.id,
        indicator=indicator.name.get(language),
        unit=indicator.unit_text.get(language) or indicator.unit,
        direction=indicator.direction,
        here=one.here,
        year=one.year,
        peer_median=one.peer_median,
        peers_known=one.peers_known,
        national_median=one.national_median,
        sd=one.sd,
        flagged=one.flagged,
        importance=one.importance,
        source=source_name(source, catalogue) or indicator.source,
        sentence=one.sentence.get(language),
    )
