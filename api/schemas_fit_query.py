"""What may be asked of a comparison of a practice with a territory."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.schemas import (
    Asker,
    Body,
    FreeText,
    Mode,
    Model,
    OneOf,
    QueryString,
)
from api.schemas_query import ASKER, MODE, OrganisationIn, Weight, Weights, factors
from recommender.limits import MAX_ENTRIES
from recommender.query import FIT
from recommender.transfer import ANSWERS

FIT_FORMATS = ("json", "pdf", "docx")


class FitPath(Model):
    """A practice and a territory."""

    id: str = Field(description="Id of the practice.")
    territory_id: str = Field(description="Id, name, alias or capital; accents are forgiven.")


class FitFormat(QueryString):
    """How the comparison is wanted."""

    format: Annotated[str, OneOf(FIT_FORMATS)] | None = Field(
        default=None, description="Else by Accept; pdf and docx are two pages to hand on."
    )


class FitQuery(FitFormat):
    """What of a ranking's question changes its figure: with it the comparison says the list's own fit.

    Personal descriptions belong in a POST body.
    """

    need: FreeText | None = None
    asker: Asker | None = Field(default=None, description=ASKER)
    weights: Weights
    mode: Mode = Field(default=FIT, description=MODE)

    def body(self) -> FitIn:
        """Return the same in the form of a body, checked like one."""
        asked = {"need": self.need, "asker": self.asker, "weights": factors(self.weights), "mode": self.mode}
        return FitIn.model_validate(asked)


class FitIn(Body):
    """A ranking's question, who would run it, and answers to what was asked. Kept nowhere.

    `fit` is then the figure of the ranking for the same organisation, need, asker, weights and mode. The
    29 factors look at the organisation's type, budget, staff and horizon.
    """

    organisation: OrganisationIn | None = None
    need: FreeText | None = Field(default=None, description="What is needed, in the asker's own words.")
    asker: Asker | None = Field(default=None, description=ASKER)
    weights: dict[str, Weight] = Field(
        default={},
        max_length=MAX_ENTRIES,
        description="Feature -> factor on its weight; 1 as reviewed, 0 leaves it out.",
    )
    mode: Mode = Field(default=FIT, description=MODE)
    answers: dict[str, Annotated[str, OneOf(ANSWERS)]] = Field(
        default={},
        max_length=60,
        description="Code of a factor, or requirement-1 and so on -> yes or no; yes always favours it.",
    )
