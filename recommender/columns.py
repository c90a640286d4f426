"""What one column of the feature matrix is: its name, unit, range, neutral value and meaning."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.domain import Text


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One named feature of a (practice, territory, organisation, need) pair; NaN is unknown.

    Parameters
    ----------
    name : str
        Column name, stable for programs.
    unit : str
        What a step of 1 is.
    low, high : float
        Ends of the range; values never lie outside.
    neutral : float
        The value at which the feature speaks neither for nor against, within the range.
    meaning : Text
        One sentence in Spanish and English.
    group : {'fit', 'exposure'}
        Whether it tells how a practice suits a place, or only where practices tend to go
        (size, popularity, following others).
    learnable : bool
        False where no record of adoptions can show it (need text, organisation, cost): such a
        feature keeps its reviewed weight.
    """

    name: str
    unit: str
    low: float
    high: float
    neutral: float
    meaning: Text
    group: str = "fit"
    learnable: bool = True

    def __post_init__(self) -> None:
        if not self.low <= self.neutral <= self.high or self.low == self.high:
            raise ValueError(f"{self.name}: neutral {self.neutral} is not within {self.low} to {self.high}")
        if self.group not in ("fit", "exposure"):
            raise ValueError(f"{self.name}: group is 'fit' or 'exposure', not '{self.group}'")
