"""The scripts, styles and pictures of the pages, under an address that changes with their content.

`/assets/<build>/…` may be cached for ever: any change of a file changes the build, so a page never
mixes old and new modules. Whoever takes gzip gets them packed: each file is packed once, on its
first request, and only that is kept in memory, 90 kB of all. What all pages share lies in
`edge/static`, and its address has no folder; what belongs to one page lies beside it.
"""

from __future__ import annotations

import functools
import hashlib
import mimetypes
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, send_file, send_from_directory, url_for

from queue_server.protocol.design import TOKENS_CSS

from .access.routes import public
from .compression import pack, send_packed, takes_gzip

STATIC = Path(__file__).with_name("static")
PAGES = Path(__file__).parents[1] / "pages"
SUFFIXES = frozenset({".css", ".js", ".svg"})
"""Of what lies beside a page, the files that browsers may have; of all, those that are packed."""

assets = Blueprint("assets", __name__)
_ONE_YEAR_S = 365 * 24 * 3600


@functools.cache
def build() -> str:
    """A short hash over every static file's path and content: the version of the pages' front
    end.
    """
    digest = hashlib.sha256(TOKENS_CSS.read_bytes())
    for name, path in list_files():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def list_files() -> list[tuple[str, Path]]:
    """Every static file by the name that `asset` takes."""
    shared = [
        (each.relative_to(STATIC).as_posix(), each) for each in STATIC.rglob("*") if each.is_file()
    ]
    beside = [
        (each.relative_to(PAGES).as_posix(), each)
        for each in PAGES.rglob("*")
        if each.suffix in SUFFIXES
    ]
    return sorted(shared + beside)


@assets.get("/assets/<wanted>/<path:name>")
@public
def file(wanted: str, name: str) -> Response:
    """One static file; an address of an older build gets the present file, uncached."""
    path = TOKENS_CSS if name == "tokens.css" else _known_files().get(name) or abort(404)
    return send(path, is_present=wanted == build())


def send(path: Path, *, is_present: bool) -> Response:
    """A static file. It may be kept for ever if it `is_present` under the address that was asked
    for: one that changes with its content.
    """
    packed = _packed(path) if path.suffix in SUFFIXES and takes_gzip() else None
    if packed is None:
        response = send_file(path)
    else:
        mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        response = send_packed(packed, mimetype, f"{_mark(path)}-gzip")
    response.vary.add("Accept-Encoding")
    if is_present:
        response.headers["Cache-Control"] = f"public, max-age={_ONE_YEAR_S}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


@functools.cache
def _known_files() -> dict[str, Path]:
    return dict(list_files())


@functools.cache
def _packed(path: Path) -> bytes:
    return pack(path.read_bytes())


@functools.cache
def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


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
