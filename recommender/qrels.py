"""Qrels and runs: what was judged and what a system answered, as frames with declared columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recommender.domain import DataError


@dataclass(frozen=True, eq=False)
class Qrels:
    """What was judged, in one frame with one row per judged pair.

    Parameters
    ----------
    frame : DataFrame
        Columns `query_id` and `item_id` (strings) and `grade` (integer >= 0). A pair that is
        absent is not judged; the measures count it as not relevant, as the field does.

    Raises
    ------
    DataError
        A column is missing, a pair comes twice, or a grade is unknown or negative.
    """

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse frames that are not qrels."""
        _check(self.frame, "qrels", "grade")
        if bool((self.frame["grade"] < 0).any()):
            raise DataError(
                es="qrels: hay grados negativos; los grados van de 0 en adelante.",
                en="qrels: there are negative grades; grades start at 0.",
            )


@dataclass(frozen=True, eq=False)
class Run:
    """What a system answered, in one frame with one row per candidate of each query.

    Parameters
    ----------
    frame : DataFrame
        Columns `query_id` and `item_id` (strings) and `score` (higher is better, never NaN).

    Raises
    ------
    DataError
        A column is missing, a pair comes twice, or a score is unknown.
    """

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse frames that are not runs."""
        _check(self.frame, "run", "score")


def read_run(path: Path) -> Run:
    """Read a CSV with the columns `query_id,item_id,score`; ids are kept verbatim.

    Raises
    ------
    DataError
        The file is not such a CSV, or is no run.
    """
    try:
        frame = pd.read_csv(
            path,
            dtype={"query_id": str, "item_id": str, "score": float},
            keep_default_na=False,
            na_values={"score": [""]},
        )
    except ValueError as error:  # pandas' parsing errors are ValueErrors too
        raise DataError(
            es=f"{path.name}: no es un CSV con las columnas query_id,item_id,score ({error}).",
            en=f"{path.name}: not a CSV with the columns query_id,item_id,score ({error}).",
        ) from error
    return Run(frame)


def write_run(run: Run, path: Path) -> None:
    """Write a CSV with the columns `query_id,item_id,score`, best first within each query.

    Scores are written in full (they read back equal), so that ties stay ties.
    """
    ordered = run.frame.sort_values(["query_id", "score", "item_id"], ascending=[True, False, True])
    ordered.to_csv(path, columns=["query_id", "item_id", "score"], index=False, lineterminator="\n")


def _check(frame: pd.DataFrame, what: str, value: str) -> None:
    """Refuse a frame without the declared columns, with unknown values or with a pair twice."""
    columns = ("query_id", "item_id", value)
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise DataError(
            es=f"{what}: faltan las columnas {', '.join(missing)}; se esperan {', '.join(columns)}.",
            en=f"{what}: the columns {', '.join(missing)} are missing; expected are {', '.join(columns)}.",
            missing=missing,
        )
    if bool(frame[value].isna().any()):
        first = frame[frame[value].isna()].iloc[0]
        raise DataError(
            es=f"{what}: {value} desconocido en ({first['query_id']}, {first['item_id']}).",
            en=f"{what}: unknown {value} at ({first['query_id']}, {first['item_id']}).",
        )
    twice = frame.duplicated(["query_id", "item_id"])
    if bool(twice.any()):
        first = frame[twice].iloc[0]
        raise DataError(
            es=f"{what}: el par ({first['query_id']}, {first['item_id']}) aparece dos veces.",
            en=f"{what}: the pair ({first['query_id']}, {first['item_id']}) comes twice.",
        )
