"""Whether the service is alive, and whether it is ready to answer."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from api.engine import current_engine, current_snapshot
from api.negotiation import RELEASE
from api.responses import dump, refusals
from api.schemas import Answer

health = APIBlueprint(
    "health", __name__, url_prefix="/health", abp_tags=[Tag(name="health", description="State.")]
)


class LiveOut(Answer):
    """The process answers."""

    status: str
    release: str


class ReadyOut(Answer):
    """Territory questions are answered; questions with a text wait while `encoder` is loading."""

    status: str
    release: str
    data_version: str
    model_version: str
    encoder: str
    practices: int
    territories: int


@health.get("/live", responses={200: LiveOut})
def show_live() -> Response:
    """Tell that the process answers."""
    return dump(LiveOut(status="live", release=RELEASE))


@health.get("/ready", responses={200: ReadyOut, **refusals(503)})
def show_ready() -> Response:
    """Tell what is loaded; 503 while the data still load."""
    pipeline = current_snapshot().pipeline
    return dump(
        ReadyOut(
            status="ready",
            release=RELEASE,
            data_version=pipeline.data_version,
            model_version=pipeline.model_version,
            encoder=current_engine().encoder_state,
            practices=len(pipeline.catalogue.practices),
            territories=len(pipeline.catalogue.territories),
        )
    )
