"""The static files of the pages, under an address that changes with their content.

`/assets/<build>/…` may be cached for ever: any change of a file changes the build, so a page never mixes old and new modules.
"""
from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, send_file, send_from_directory, url_for

from queue_server.protocol.design import TOKENS_CSS

from .auth import public

STATIC = Path(__file__).with_name("static")
assets = Blueprint("assets", __name__)
_ONE_YEAR_S = 365 * 24 * 3600


@functools.cache
def build() -> str:
    """A short hash over every static file's path and content: the version of the pages' front end."""
    digest = hashlib.sha256(TOKENS_CSS.read_bytes())
    for path in sorted(each for each in STATIC.rglob("*") if each.is_file()):
        digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@assets.get("/assets/<wanted>/<path:name>")
@public
def file(wanted: str, name: str) -> Response:
    """One static file; an address of an older build gets the present file, uncached."""
    response = send_file(TOKENS_CSS) if name == "tokens.css" else send_from_directory(STATIC, name)
    if wanted == build():
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR_S}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


@assets.get("/favicon.ico")
@public
def favicon() -> Response:
    """Browsers ask for this whatever the page says; the mark is an SVG."""
    return send_from_directory(STATIC, "mark.svg", max_age=86400)


def asset(name: str) -> str:
    """The address of a static file for templates, e.g. asset("antrean.css")."""
    return url_for("assets.file", wanted=build(), name=name)


def install(app: Flask) -> None:
    """Serve the static files and give templates `asset()` and `build()`."""
    app.register_blueprint(assets)
    app.jinja_env.globals.update(asset=asset, build=build)
