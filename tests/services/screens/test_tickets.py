"""What the door says to the holder of a ticket: never anything else than what the office does."""

from __future__ import annotations

import pytest

from queue_server.domain.visit.office_day import Pause
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.door import admission
from queue_server.services.office.offices import set_people_limit
from queue_server.services.screens.tickets import TicketView, view_ticket
from queue_server.services.supervisor import supervision
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import days
from queue_server.store.writer.database import Database
from tests.services import stage
from tests.services.front_desk import FrontDesk, front_desk

BY = "budi"


@pytest.fixture
def desk(shared_database: Database) -> FrontDesk:
    return front_desk(shared_database, limit=4)


def see(desk: FrontDesk, ticket: Ticket) -> TicketView:
    with desk.database.read() as connection:
        office = desk.database.offices.get(connection, desk.code)
        day = days.find(connection, desk.code, stage.TODAY)
        now = stage.at(desk.minute)
        return view_ticket(
            connection,
            office,
            day,
            ticket_store.find(connection, ticket.id),
            "https://example.go.id",
            now,
        )


def entries(desk: FrontDesk, *tickets: Ticket) -> list[str | None]:
    return [see(desk, each).entry for each in tickets]


def limit(desk: FrontDesk, people: int) -> None:
    desk.do(set_people_limit, people, BY)


def test_while_everything_stands_still_nobody_who_waits_is_sent_in_or_told_to_wait_for_the_door(
    desk: FrontDesk,
) -> None:
    inside, large, outside, booked = (
        desk.come(),
        desk.come(party_size=3),
        desk.come(),
        desk.book(11 * 60),
    )
    assert entries(desk, inside, large, outside, booked) == [None, None, "outside", None]
    desk.do(supervision.pause, Pause.PAUSE, "listrik padam", BY)
    assert entries(desk, inside, large, outside, booked) == ["paused", "paused", "paused", None]
    assert see(desk, inside).wait is None
    desk.do(supervision.resume, "listrik menyala", BY)
    assert entries(desk, inside, large, outside, booked) == [None, None, "outside", None]


def test_a_visitor_called_before_a_pause_is_still_called(desk: FrontDesk) -> None:
    called = desk.come()
    desk.open("1")
    desk.call(called, "1")
    desk.do(supervision.pause, Pause.PAUSE, "listrik padam", BY)
    assert (see(desk, called).status, see(desk, called).entry) == ("CALLED", None)


def test_in_an_evacuation_everybody_of_the_day_is_told_to_go_out_or_keep_away(
    desk: FrontDesk,
) -> None:
    """Who waits inside or outside, who is called, served or on hold, and those at home who have
    booked for today, not for tomorrow.
    """
    served, called, waiting, outside, booked = (
        desk.come(),
        desk.come(),
        desk.come(party_size=2),
        desk.come(),
        desk.book(11 * 60),
    )
    desk.open("1")
    desk.open("3")
    desk.serve("1")
    desk.call(called, "3")
    desk.do(supervision.pause, Pause.EVACUATION, "kebakaran", BY)
    everybody = served, called, waiting, outside
    assert [see(desk, each).status for each in everybody] == [
        "SERVING",
        "CALLED",
        "WAITING",
        "WAITING",
    ]
    assert entries(desk, *everybody, booked) == ["evacuation"] * 5
    assert not see(desk, booked).drill
    desk.do(supervision.resume, "aman", BY)
    assert entries(desk, *everybody, booked) == [None, None, None, "outside", None]


def test_a_party_larger_than_the_room_is_not_told_to_wait(desk: FrontDesk) -> None:
    first, large, single = desk.come(party_size=3), desk.come(party_size=3), desk.come()
    limit(desk, 2)
    assert entries(desk, large, single) == ["too_large", "outside"]
    desk.do(admission.set_admitting, False, "penuh", BY)
    assert entries(desk, large, single) == ["too_large", "stopped"]
    limit(desk, 6)
    assert entries(desk, first, large, single) == [None, "stopped", "stopped"]
