"""The task of the judged need: somebody says what is needed, all practices are ranked.

Independent of how a system works: a system is a name and a function from a need to one score per
practice. Every system is asked in the original wording and, where there is one, in translation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommender.domain import LANGUAGES, DataError
from recommender.evaluation import AP, NDCG_10, RECALL_20, Interval, compare
from recommender.package import JudgedNeed, Judgements
from recommender.qrels import Qrels, Run
from recommender.retrieval import fuse
from training.measurement import Measurement, measure_runs
from training.task import Progress

MEASURES = (NDCG_10, RECALL_20, AP)
"""nDCG is graded (2^grade - 1); for recall and MAP relevant is grade >= 1, "a related component"."""


@dataclass(frozen=True, slots=True)
class Need:
    """One wording of a judged need, as a system gets it; fields that are not known are None."""

    text: str
    language: str
    territory_id: str | None
    organisation_id: str | None
    asker: str | None


Scorer = Callable[[Need], NDArray[np.float64]]
"""Scores of shape (n_practices,), in the order of the catalogue's practices; higher is better."""


@dataclass(frozen=True, eq=False)
class NeedResult:
    """What the systems reached.

    Parameters
    ----------
    original : Measurement
        On the wording the assessors saw.
    translated : Measurement or None
        On the other language, for the needs that have one; None where no need has.
    runs : mapping of str to Run
        System -> answers to the original wording, all practices.
    """

    original: Measurement
    translated: Measurement | None
    runs: Mapping[str, Run]

    def lost_in_translation(self, system: str, measure: str = "nDCG@10", *, seed: int = 0) -> Interval | None:
        """Give translated less original, paired, over the needs that have both."""
        if self.translated is None:
            return None
        translated = self.translated.systems[system][measure]
        original = self.original.systems[system][measure]
        return compare(translated, original.loc[translated.index], seed=seed)


def evaluate_need(
    judgements: Judgements,
    practice_ids: Sequence[str],
    systems: Mapping[str, Scorer],
    data: str = "",
    progress: Progress | None = None,
) -> NeedResult:
    """Ask every system every judged need, in both wordings, and measure the answers.

    Parameters
    ----------
    judgements : Judgements
        Needs without any judgement are not asked.
    practice_ids : sequence of str
        The candidates, in the order of the scores.
    systems : mapping of str to Scorer
    data : str
        Name and version of catalogue and judgements, for the tables.
    progress : callable, optional
        Called after every question.

    Raises
    ------
    DataError
        No need is judged, a need lacks its original wording, a judged practice is not a
        candidate, or a system's answer has the wrong length or an unknown score.
    """
    judged = [need for key, need in sorted(judgements.queries.items()) if judgements.grades.get(key)]
    qrels = _qrels(judgements, judged, practice_ids)
    original = {need.id: wording(need, _language(need)) for need in judged}
    translated = {
        need.id: wording(need, other)
        for need in judged
        for other in LANGUAGES
        if other != _language(need) and other in need.need.values
    }
    steps = len(systems) * (len(original) + len(translated))
    asked = _Counter(steps, progress)
    runs = {name: _ask(name, scorer, original, practice_ids, asked) for name, scorer in systems.items()}
    again = {name: _ask(name, scorer, translated, practice_ids, asked) for name, scorer in systems.items()}
    has_both = Qrels(qrels.frame[qrels.frame["query_id"].isin(list(translated))])
    return NeedResult(
        original=measure_runs("need, original wording", data, runs, qrels, MEASURES),
        translated=measure_runs("need, translated", data, again, has_both, MEASURES) if translated else None,
        runs=runs,
    )


def wording(need: JudgedNeed, language: str) -> Need:
    """Return a judged need in one language."""
    return Need(need.need.get(language), language, need.territory_id, need.organisation_id, need.asker)


