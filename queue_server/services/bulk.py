"""One request about many things: a step for each, taken in a command of its own, or tried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from queue_server.domain.errors import DomainError, KeyReused
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import DayKey, Transaction

from .idempotency import Answer, do_once


@dataclass(frozen=True)
class Step:
    """What is done about one thing, by name, and the office-days to lock for it. `take` returns
    whether there was anything to do.
    """

    name: str
    days: tuple[DayKey, ...]
    take: Callable[[Transaction], bool]

    def answer(self, tx: Transaction) -> Answer:
        return {"done": self.take(tx)}


Outcome = bool | DomainError
"""What became of a step: done, nothing to do, or why it was refused."""


def take_each(
    database: Database,
    steps: Sequence[Step],
    scope: str,
    key: str | None,
    request: str,
    now: datetime,
) -> list[Outcome]:
    """Take steps one after the other, each once under the key and its own name.

    So a request that is sent again, even after it was cut off half-way, gets the outcomes of what
    was done and does the rest. The arguments are those of `do_once`. Raises `KeyReused`.
    """
    outcomes: list[Outcome] = []
    for step in steps:
        once = partial(
            do_once,
            scope=scope,
            key=None if key is None else f"{key}/{step.name}",
            request=request,
            command=step.answer,
            now=now,
        )
        try:
            outcomes.append(bool(database.write(step.days, once)["done"]))
        except KeyReused:
            raise
        except DomainError as refused:
            outcomes.append(refused)
    return outcomes


class _TriedOut(Exception):
    """Undoes everything that was tried out."""


def try_out(database: Database, steps: Sequence[Step]) -> list[Outcome]:
    """What steps would do one after the other, nothing is changed: they are taken in one
    transaction, which is then undone.
    """
    outcomes: list[Outcome] = []

    def take_all(tx: Transaction) -> None:
        outcomes.clear()
        for step in steps:
            try:
                outcomes.append(step.take(tx))
            except DomainError as refused:
                outcomes.append(refused)
        raise _TriedOut()

    with suppress(_TriedOut):
        database.write({day for step in steps for day in step.days}, take_all)
    return outcomes
