"""How the ranking works, told from the very weights and features that rank."""

from __future__ import annotations

from flask import render_template

from api.answers import EVIDENCE
from api.language import current_language
from api.negotiation import snapshot
from api.web.blueprint import page
from recommender.features import SOURCES


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
    return render_template(
        "method.html",
        groups=groups,
        ranker=ranker,
        catalogue=state.pipeline.catalogue,
        data_version=state.pipeline.data_version,
        evidence=EVIDENCE[language],
    )
