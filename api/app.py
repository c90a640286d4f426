"""The HTTP application: one factory, blueprints in order."""

from __future__ import annotations

from flask import Response
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from api.config import Settings, read_settings
from api.engine import EXTENSION, Engine
from api.errors import register_errors
from api.fit import fit
from api.health import health
from api.negotiation import RELEASE, register_negotiation
from api.network import network
from api.organisations import organisations
from api.peers import peers
from api.places import places
from api.portfolios import portfolios
from api.practices import practices
from api.recommendations import recommendations
from api.reference import register_reference
from api.routes import routes
from api.schemas import Problem
from api.territories import territories
from api.web.site import register_web

DESCRIPTION = """Ranks good practices on migration and local development for a territory or an
organisation and says why. Answers speak Spanish or English (`?lang=`, else `Accept-Language`, else
Spanish). Every refusal is a problem document (RFC 9457) with a stable `code`. What is asked is neither
stored nor logged. A fit is an anticipated fit: not an endorsement, not a forecast of success."""


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> OpenAPI:
    """Return the application.

    Parameters
    ----------
    settings : Settings, optional
        Default: read from the environment.
    engine : Engine, optional
        Default: one that starts to load in the background at once.
    """
    settings = settings or (engine.settings if engine else read_settings())
    app = OpenAPI(
        __name__,
        info=Info(title="Arraigo", version=RELEASE, description=DESCRIPTION),
        doc_ui=False,
        static_folder=None,
        validation_error_model=Problem,
        validation_error_callback=_raise_again,
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if engine is None:
        engine = Engine(settings, threads=1)
        engine.start()
    app.extensions[EXTENSION] = engine
    register_errors(app)
    register_negotiation(app)
    for resource in (
        recommendations,
        territories,
        practices,
        places,
        peers,
        fit,
        organisations,
        network,
        portfolios,
        routes,
        health,
    ):
        app.register_api(resource)
    register_reference(app)
    register_web(app)
    return app


def _raise_again(error: ValidationError) -> Response:
    """Leave the refusal to `api.errors`, where every other one is made."""
    raise error
