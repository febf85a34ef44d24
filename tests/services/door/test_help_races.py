"""Many press at once, on both databases: one call of a kiosk, one who goes, one event each."""

from __future__ import annotations

from collections import Counter as Tally
from functools import partial

from queue_server.domain.door.help_calls import HelpReason
from queue_server.services.access.devices import add_paired
from queue_server.services.door import help_calls
from queue_server.services.places.ticket_ids import draw
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.rush import rush

NOW = stage.at(9 * 60)
DAY = [("o1", stage.TODAY)]
PRESSES = 16


def test_of_many_presses_and_answers_one_counts(databases: list[Database]) -> None:
    stage.open_office(databases[0], stage.small_office("o1"))
    kiosk = databases[0].write(
        [], partial(add_paired, kind="kiosk", office="o1", name="K", token="t", now=NOW)
    )

    def ask(press: int) -> str:
        command = partial(
            help_calls.ask,
            office="o1",
            device=kiosk.id,
            language="id",
            screen="home",
            reason=HelpReason.VISITOR,
            id=draw().id,
            now=NOW,
        )
        return databases[press % len(databases)].write(DAY, command).id

    def answer(press: int) -> str | None:
        command = partial(help_calls.answer, office="o1", id=id, by=f"staff-{press}", now=NOW)
        return databases[press % len(databases)].write(DAY, command).answered_by

    [id] = set(rush(PRESSES, ask))
    [goes] = set(rush(PRESSES, answer))
    assert goes is not None
    asked = Tally(type for _, type, _ in stage.event_log(databases[0], "o1", stage.TODAY))
    assert asked == {"slots_planned": 1, "help_asked": 1, "help_answered": 1}
