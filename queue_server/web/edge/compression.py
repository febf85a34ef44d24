"""What is sent compressed: static files, and pages of the public that hold no secret.

The size of a compressed page gives its content away to whoever can put text of their own into it
and have it sent again and again (BREACH). So a page stays as it is if it carries the token of a
form or is for somebody who is signed in. A ticket's own page may be compressed: its only secret is
the code in its address, and who can ask for the page knows that already.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

from .access.csrf import carries_token
from .access.principals import SESSION_COOKIE

PAGE_BYTES_MIN = 1_400
"""A smaller page fits into one packet as it is."""
PAGE_LEVEL = 5
"""A page is compressed for each request, one of 20 kB in 0.1 ms; more effort saves 1 percent."""


def takes_gzip() -> bool:
    """Whether who asks takes an answer packed by gzip."""
    return request.accept_encodings.quality("gzip") > 0


def pack(content: bytes, level: int = 9) -> bytes:
    """Content packed by gzip, always to the same bytes."""
    return gzip.compress(content, level, mtime=0)


def send_packed(packed: bytes, mimetype: str, etag: str) -> Response:
    """Packed content as an answer, or that it has not changed since the asker's `etag`."""
    response = Response(packed, mimetype=mimetype)
    response.content_encoding = "gzip"
    response.set_etag(etag)
    response.make_conditional(request)
    return response


def send_page(packed: bytes, etag: str) -> Response:
    """A page that is kept packed, as whoever asks takes it, or that it has not changed."""
    if takes_gzip():
        response = send_packed(packed, "text/html", f"{etag}-gzip")
    else:
        response = Response(gzip.decompress(packed), mimetype="text/html")
        response.set_etag(etag)
        response.make_conditional(request)
    response.vary.add("Accept-Encoding")
    return response


def _pack_page(response: Response) -> Response:
    if not _is_open_page(response):
        return response
    response.vary.add("Accept-Encoding")
    if takes_gzip():
        response.set_data(pack(response.get_data(), PAGE_LEVEL))
        response.content_encoding = "gzip"
    return response


def _is_open_page(response: Response) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and response.mimetype == "text/html"
        and response.content_encoding is None
        and not response.is_streamed
        and not carries_token()
        and SESSION_COOKIE not in request.cookies
        and (response.content_length or 0) >= PAGE_BYTES_MIN
    )


def install(app: Flask) -> None:
    """Compress the pages that may be."""
    app.after_request(_pack_page)
