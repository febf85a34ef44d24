"""Running the commands of a request, once however often it is sent."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Sequence
from string import hexdigits
from typing import Any

from flask import Response, request

from queue_server.domain.errors import BadInput
from queue_server.services.bulk import Outcome, Step, take_each
from queue_server.services.idempotency import do_once
from queue_server.store.writer.transaction import DayKey, Transaction
from queue_server.web.edge.access.csrf import browser_mark
from queue_server.web.edge.access.principals import principal
from queue_server.web.edge.context import context, now

from .answers import json_response, write_json

KEY_HEADER = "Idempotency-Key"
KEY_LENGTH = 200
KEY_BITS_MIN = 128
DIFFERENT_LETTERS_MIN = 8


def perform(
    days: Iterable[DayKey],
    command: Callable[[Transaction], Any],
    *,
    status: int = 200,
    person: str | None = None,
) -> Response:
    """Run a command once under the request's Idempotency-Key and answer with its result; `None`
    becomes 204.

    What is kept is the text of the answer, so a resent request gets the very same bytes. A command
    that declares no day names its `person` instead, by NIK fingerprint.

    Raises what the command raises, and `BadInput` for a key that cannot be one.
    """
    key = read_key()
    asker, digest = scope(), digest_request()
    moment = now()

    def keep(tx: Transaction) -> dict[str, Any]:
        result = command(tx)
        return {"status": 204} if result is None else {"status": status, "text": write_json(result)}

    kept = context().database.write(
        days, lambda tx: do_once(tx, asker, key, digest, keep, moment, person=person)
    )
    return (
        Response(status=kept["status"])
        if "text" not in kept
        else json_response(kept["text"], kept["status"])
    )


def perform_kept(
    days: Iterable[DayKey], command: Callable[[Transaction], dict[str, Any]]
) -> dict[str, Any]:
    """Run a command once under the request's Idempotency-Key and give what is kept of it: for an
    answer that is made anew each time, because it holds what must not be stored.

    Raises what the command raises, and `BadInput` for a key that cannot be one.
    """
    key, asker, digest, moment = read_key(), scope(), digest_request(), now()
    return context().database.write(
        days, lambda tx: do_once(tx, asker, key, digest, command, moment)
    )


def perform_each(steps: Sequence[Step]) -> list[Outcome]:
    """Take the steps of one request as `take_each` does, under the request's Idempotency-Key.

    Raises `KeyReused`, and `BadInput` for a key that cannot be one.
    """
    return take_each(context().database, steps, scope(), read_key(), digest_request(), now())


def read_key() -> str | None:
    """The request's Idempotency-Key. Raises `BadInput` for an empty, long or unprintable one, and
    for one that could be guessed.

    Whoever is known, by a token, a log-in or a cookie of ours, has answers of their own. All others
    share theirs, so that their key is a secret as well: it must have room for 128 bits, as a UUID
    or 22 characters drawn at random have.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise BadInput(field=KEY_HEADER, reason="format")
    if principal() is None and browser_mark() is None and is_guessable(key):
        raise BadInput(field=KEY_HEADER, reason="guessable")
    return key


def is_guessable(key: str) -> bool:
    """Whether a key has room for fewer than 128 bits, or repeats so few characters that it was not
    drawn at random.

    Of 32 random hexadecimal digits fewer than 8 different ones are seen once in twenty million
    keys.
    """
    digits = key.replace("-", "")
    bits = 4 * len(digits) if all(each in hexdigits for each in digits) else 6 * len(key)
    return bits < KEY_BITS_MIN or len(set(digits)) < DIFFERENT_LETTERS_MIN


def scope() -> str:
    """Whose keys the request brings: nobody meets another's."""
    who = principal()
    if who is not None:
        return f"{who.role}:{who.id}"
    browser = browser_mark()
    return "public" if browser is None else f"public:{browser}"


def digest_request() -> str:
    """A keyed mark of the request: bodies hold a NIK, and an unkeyed digest of one could be
    searched back.
    """
    message = f"{request.method} {request.path}\0".encode() + request.get_data()
    return hmac.digest(context().nik_key, message, "sha256").hex()
