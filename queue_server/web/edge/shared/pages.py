"""Pages of the public: each is made once for all who ask alike, and sent to all of them (ADR 0025).

A page is made in nobody's name: for a request that has an address and a language and nothing else,
no cookie, no header, no network address. So nothing of whoever asked first can be on it. What is
each visitor's own is put in as it is sent (`own_parts`).
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue

from queue_server.web.edge.access.principals import SESSION_COOKIE, is_near
from queue_server.web.edge.compression import PAGE_BYTES_MIN, PAGE_LEVEL, pack, send_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import current_language, offered_languages

from .own_parts import Parts, begin_for_everybody, join, split

View = Callable[..., ResponseReturnValue]
QUERY_BYTES_MAX = 300
REVALIDATED = "private, no-cache"
"""A browser may keep such a page, and asks each time whether it still holds."""


@dataclass(frozen=True)
class SharedPage:
    """A page as it is kept: packed, or in parts if it has some that are each visitor's own; with
    the headers that its view has given it.
    """

    packed: bytes = b""
    parts: Parts = ()
    etag: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        own = sum(len(each) if isinstance(each, bytes) else 200 for each in self.parts)
        return 500 + len(self.packed) + own


def shared_page(
    version: Callable[..., object], query: frozenset[str] = frozenset(), *, private: bool = False
) -> Callable[[View], View]:
    """Make a page once for all who ask for its address in one language, as long as `version` stays.

    `version` is called for each request with the view's parameters; it refuses what the view would
    refuse, and gives None where there is nothing to share. `query` names the parameters in the
    address that the page knows: with any other, and for somebody who is signed in, the page is made
    for this one request. Only a whole page is shared, no redirect and no error. A `private` page is
    of the holder of a code: no browser keeps it.
    """
    known = query | {"lang"}

    def decorate(view: View) -> View:
        @wraps(view)
        def shared(**parameters: Any) -> ResponseReturnValue:
            if not _is_for_all(known):
                return view(**parameters)
            key = (request.path, request.query_string, current_language(), is_near())
            mark = version(**parameters)
            if mark is None:
                return view(**parameters)
            try:
                page = context().pages.get(key, mark, lambda: _make(view, parameters))
            except _NotShared:
                return view(**parameters)
            return _send(page, private=private)

        return shared

    return decorate


class _NotShared(Exception):
    """What a view answered is no page for everybody."""


def _is_for_all(known: frozenset[str]) -> bool:
    return (
        SESSION_COOKIE not in request.cookies
        and "Authorization" not in request.headers
        and len(request.query_string) <= QUERY_BYTES_MAX
        and known.issuperset(request.args)
    )


def _make(view: View, parameters: dict[str, Any]) -> SharedPage:
    """The page for nobody in particular. Raises `_NotShared`."""
    moment, language, offered = now(), current_language(), offered_languages()
    with current_app.request_context(_environ_of_nobody(near=is_near())):
        g.now, g.language, g.offered = moment, language, offered
        marks = begin_for_everybody()
        text, headers = _read(view(**parameters))
    parts = split(text, marks)
    if len(parts) > 1:
        return SharedPage(parts=parts, headers=headers)
    content = text.encode()
    etag = hashlib.sha256(content).hexdigest()[:16]
    if len(content) < PAGE_BYTES_MIN:
        return SharedPage(parts=parts, etag=etag, headers=headers)
    return SharedPage(packed=pack(content, PAGE_LEVEL), etag=etag, headers=headers)


def _read(answer: ResponseReturnValue) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of a page and the headers of its own. Raises `_NotShared` for all that is no page,
    and for one that leaves a cookie.
    """
    if isinstance(answer, str):
        return answer, ()
    if (
        not isinstance(answer, Response)
        or answer.status_code != 200
        or answer.mimetype != "text/html"
        or "Set-Cookie" in answer.headers
    ):
        raise _NotShared()
    own = {"content-type", "content-length"}
    given = tuple(each for each in answer.headers if each[0].lower() not in own)
    return answer.get_data(as_text=True), given


def _environ_of_nobody(*, near: bool) -> dict[str, Any]:
    """A request for the same address. Whether it comes from this machine decides whether whoever
    asks is judged; it is part of the key.
    """
    asked = request.environ
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": asked["PATH_INFO"],
        "QUERY_STRING": asked.get("QUERY_STRING", ""),
        "SERVER_NAME": asked["SERVER_NAME"],
        "SERVER_PORT": asked["SERVER_PORT"],
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1" if near else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": asked["wsgi.url_scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _send(page: SharedPage, *, private: bool) -> Response:
    if page.packed:
        response = send_page(page.packed, page.etag)
    else:
        response = Response(join(page.parts), mimetype="text/html")
        if page.etag:
            response.set_etag(page.etag)
            response.make_conditional(request)
    if page.etag and not private:
        response.headers["Cache-Control"] = REVALIDATED
    response.headers.update(dict(page.headers))
    return response
