"""Checking a code of the second factor: counted first, as passwords are. Every page that asks for
one goes this way.
"""

from __future__ import annotations

from queue_server.domain.access.accounts import User
from queue_server.domain.events import EventType
from queue_server.services.access import sign_in
from queue_server.services.access.factors import codes
from queue_server.services.access.factors.codes import Proof
from queue_server.web.edge.context import context, now


def check(
    user: User, typed: str, browser: str | None, *, of: EventType = EventType.SIGN_IN_REFUSED
) -> Proof | None:
    """What a typed code of this user is, or None. Whoever calls uses it up.

    `browser` is the mark of one in which this account has signed in before, or the log-in in which
    the code is asked for. `of` is what the log calls it if it is wrong. Raises `SignInPaused`.
    """
    parts, moment = context(), now()
    keys = sign_in.keys_of_code(user.id, browser)
    counted = parts.tries.count(keys, moment)
    with parts.database.read() as connection:
        proof = codes.judge(connection, parts.secret_key, user.id, typed, moment)
    if proof is not None:
        parts.tries.forgive(keys)
    else:
        sign_in.note_refused(parts.database, user, counted, moment, of=of)
    return proof
