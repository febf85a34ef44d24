"""Many clients that begin at the same moment."""
from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from queue_server.domain.errors import DomainError


def rush(clients: int, work: Callable[[int], Any]) -> list[Any]:
    """Let every client begin at the same moment. Returns what each got: an answer, or the code of a refusal."""
    barrier = threading.Barrier(clients)

    def run(place: int) -> Any:
        barrier.wait()
        try:
            return work(place)
        except DomainError as refused:
            return refused.code

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(run, range(clients)))
