"""The cookie by which a browser is known in which somebody has signed in before: a stranger's
guesses do not delay them there.

It holds a random mark and, for each account, a keyed proof that binds the account to that mark. It
opens nothing by itself.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from flask import Response, request

from queue_server.web.edge.context import context

COOKIE = "antrean_browser"
KEPT_SECONDS = 90 * 24 * 3600
ACCOUNTS_MAX = 8
"""So many people share one desk's browser at most; the one who signed in longest ago is forgotten
first.
"""


def mark_for(username: str) -> str | None:
    """This browser's mark, if this account has signed in here before."""
    mark, proofs = _read()
    return (
        mark
        if mark and any(hmac.compare_digest(each, _prove(mark, username)) for each in proofs)
        else None
    )


def remember(response: Response, username: str) -> None:
    """Note that this account has signed in here."""
    mark, proofs = _read()
    mark = mark or secrets.token_hex(16)
    mine = _prove(mark, username)
    kept = [mine, *(each for each in proofs if each != mine)][:ACCOUNTS_MAX]
    response.set_cookie(
        COOKIE,
        ".".join((mark, *kept)),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=context().settings.is_https,
        path="/",
    )


def _read() -> tuple[str, list[str]]:
    mark, *proofs = request.cookies.get(COOKIE, "")[:600].split(".")
    return (mark if mark.isascii() else ""), [each for each in proofs if each.isascii()][
        :ACCOUNTS_MAX
    ]


def _prove(mark: str, username: str) -> str:
    text = f"browser:{mark}:{username.strip().lower()}"
    return hmac.new(context().secret_key, text.encode(), sha256).hexdigest()[:32]
