"""Doing a command once however often it is sent: the answer is kept under the sender's key in the
same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from queue_server.store import idempotency
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.transaction import Transaction

Answer = dict[str, Any]


def do_once(
    tx: Transaction,
    scope: str,
    key: str | None,
    request: str,
    command: Callable[[Transaction], Answer],
    now: datetime,
    *,
    person: str | None = None,
) -> Answer:
    """Run a command, or give the answer it gave before under this key. Without a key it simply
    runs.

    `scope` is who asks, `request` a keyed digest of what. A refused command keeps no answer, so it
    may be tried again with the same key. `person` is the NIK fingerprint to lock for a command that
    stands under no day's lock: sent to two processes at one moment, the second must find the first
    one's answer. Raises `KeyReused`.
    """
    if key is None:
        return command(tx)
    if person is not None:
        ticket_store.lock_person(tx, person)
    known: Answer | None = idempotency.recall(tx, scope, key, request)
    if known is not None:
        return known
    answer = command(tx)
    idempotency.remember(tx, scope, key, request, answer, now)
    return answer
