"""How the ranking works, told from the very weights and features that rank, and the learned model's card."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import render_template

from api.answers import EVIDENCE
from api.engine import current_engine
from api.language import current_language
from api.negotiation import snapshot
from api.snapshot import Snapshot
from api.web.blueprint import page
from recommender.adoption.model import SPECS
from recommender.artifact import Manifest, read_model
from recommender.features import SOURCES

LEAST = 0.005
"""Smallest change, in log odds, of a learned feature that is listed: below it nothing was learned."""


class LearnedPart(NamedTuple):
    """What the model learned of one situation: its features that weigh, with their largest change."""

    situation: str
    features: list[dict[str, Any]]


@page("como-funciona", "how-it-works")
def method() -> str:
    """List every feature with its meaning, its weight and the reason for it."""
    state, language = snapshot(), current_language()
    ranker = state.pipeline.ranker
    widest = max(table.span for table in ranker.tables.values())
    groups = [
        (
            source,
            [
                {
                    "name": spec.name,
                    "meaning": spec.meaning.get(language),
                    "table": ranker.tables[spec.name],
                    "share": ranker.tables[spec.name].span / widest,
                    "fit": spec.group == "fit",
                }
                for spec in specs
                if spec.name in ranker.tables
            ],
        )
        for source, specs in SOURCES
    ]
    learned = _learned(state, language)
    return render_template(
        "method.html",
        groups=groups,
        ranker=ranker,
        catalogue=state.pipeline.catalogue,
        data_version=state.pipeline.data_version,
        evidence=EVIDENCE[language],
        learned=learned,
        card=_card() if learned else None,
        countries=_countries(state),
    )


def _learned(state: Snapshot, language: str) -> list[LearnedPart]:
    """Return the learned features by situation; none where the reviewed prior answers alone."""
    recorded = state.pipeline.builder.recorded
    if recorded is None:
        return []
    parts = []
    for name, situation in recorded.model.situations.items():
        tables = situation.ranker.tables
        specs = [spec for spec in SPECS[name] if spec.name in tables and tables[spec.name].span >= LEAST]
        widest = max((tables[spec.name].span for spec in specs), default=1.0)
        features = [
            {
                "name": spec.name,
                "meaning": spec.meaning.get(language),
                "span": tables[spec.name].span,
                "share": tables[spec.name].span / widest,
                "fit": spec.group == "fit",
            }
            for spec in sorted(specs, key=lambda spec: -tables[spec.name].span)
        ]
        parts.append(LearnedPart(name, features))
    return parts


def _card() -> Manifest | None:
    """Return what the model in service was made from and what it reached when it was made."""
    path = current_engine().settings.model
    return None if path is None else read_model(path)[1]


def _countries(state: Snapshot) -> list[str]:
    recorded = state.pipeline.builder.recorded
    return [] if recorded is None else sorted(recorded.model.countries)
