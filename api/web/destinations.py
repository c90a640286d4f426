"""Journey of a cooperation agency: for a practice, the places where it would take root."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for

from api.language import current_language
from api.negotiation import snapshot
from api.places import answer_for
from api.schemas_places import PlaceFilters
from api.web.blueprint import page
from api.web.forms import carried, read_form

FILES = ("csv", "csv-excel", "xlsx", "geojson")
ROWS = 20
EVERY = 500
STEPS = {"fit": (48.0, 52.0, 56.0), "need.value": (-0.25, 0.0, 0.25), "supply.value": (0.01, 0.3, 0.6)}
"""Where the map's four steps of each measure begin; below the first is the first step.

Fit and need without a spoken need lie close around their middle, so the steps are narrow there.
"""


@page("practicas/<id>/lugares", "practices/<id>/places")
def destinations(id: str) -> str:
    """Show the places for a practice: on a map by fit, need or supply, and as a list with reasons."""
    state, language = snapshot(), current_language()
    k = {} if request.args.get("k", "").strip() else {"k": ROWS}
    asked = read_form(PlaceFilters, **k)
    answer = answer_for(id, asked, state, language, linked=True)
    shown = request.args.get("show", "fit")
    measure = {"need": "need.value", "supply": "supply.value"}.get(shown, "fit")
    regions = {t.region for t in state.pipeline.catalogue.territories.values() if t.region}
    question = carried(asked)
    filters: dict[str, Any] = {
        name: value for name in ("region", "country") if (value := request.args.get(name, "").strip())
    }
    filters |= question
    return render_template(
        "destinations.html",
        answer=answer,
        asked=asked,
        shown=shown if measure != "fit" else "fit",
        measure=measure,
        steps=STEPS[measure],
        regions=sorted(regions),
        points=_address(id, "geojson", k=EVERY, **filters),
        shades=_address(id, "geojson", k=EVERY, level="admin1", **filters),
        files={form: _address(id, form, k=EVERY, **filters) for form in FILES},
        every=EVERY,
        question=question,
    )


def _address(id: str, form: str, **asked: object) -> str:
    """Return the address of the same ranking as a file."""
    address = url_for("places.list_places", id=id)
    return f"{address}?{urlencode({**asked, 'lang': current_language(), 'format': form}, doseq=True)}"