def reciprocal_ranks(*scorers: Scorer) -> Scorer:
    """Fuse systems by reciprocal rank, as candidate generation does, over all practices."""

    def fused(need: Need) -> NDArray[np.float64]:
        scores = [scorer(need) for scorer in scorers]
        return fuse(scores, depth=len(scores[0]))

    return fused


def standard_sum(*scorers: Scorer) -> Scorer:
    """Fuse systems by the sum of their z-scores over all practices; a constant answer adds 0.

    Where a system says nothing of a practice (not finite) it counts as the mean of what the others
    say; a practice of which none says anything comes last.
    """

    def fused(need: Need) -> NDArray[np.float64]:
        parts = np.array([_standard(scorer(need)) for scorer in scorers])
        known = np.isfinite(parts)
        said = known.sum(axis=0)
        sums = np.where(known, parts, 0.0).sum(axis=0)
        return np.where(said > 0, len(parts) * sums / np.maximum(said, 1), -np.inf)

    return fused


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return z-scores over what is known; NaN where it is not."""
    known = values[np.isfinite(values)]
    centre, spread = (known.mean(), known.std()) if len(known) else (0.0, 0.0)
    return np.where(np.isfinite(values), (values - centre) / (spread or 1.0), np.nan)


class _Counter:
    """Counts questions for the progress callback."""

    def __init__(self, steps: int, progress: Progress | None) -> None:
        self.done, self.steps, self.progress = 0, steps, progress

    def step(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.steps)


def _language(need: JudgedNeed) -> str:
    """Return the language a need was written in; the only one it has where that is not said."""
    return need.language or next(iter(need.need.values), "")


def _ask(
    name: str, scorer: Scorer, needs: Mapping[str, Need], practice_ids: Sequence[str], asked: _Counter
) -> Run:
    """Ask one system all needs."""
    items = np.array(practice_ids, dtype=object)
    parts = []
    for key, need in needs.items():
        scores = np.asarray(scorer(need), dtype=float)
        if scores.shape != items.shape or np.isnan(scores).any():
            raise DataError(
                es=f"El sistema «{name}» respondió a {key} con {scores.shape} valores o con valores "
                f"desconocidos; se espera uno por práctica ({len(items)}).",
                en=f"The system '{name}' answered {key} with shape {scores.shape} or with unknown "
                f"values; one score per practice is expected ({len(items)}).",
            )
        parts.append(pd.DataFrame({"query_id": key, "item_id": items, "score": scores}))
        asked.step()
    if not parts:
        return Run(pd.DataFrame({"query_id": [], "item_id": [], "score": np.empty(0)}))
    return Run(pd.concat(parts, ignore_index=True))


def _qrels(judgements: Judgements, judged: Sequence[JudgedNeed], practice_ids: Sequence[str]) -> Qrels:
    """Return the judgements as qrels, after checking that they can be answered."""
    if not judged:
        raise DataError(
            es="El paquete no tiene ninguna necesidad juzgada (queries.csv y judgements.csv).",
            en="The package has no judged need (queries.csv and judgements.csv).",
        )
    for need in judged:
        if _language(need) not in need.need.values:
            raise DataError(
                es=f"queries.csv: a {need.id} le falta el texto original (need_{_language(need)}).",
                en=f"queries.csv: {need.id} lacks its original wording (need_{_language(need)}).",
            )
    frame = pd.DataFrame(
        [
            (need.id, practice, grade)
            for need in judged
            for practice, grade in judgements.grades[need.id].items()
        ],
        columns=["query_id", "item_id", "grade"],
    )
    strangers = sorted(set(frame["item_id"]) - set(practice_ids))
    if strangers:
        raise DataError(
            es=f"judgements.csv: {len(strangers)} prácticas juzgadas no están en el catálogo, p. ej. "
            f"{strangers[0]}; indique los paquetes que las contienen.",
            en=f"judgements.csv: {len(strangers)} judged practices are not in the catalogue, e.g. "
            f"{strangers[0]}; give the packages that hold them.",
            practices=strangers,
        )
    return Qrels(frame)
