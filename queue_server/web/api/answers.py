"""How a result becomes an answer: JSON, and the mark by which a client knows it again."""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from typing import Any

from flask import Response, request

from queue_server.protocol.messages import to_wire

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def answer(value: Any) -> Response:
    """A handler's result as an answer."""
    if isinstance(value, Response):
        return value
    body, status = value if isinstance(value, tuple) else (value, 200)
    if body is None:
        return Response(status=status)
    return json_response(write_json(body), status)


def write_json(value: Any) -> str:
    """A message or view as the text of an answer."""
    return _encode(plain(value))


def json_response(text: str, status: int) -> Response:
    """A text of `write_json` as an answer."""
    return Response(text, status, content_type="application/json")


def plain(value: Any) -> Any:
    """A message or view as JSON-ready values."""
    return to_wire(value) if is_dataclass(value) and not isinstance(value, type) else value


def not_modified(etag: str) -> Response | None:
    """The answer to whoever has this version already, else None. A proxy that compresses weakens
    the mark; it counts all the same.
    """
    return marked(Response(status=304), etag) if request.if_none_match.contains_weak(etag) else None


def with_etag(view: object, etag: str) -> Response:
    """A view with the mark of its version."""
    return marked(answer(view), etag)


def marked(response: Response, etag: str) -> Response:
    """An answer with the mark of its version, to be asked for anew each time."""
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return response
