"""Passkeys of this site: whether there can be any, and what a browser has made or signed."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from flask import Response, abort, jsonify

from queue_server.domain.errors import WrongPasskey
from queue_server.services.access.factors.passkeys import Site
from queue_server.web.edge.context import context

CREDENTIAL_LENGTH = 16_000
ID_LENGTH = 1_400


def find_site() -> Site | None:
    """The site that passkeys are for; None where there can be none: browsers make them over https
    and for a name, or on this very machine.
    """
    settings = context().settings
    name = settings.host_name
    try:
        ip_address(name)
    except ValueError:
        is_name = True
    else:
        is_name = False
    if not is_name or not (settings.is_https or name == "localhost"):
        return None
    return Site(name, (settings.public_url,))


def has_passkeys() -> bool:
    """Whether this site can have passkeys."""
    return find_site() is not None


def need_site() -> Site:
    """The site; where there can be no passkeys there is no such page."""
    return find_site() or abort(404)


def read_credential(text: str) -> dict[str, Any]:
    """What the browser has made or signed. Raises `WrongPasskey`."""
    try:
        given = json.loads(text[:CREDENTIAL_LENGTH])
    except (ValueError, RecursionError):
        raise WrongPasskey() from None
    if not isinstance(given, dict):
        raise WrongPasskey()
    return given


def read_id(credential: dict[str, Any]) -> str:
    """By which name a passkey is known."""
    return str(credential.get("id", ""))[:ID_LENGTH]


def answer_options(options: dict[str, Any]) -> Response:
    """What a browser needs to make a passkey or to sign with one; nobody keeps it."""
    response = jsonify(options)
    response.headers["Cache-Control"] = "no-store"
    return response
