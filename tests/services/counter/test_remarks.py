"""What clerks say about a ticket on both databases: proof of urgent cases, notes, and their own
last actions.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from queue_server.domain.counter.remarks import NOTES_MAX, Evidence
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.counter import own_actions, remarks, serving, undoing
from queue_server.services.counter.own_actions import PastAction
from queue_server.services.screens import queue as board
from queue_server.services.screens.queued import QueuedTicket
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import FrontDesk, front_desk, refused


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database)


def shown(desk: FrontDesk, ticket: Ticket) -> QueuedTicket:
    """A ticket as the clerks' queue shows it."""
    with desk.database.read() as connection:
        queue = board.view_queue(connection, desk.office, stage.at(desk.minute), "test")
    [found] = [
        each
        for each in (*queue.waiting, *queue.called, *queue.serving, *queue.parked)
        if each.id == ticket.id
    ]
    return found


def actions(desk: FrontDesk, clerk: str) -> list[PastAction]:
    with desk.database.read() as connection:
        return list(
            own_actions.list_actions(connection, desk.office, clerk, stage.at(desk.minute)).actions
        )


def note(desk: FrontDesk, ticket: Ticket, text: str, id: str = "n1", clerk: str = "ani") -> None:
    desk.do(remarks.write_note, ticket.id, clerk, text, stage.new_code() + id)


class TestEvidence:
    def test_the_last_word_counts_and_undo_takes_back_the_step_before(
        self, desk: FrontDesk
    ) -> None:
        ticket = desk.come(urgent=True)
        desk.open("1")
        called = desk.call(ticket, "1")
        assert shown(desk, called).evidence is None
        for evidence in (Evidence.NOT_OK, Evidence.OK):
            desk.do(remarks.check_evidence, called.id, "ani", evidence)
        assert shown(desk, called).evidence == "OK"
        assert desk.do(undoing.undo, called.id, "ani").state == "WAITING"
        assert shown(desk, called).evidence == "OK"

    def test_only_of_urgent_cases_and_not_at_anothers_counter(self, desk: FrontDesk) -> None:
        plain, urgent = desk.come(), desk.come(urgent=True)
        assert (
            refused(
                "bad_input", lambda: desk.do(remarks.check_evidence, plain.id, "ani", Evidence.OK)
            )["reason"]
            == "not_urgent"
        )
        desk.open("3")
        called = desk.call(urgent, "3")
        refused(
            "not_your_ticket",
            lambda: desk.do(remarks.check_evidence, called.id, "ani", Evidence.OK),
        )


class TestNotes:
    def test_a_note_is_for_the_desk_alone_and_gone_the_next_day(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        note(desk, ticket, "  kurang   KK asli ")
        assert [each.text for each in shown(desk, ticket).notes] == ["kurang KK asli"]
        log = [
            row
            for row in stage.rows_of(desk.database, tables.events, desk.code)
            if row.type == "noted"
        ]
        assert [(row.ticket, row.facts) for row in log] == [
            (ticket.id, {"number": ticket.number, "by": "ani"})
        ]
        forget = remarks.forget_notes
        today = stage.at(desk.minute)
        assert desk.database.write([], lambda tx: forget(tx, [desk.code], today)) == 0
        assert (
            desk.database.write([], lambda tx: forget(tx, [desk.code], today + timedelta(days=1)))
            == 1
        )
        assert shown(desk, ticket).notes == ()

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("   ", "missing"),
            ("x" * 201, "too_long"),
            ("NIK 3674011505880001", "nik"),
            ("3674-0115.0588 0001", "nik"),
        ],
    )
    def test_no_empty_long_or_numbered_notes(self, desk: FrontDesk, text: str, reason: str) -> None:
        ticket = desk.come()
        assert refused("bad_input", lambda: note(desk, ticket, text))["reason"] == reason

    def test_not_without_end_nor_on_who_has_gone(self, desk: FrontDesk) -> None:
        ticket = desk.come()
        for turn in range(NOTES_MAX):
            note(desk, ticket, f"catatan {turn}")
        assert refused("limit_reached", lambda: note(desk, ticket, "satu lagi"))["rule"] == "notes"
        desk.open("1")
        desk.next("1")
        assert refused("wrong_state", lambda: note(desk, ticket, "terlambat"))["state"] == "SERVED"


class TestOwnActions:
    def test_only_the_newest_own_step_of_each_ticket_can_be_taken_back(
        self, desk: FrontDesk
    ) -> None:
        desk.come()
        desk.come()
        desk.open("1")
        desk.open("3")
        mine = desk.serve("1")
        note(desk, mine, "menunggu berkas")
        desk.do(serving.park, mine.id, "ani")
        theirs = desk.serve("3")
        found = actions(desk, "ani")
        assert [each.action for each in found] == ["parked", "started", "called"]
        assert [each.undo_until is not None for each in found] == [True, False, False]
        assert {each.ticket for each in actions(desk, "citra")} == {theirs.id}
        desk.pass_by(6)
        assert [each.undo_until for each in actions(desk, "ani")] == [None, None, None]
        refused("nothing_to_undo", lambda: desk.do(undoing.undo, mine.id, "ani"))
