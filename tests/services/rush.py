"""Many clients that begin at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from queue_server.domain.errors import DomainError
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction

CLIENTS = 50
"""How many press at once where nothing else is said."""


def rush(clients: int, work: Callable[[int], Any]) -> list[Any]:
    """Let every client begin at the same moment. Returns what each got: an answer, or the code of a
    refusal.
    """
    barrier = threading.Barrier(clients)

    def run(place: int) -> Any:
        barrier.wait()
        try:
            return work(place)
        except DomainError as refused:
            return refused.code

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))


def rush_commands(
    databases: Sequence[Database],
    days: Iterable[DayKey],
    command: Callable[[Transaction, int], Any],
    clients: int = CLIENTS,
) -> list[Any]:
    """`rush` with a command for each client, handed to the databases in turn."""
    keys = list(days)
    return rush(
        clients,
        lambda place: databases[place % len(databases)].write(keys, lambda tx: command(tx, place)),
    )
