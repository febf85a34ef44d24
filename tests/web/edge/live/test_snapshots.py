"""What is public has no place for personal data: the types are walked, field by field."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from queue_server.protocol.messages import Board, OfficeOffer, Slip
from queue_server.services.office.offices import OfficeView, ServiceView
from queue_server.services.reception.overview import ExpectedVisit, ReceptionOverview
from queue_server.services.screens.door import Door, GuardDoor
from queue_server.services.screens.door_ticket import DoorTicket
from queue_server.services.screens.queue import Queue
from queue_server.services.screens.tickets import TicketView
from queue_server.web.api.operations import OPERATIONS
from tests.fixtures.application import EMAIL, HOME, NAME, NIK, PHONE, House

PERSONAL = {
    "nik",
    "nik_last4",
    "nik_fingerprint",
    "last4",
    "visitor",
    "visitors",
    "email",
    "mail",
    "birth_date",
    "reason",
    "assistance",
    "disability",
    "person",
    "citizen",
    "note",
    "facts",
}
"""Words that no public field may be named by. `phone` and `address` are an office's own, in
`OfficeView` alone.
"""

OF_THE_OFFICE = {"OfficeView.phone", "OfficeView.address"}
NAMED = {
    "BoardStream.name",
    "ServiceOffer.name",
    "OfficeOffer.name",
    "QueueCounter.name",
    "QueueStream.name",
    "OfficeView.name",
    "ServiceView.name",
    "BoardNotice.text",
    "DeviceSelf.name",
    "CounterView.name",
    "SeasonView.name",
    "EarliestView.name",
    "DashboardStream.name",
    "DashboardCounter.name",
    "DashboardDevice.name",
    "HelpWanted.name",
    "LeasedService.name",
    "DisplayHall.name",
    "ScreenHall.name",
    "ScreenView.name",
    "StreamAtReception.name",
    "StreamView.name",
    "StructuredService.name",
    "OfficeStanding.name",
    "PrinterAtReception.name",
}
"""Where `name` is that of a thing."""

COUNTS = {"CandidateView.visitors"}
"""How many visitors a rule lets into a room."""

ASKED_FOR = {
    ("search_names", "NamedVisit.name"),
    ("show_contact", "Contact.name"),
    ("show_booker", "Booker.name"),
    ("show_booker", "Booker.last4"),
}
"""Of visitors, given only to staff who look for one at the reception, to the clerk who rings one,
and to the desk that compares a card with the booking. The log keeps who has looked.
"""

OF_THE_LOG = {
    ("list_overrides", "OverrideView.reason"),
    ("list_overrides", "OverrideView.facts"),
    ("list_events", "EventView.facts"),
}
"""What the day's log holds, given only to supervisors and above. Events hold no personal data; why
somebody acted is the staff's own word.
"""

# Why a service is not offered ("mode", "hours"), why a counter is closed, the door stopped or an
# office closed on a date, which rule refused one of many and its figures, what help is for, what
# of a kiosk's report did not fit: never a word about a visitor.
REASON_CODES = {
    "ServiceOffer.reason",
    "OfficeOffer.reason",
    "GuideAdvice.reason",
    "HelpWanted.reason",
    "SyncOutcome.reason",
    "LeasedService.reason",
    "DoorStop.reason",
    "DayHoursView.reason",
    "BulkItem.reason",
    "ServedAnyway.reason",
    "Refusal.facts",
}


def fields_of(kind: Any, seen: set[type] | None = None) -> Iterator[tuple[str, Any]]:
    """Every field of a dataclass and of all dataclasses inside it, as ("Type.field", its type)."""
    seen = set() if seen is None else seen
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if kind in seen:
            return
        seen.add(kind)
        hints = typing.get_type_hints(kind)
        for each in dataclasses.fields(kind):
            yield f"{kind.__name__}.{each.name}", hints[each.name]
            yield from fields_of(hints[each.name], seen)
    for argument in typing.get_args(kind):
        yield from fields_of(argument, seen)


def test_the_walk_goes_all_the_way_down() -> None:
    found = {name for name, _kind in fields_of(Board)}
    assert {"Board.calls", "BoardCall.number", "BoardStream.wait", "WaitRange.low"} <= found
    assert "QueuedTicket.turn_time" in {name for name, _kind in fields_of(Queue)}


@pytest.mark.parametrize(
    "kind",
    [
        Board,
        TicketView,
        Slip,
        Door,
        DoorTicket,
        GuardDoor,
        Queue,
        OfficeOffer,
        OfficeView,
        ReceptionOverview,
        ExpectedVisit,
        ServiceView,
    ],
)
def test_no_field_for_personal_data(kind: type) -> None:
    for path, hint in fields_of(kind):
        name = path.partition(".")[2]
        assert name not in PERSONAL or path in REASON_CODES, path
        assert name not in ("phone", "address") or path in OF_THE_OFFICE, path
        assert name != "name" or path in NAMED, path
        assert hint is not Any and hint is not object and hint is not dict, (
            f"{path} could hold anything"
        )


def test_no_answer_of_any_operation_has_one() -> None:
    for operation in OPERATIONS:
        for kind in operation.answers.values():
            for path, _hint in fields_of(kind):
                name = path.partition(".")[2]
                where = operation.name, path
                assert (
                    name not in PERSONAL
                    or path in REASON_CODES
                    or path in COUNTS
                    or where in OF_THE_LOG | ASKED_FOR
                ), where
                assert name != "name" or path in NAMED or where in ASKED_FOR, where


def test_types_are_what_the_walk_understands() -> None:
    for kind in (Board, Queue, TicketView):
        for path, hint in fields_of(kind):
            origin = typing.get_origin(hint)
            assert isinstance(hint, (type, types.UnionType)) or origin is not None, path


def test_a_whole_visit_leaves_no_word_of_the_visitor_but_in_one_table(both_houses: House) -> None:
    house = both_houses
    planted = [NIK, NAME, PHONE, EMAIL, PHONE[3:], "Planted"]
    answers = []
    booked = house.post(
        f"/offices/{HOME}/bookings", body=house.booking(slot=house.slot(9, 30, day=0)), key="book"
    )
    code, id = booked.get_json()["code"], ""
    answers += [
        booked,
        house.get(f"/tickets/{code}"),
        house.post(f"/tickets/{code}/check-in", "kiosk", key="in"),
        house.call_next(),
    ]
    id = answers[-1].get_json()["id"]
    answers += [
        house.post(f"/tickets/{id}/{step}", "clerk", key=step) for step in ("start", "finish")
    ]
    answers += [
        house.get(f"/offices/{HOME}/{each}", "clerk") for each in ("queue", "board", "offer")
    ]
    assert all(each.status_code in (200, 201) for each in answers)
    for answer in answers:
        assert not [each for each in planted if each in answer.text]
    for table, rows in house.dump().items():
        text = "".join(rows)
        found = [each for each in planted if each in text]
        assert NIK not in text, f"the NIK is stored in {table}"
        assert not found or table == "visitors", (table, found)


def test_the_answer_kept_under_a_key_tells_nothing_of_the_person(house: House) -> None:
    house.post(f"/offices/{HOME}/bookings", body=house.booking(), key="k")
    kept = "".join(house.dump()["answers"])
    assert "BOOKED" in kept and not [
        each for each in (NIK, NAME, PHONE, EMAIL, "nik", "last4") if each in kept
    ]
