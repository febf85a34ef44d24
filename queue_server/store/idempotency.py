"""Answers kept under their Idempotency-Key, so that a resent request gets the same answer and does
nothing again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queue_server.domain.errors import KeyReused, Superseded

from .tables import answers
from .writer.compiled import Compiled
from .writer.transaction import Transaction

SUPERSEDED = "superseded"
"""In place of a request's digest: another number was given in place of what this key asked for."""

_FIND = Compiled(
    sa.select(answers.c.request, answers.c.answer).where(
        answers.c.scope == sa.bindparam("scope"), answers.c.key == sa.bindparam("key")
    )
)

_OF_KEY = sa.select(answers.c.request, answers.c.answer).where(
    answers.c.scope == sa.bindparam("scope"), answers.c.key == sa.bindparam("key")
)


def recall(tx: Transaction, scope: str, key: str, request: str) -> Any:
    """The answer stored for a key, or None. `scope` is who asks, `request` a digest of what.

    Raises `KeyReused` if the key came with another request before, `Superseded` if a kiosk has
    given another number in its place.
    """
    for row in tx.pending(answers):
        if row["scope"] == scope and row["key"] == key:
            known_request, answer = row["request"], row["answer"]
            break
    else:
        rows = tx.peek_rows(_FIND, {"scope": scope, "key": key})
        if not rows:
            return None
        known_request, answer = rows[0].request, rows[0].answer
    if known_request == SUPERSEDED:
        raise Superseded()
    if known_request != request:
        raise KeyReused()
    return answer


def remember(
    tx: Transaction, scope: str, key: str, request: str, answer: Any, now: datetime
) -> None:
    """Keep an answer, in the same transaction as what it tells of."""
    tx.insert(
        answers, {"scope": scope, "key": key, "request": request, "answer": answer, "at": now}
    )


def supersede(tx: Transaction, scope: str, key: str, by: str, now: datetime) -> tuple[Any, str]:
    """Leave word under a key that `by` stands in place of what it asked for, so that a request that
    comes late is refused.

    Returns the answer that was given under it, None if there was none yet, and what stands in its
    place: another than `by` if that came first.
    """
    rows = tx.read(_OF_KEY, {"scope": scope, "key": key}, seeing=answers).all()
    if rows and rows[0].request == SUPERSEDED:
        return None, str(rows[0].answer["by"])
    tx.change(answers.delete().where(answers.c.scope == scope, answers.c.key == key))
    remember(tx, scope, key, SUPERSEDED, {"by": by}, now)
    return (rows[0].answer if rows else None), by


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete answers older than any client retries. Returns how many."""
    return tx.change(answers.delete().where(answers.c.at < moment)).rowcount
