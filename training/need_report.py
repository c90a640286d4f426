"""The tables of the judged needs: both wordings, and what is lost in translation."""

from __future__ import annotations

from training import tables
from training.measurement import Measurement, summarise
from training.need import NeedResult
from training.tables import Provenance


def markdown(result: NeedResult, baseline: str, provenance: Provenance) -> str:
    """Write all tables of a result as Markdown.

    Raises
    ------
    UnknownValue
        The baseline is not one of the systems.
    """
    parts = []
    for title, measurement in _measurements(result).items():
        rows = summarise(measurement, baseline, seed=provenance.seed, resamples=provenance.resamples)
        parts.append(tables.markdown(title, measurement, rows, baseline, provenance))
    if result.translated is not None:
        parts.append(
            "\n".join(["## Translated less original, nDCG@10", "", *_translation(result, provenance), ""])
        )
    return "\n".join(parts)


def document(result: NeedResult, baseline: str, provenance: Provenance) -> dict[str, object]:
    """Return the same figures and every query's values as plain data, ready for `json.dumps`."""
    found: dict[str, object] = {}
    for title, measurement in _measurements(result).items():
        rows = summarise(measurement, baseline, seed=provenance.seed, resamples=provenance.resamples)
        found[title] = tables.as_json(measurement, rows, baseline, provenance)
    if result.translated is not None:
        lost = {name: result.lost_in_translation(name, seed=provenance.seed) for name in result.runs}
        found["translated_less_original"] = {k: v._asdict() for k, v in lost.items() if v is not None}
    return found


def _measurements(result: NeedResult) -> dict[str, Measurement]:
    found = {"original": result.original}
    if result.translated is not None:
        found["translated"] = result.translated
    return found


def _translation(result: NeedResult, provenance: Provenance) -> list[str]:
    """Return one line per system: the paired difference, and its mean as a share of the original."""
    lines = ["| system | difference | relative |", "| --- | ---: | ---: |"]
    for name in result.runs:
        lost = result.lost_in_translation(name, seed=provenance.seed)
        if lost is not None and result.translated is not None:
            both = result.translated.systems[name].index
            whole = float(result.original.systems[name].loc[both, "nDCG@10"].mean())
            share = f"{lost.mean / whole:+.1%}" if whole else ""
            lines.append(f"| {name} | {tables.cell(lost, signed=True)} | {share} |")
    return lines
