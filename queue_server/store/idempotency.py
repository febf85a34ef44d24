"""Answers kept under their Idempotency-Key, so that a resent request gets the same answer and does
nothing again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from queue_server.domain.errors import KeyReused

from .tables import answers
from .writer.compiled import Compiled
from .writer.transaction import Transaction

_FIND = Compiled(
    sa.select(answers.c.request, answers.c.answer).where(
        answers.c.scope == sa.bindparam("scope"), answers.c.key == sa.bindparam("key")
    )
)


def recall(tx: Transaction, scope: str, key: str, request: str) -> Any:
    """The answer stored for a key, or None. `scope` is who asks, `request` a digest of what.

    Raises `KeyReused` if the key came with another request before.
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


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Delete answers older than any client retries. Returns how many."""
    return tx.change(answers.delete().where(answers.c.at < moment)).rowcount
