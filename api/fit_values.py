"""Places, sentences and figures of a comparison, in one language."""

from __future__ import annotations

from api.answers import place_brief
from api.schemas import PlaceBrief
from api.schemas_fit import ValueOut
from api.snapshot import Snapshot
from recommender.domain import Catalogue, Text
from recommender.transfer.report import Transfer, Value


class ComparisonWriter:
    """What every part of a comparison is written with."""

    def __init__(self, found: Transfer, state: Snapshot, language: str) -> None:
        self.found, self.state, self.language = found, state, language
        self.ground = state.transfer.ground
        self.catalogue: Catalogue = self.ground.catalogue
        self._columns = {id: column for column, id in enumerate(self.ground.matrix.indicator_ids)}

    def _place(self, territory_id: str) -> PlaceBrief:
        return place_brief(self.catalogue, territory_id, self.language)

    def _say(self, text: Text) -> str:
        return text.get(self.language)

    def _value(self, value: Value | None) -> ValueOut | None:
        return None if value is None else self._written(value)

    def _written(self, value: Value) -> ValueOut:
        indicator = self.catalogue.indicators.get(value.indicator_id or "")
        return ValueOut(
            text=self._say(value.text),
            number=value.number,
            unit=(indicator.unit_text.get(self.language) or value.unit) if indicator else value.unit,
            year=value.year,
            source=value.source,
            territory=self._place(value.territory_id) if value.territory_id else None,
            borrowed=value.borrowed,
            indicator_id=value.indicator_id,
            indicator=indicator.name.get(self.language) if indicator else None,
        )
