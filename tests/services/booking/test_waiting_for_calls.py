"""A place of a call or a meeting by video that is given up goes to those who wait for such, and to
nobody who waits for a visit in the office; on both databases.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from queue_server.domain.errors import BadInput
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import VisitKind
from queue_server.domain.office.remote import RemoteChange, RemoteCounter
from queue_server.domain.visit.ticket import Ticket
from queue_server.services.office.changes import apply_change
from queue_server.services.office.offices import switch_mode
from queue_server.services.upkeep import plan_office
from queue_server.store import tables
from queue_server.store.writer.database import Database
from queue_server.web.edge.words.messages.letters import write_letter
from tests.services import fair_stage as fair
from tests.services import stage

PHONE, VIDEO, OFFICE = VisitKind.PHONE, VisitKind.VIDEO, VisitKind.OFFICE
UNREACHABLE = replace(fair.person(), phone=None)
TODAY = [(fair.CODE, stage.TODAY)]


@pytest.fixture
def home(database: Database) -> Database:
    """The small office with counter 3 worked from home; REK is had by phone and video."""
    fair.open_office(database)
    change = RemoteChange({"REK": (PHONE, VIDEO)}, {f"{fair.CODE}-3": RemoteCounter()})
    database.write(
        TODAY, partial(apply_change, office=fair.CODE, change=change, by="mina", now=fair.NOW)
    )
    plan_office(database, fair.CODE, fair.NOW)
    return database


def fill_calls(database: Database, kind: VisitKind = PHONE) -> list[Ticket]:
    """All calls of the slot."""
    office = database.find_office(fair.CODE)
    taken = []
    for _ in range(9):
        try:
            taken.append(fair.book(database, kind=kind))
        except Exception as full:
            assert getattr(full, "code", "") == "slot_full", full
            break
    assert office.remote_letter and taken
    return taken


def offered(database: Database, code: str) -> Ticket:
    held = fair.look(database, code).offered
    assert held is not None
    return held


@pytest.mark.parametrize("kind", [PHONE, VIDEO])
def test_a_call_given_up_is_offered_to_who_waits_for_one(home: Database, kind: VisitKind) -> None:
    calls = fill_calls(home)
    in_office = fair.join(home)
    at_home = fair.join(home, kind=kind, now=fair.minutes(1))
    assert fair.look(home, at_home).before == 0, "who waits for the office stands in another line"
    fair.cancel(home, calls[0], fair.minutes(2))
    assert fair.states(home, [in_office, at_home]) == ["WAITING", "OFFERED"]
    held = offered(home, at_home)
    assert (held.kind, held.letter, held.slot) == (kind, calls[0].letter, fair.SLOT)
    assert held.claim is not None and held.claim.people == 0, "nobody at home needs room"
    booked = fair.accept(home, at_home, fair.minutes(3))
    assert (booked.state, booked.kind) == ("BOOKED", kind)
    fair.counts_agree(home)


def test_a_place_in_the_office_is_offered_to_nobody_at_home(home: Database) -> None:
    ticket = fair.fill(home)[0]
    at_home = fair.join(home, kind=PHONE)
    in_office = fair.join(home, now=fair.minutes(1))
    fair.cancel(home, ticket, fair.minutes(2))
    assert fair.states(home, [at_home, in_office]) == ["WAITING", "OFFERED"]
    assert offered(home, in_office).kind is OFFICE


def test_an_offer_that_is_declined_goes_to_the_next_call(home: Database) -> None:
    calls = fill_calls(home)
    first, second = fair.join(home, kind=PHONE), fair.join(home, kind=VIDEO, now=fair.minutes(1))
    fair.cancel(home, calls[0], fair.minutes(2))
    fair.decline(home, first, fair.minutes(3))
    assert fair.states(home, [first, second]) == ["WAITING", "OFFERED"]
    assert offered(home, second).kind is VIDEO


def test_while_only_urgent_cases_come_calls_are_still_waited_for(home: Database) -> None:
    calls = fill_calls(home)
    period = ModePeriod("m", ServiceMode.URGENT_ONLY, fair.NOW, fair.NOW, "mina")
    home.write(TODAY, partial(switch_mode, office=fair.CODE, period=period, now=fair.NOW))
    code = fair.join(home, kind=PHONE)
    fair.cancel(home, calls[0], fair.minutes(2))
    assert fair.states(home, [code]) == ["OFFERED"]


@pytest.mark.parametrize(
    ("wanted", "field", "reason"),
    [
        ({"kind": PHONE, "service": "CTK"}, "visit", "not_offered"),
        ({"kind": VIDEO, "party_size": 2}, "party_size", "range"),
        (
            {"kind": PHONE, "visitor": replace(fair.person(), phone=None)},
            "phone",
            "needed_for_call",
        ),
    ],
)
def test_a_wish_that_nobody_could_fulfil_is_refused(
    home: Database, wanted: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        fair.join(home, **wanted)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)
    assert not list(stage.rows_of(home, tables.waitlist, fair.CODE))


def test_who_waits_for_what_is_no_longer_had_from_home_is_passed_over(home: Database) -> None:
    calls = fill_calls(home)
    code = fair.join(home, kind=VIDEO)
    later = fair.join(home, kind=PHONE, now=fair.minutes(1))
    change = RemoteChange({"REK": (PHONE,)}, {f"{fair.CODE}-3": RemoteCounter()})
    home.write(
        TODAY, partial(apply_change, office=fair.CODE, change=change, by="mina", now=fair.NOW)
    )
    fair.cancel(home, calls[0], fair.minutes(2))
    assert fair.states(home, [code, later]) == ["WAITING", "OFFERED"]


def test_the_offer_says_when_the_call_comes(home: Database) -> None:
    calls = fill_calls(home)
    code = fair.join(home, kind=PHONE)
    fair.cancel(home, calls[0], fair.minutes(2))
    office, held = home.find_office(fair.CODE), offered(home, code)
    letter = write_letter(MessageKind.OFFER, office, held, "http://kantor", "en")
    assert "We call you between 13:00" in letter.body
    assert "appointment from home" in letter.text and "%(" not in letter.body + letter.text
