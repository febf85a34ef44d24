"""Several commands that arrive while the writer is busy, so that it serves them in one
transaction.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from queue_server.domain.visit.step import Draw
from queue_server.services.door.arrival import Arrived, WalkIn, issue_walk_in
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction
from tests.services import stage

CODE = "o1"
KEY = (CODE, stage.TODAY)
NOON = stage.at(12 * 60)
PATIENCE_SECONDS = 30

Command = Callable[[Transaction], Any]


def open_database(url: str, **options: Any) -> Database:
    """A migrated database with one office that lets everybody in."""
    database = Database(url, **options)
    stage.open_office(database, stage.small_office(CODE, limit=None))
    return database


def issue(tx: Transaction, drawn: Draw | None = None, now: datetime = NOON) -> Arrived:
    return issue_walk_in(tx, CODE, WalkIn("REK"), drawn or draw(), now)


def until(condition: Callable[[], bool]) -> None:
    """Let the others run until something holds that they bring about."""
    deadline = datetime.now(UTC) + timedelta(seconds=PATIENCE_SECONDS)
    while not condition():
        assert datetime.now(UTC) < deadline, "it did not come about"
        time.sleep(0)


def together(database: Database, commands: Sequence[Command]) -> list[Any]:
    """Hand commands in, each by a thread of its own and in this order, while the writer is held; it
    then takes them all at once.

    Returns each one's answer, or what it raised.
    """
    held, release = threading.Event(), threading.Event()
    outcomes: list[Any] = [None] * len(commands)

    def hold(_tx: Transaction) -> None:
        held.set()
        assert release.wait(PATIENCE_SECONDS)

    def hand_in(place: int, command: Command) -> None:
        try:
            outcomes[place] = database.write([KEY], command)
        except BaseException as error:
            outcomes[place] = error

    holder = threading.Thread(target=database.write, args=([], hold), daemon=True)
    holder.start()
    assert held.wait(PATIENCE_SECONDS)
    threads = [holder]
    for place, command in enumerate(commands):
        threads.append(threading.Thread(target=hand_in, args=(place, command), daemon=True))
        threads[-1].start()
        until(lambda expected=place + 1: database.waiting == expected)  # type: ignore[misc]
    release.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "somebody was left waiting"
    return outcomes


def numbers(outcomes: Sequence[Any]) -> list[str | None]:
    """The numbers given, None for whoever got none."""
    return [each.ticket.number if isinstance(each, Arrived) else None for each in outcomes]
