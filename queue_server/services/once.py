"""Doing a command once however often it is sent: the answer is kept under the sender's key in the same transaction."""
from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..store import answers
from ..store.transaction import Transaction

Answer = dict[str, Any]


def do_once(
    tx: Transaction, scope: str, key: str | None, request: str, command: Callable[[Transaction], Answer], now: datetime
) -> Answer:
    """Run a command, or give the answer it gave before under this key. Without a key it simply runs.

    `scope` is who asks, `request` a keyed digest of what. A refused command keeps no answer, so it may be tried again with
    the same key. Raises `KeyReused`.
    """
    if key is None:
        return command(tx)
    known: Answer | None = answers.recall(tx, scope, key, request)
    if known is not None:
        return known
    answer = command(tx)
    answers.remember(tx, scope, key, request, answer, now)
    return answer
