"""boundaries.geojson: one polygon per territory, checked feature by feature."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from recommender.package.faults import Findings

_SHORTEST_RING = 4  # three corners and the first one again


def check_boundaries(path: Path, where: tuple[str, str], known: set[str] | None, findings: Findings) -> int:
    """Check the features of `path` and return how many there are.

    Parameters
    ----------
    path : Path
        A GeoJSON FeatureCollection in WGS 84.
    where : (str, str)
        Package and file, for messages.
    known : set of str or None
        Ids of the territories; None where no package given holds territories.
    findings : Findings
        Collects the faults; their row is the number of the feature, from 1.
    """
    features = _read_features(path, where, findings)
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        name = feature.get("id") if isinstance(feature, dict) else None
        if not isinstance(name, str) or not name:
            findings.fault(where, "empty", number, "id", "" if name is None else str(name))
            continue
        if name in seen:
            findings.fault(where, "key_twice", number, "id", name, other=seen[name])
        seen.setdefault(name, number)
        if known is not None and name not in known:
            findings.fault(where, "reference", number, "id", name, table="territories.csv")
        problem = _problem(feature.get("geometry"))
        if problem:
            findings.fault(where, "geometry", number, "geometry", name, detail=problem)
    return len(features)


def _read_features(path: Path, where: tuple[str, str], findings: Findings) -> list[Any]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        findings.fault(where, "file_unreadable", detail=error.strerror)
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        findings.fault(where, "encoding", row, None, repr(error.object[error.start : error.start + 4]))
    except json.JSONDecodeError as error:
        findings.fault(where, "not_json", error.lineno, None, None, detail=error.msg)
    except RecursionError:
        findings.fault(where, "not_json", detail="nested too deeply")
    else:
        features = content.get("features") if isinstance(content, dict) else None
        if isinstance(features, list) and content.get("type") == "FeatureCollection":
            return features
        findings.fault(where, "geometry", detail="FeatureCollection")
    return []


def _problem(geometry: object) -> str:
    """Return what is wrong with a (Multi)Polygon, or ``""``."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return f"type {geometry.get('type') if isinstance(geometry, dict) else None}"
    kind = geometry["type"]
    coordinates = geometry.get("coordinates")
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        return "coordinates"
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            return "coordinates"
        for ring in polygon:
            problem = _ring_problem(ring)
            if problem:
                return problem
    return ""


def _ring_problem(ring: object) -> str:
    if not isinstance(ring, list) or len(ring) < _SHORTEST_RING:
        return "a ring has fewer than 4 positions"
    if not all(_is_position(position) for position in ring):
        return "a position is not [longitude, latitude]"
    return "" if ring[0] == ring[-1] else "a ring is not closed"


def _is_position(position: object) -> bool:
    if not isinstance(position, list) or len(position) not in (2, 3) or not _are_numbers(position):
        return False
    return bool(-180 <= position[0] <= 180 and -90 <= position[1] <= 90)


def _are_numbers(position: Iterable[Any]) -> bool:
    return all(type(x) in (int, float) and math.isfinite(x) for x in position)
