"""Fair access, on both databases: what missed visits cost and what not, how a hold is kept, changed
and given back, limits by day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from queue_server.domain.booking.holding import HoldRequest
from queue_server.domain.errors import (
    BadInput,
    LimitReached,
    SlotFull,
    TooLate,
    UnknownCode,
    WrongState,
)
from queue_server.domain.visit.ticket import Origin, Ticket
from queue_server.services import upkeep
from queue_server.services.booking import holding, moving
from queue_server.services.counter import calling, serving, undoing
from queue_server.services.door import arrival
from queue_server.services.places.replanning import replan_day
from queue_server.services.places.ticket_ids import draw
from queue_server.store import tables
from queue_server.store.writer.database import Database
from tests.services import fair_stage as fair
from tests.services import stage

NOW, SLOT, LATER = fair.NOW, fair.SLOT, fair.LATER
DESK, CLERK = f"{fair.CODE}-1", "ani"
TODAY = [(fair.CODE, stage.TODAY)]
NEXT_MONDAY = stage.at(10 * 60 + 7 * 1440)


def missed(database: Database) -> list[str]:
    """The tickets of the missed visits that are counted."""
    return [row.ticket for row in stage.rows_of(database, tables.no_shows, fair.CODE)]


def miss(database: Database, visitor: Any, slot: datetime = SLOT, service: str = "REK") -> Ticket:
    """Book and do not come."""
    ticket = fair.book(database, slot, visitor=visitor, service=service)
    upkeep.miss_slots(database, stage.at(15 * 60))
    return ticket


def plan(database: Database, slot: datetime) -> None:
    day = fair.day_of(slot)
    database.write([(fair.CODE, day)], lambda tx: replan_day(tx, fair.CODE, day, NOW))


def call(database: Database, ticket: Ticket, now: datetime = SLOT) -> None:
    database.write(TODAY, lambda tx: arrival.check_in(tx, ticket.id, now))
    database.write(TODAY, lambda tx: calling.call(tx, fair.CODE, ticket.id, DESK, CLERK, now))


def test_two_missed_visits_leave_near_times_and_the_door(database: Database) -> None:
    fair.open_office(database)
    plan(database, NEXT_MONDAY)
    ani = fair.person()
    tickets = [miss(database, ani), miss(database, ani, service="CTK")]
    assert sorted(missed(database)) == sorted(each.id for each in tickets)
    evening = stage.at(16 * 60)
    with pytest.raises(LimitReached) as refused:
        fair.book(database, NEXT_MONDAY, visitor=ani, now=evening)
    assert refused.value.facts["rule"] == "no_shows" and refused.value.facts["days"] == 1
    assert datetime.fromisoformat(str(refused.value.facts["until"])) == stage.at(
        15 * 60
    ) + timedelta(days=30)
    near = fair.book(database, stage.at(9 * 60 + 1440), visitor=ani, now=evening)
    assert near.state == "BOOKED"
    walk_in, drawn, tomorrow = arrival.WalkIn("REK"), draw(), stage.at(9 * 60 + 1440)
    came = database.write(
        [(fair.CODE, stage.DAYS[1])],
        lambda tx: arrival.issue_walk_in(tx, fair.CODE, walk_in, drawn, tomorrow),
    )
    assert came.ticket.state == "WAITING"


def test_one_missed_visit_costs_nothing_and_others_are_not_touched(database: Database) -> None:
    fair.open_office(database)
    plan(database, NEXT_MONDAY)
    ani, budi = fair.person(), fair.person()
    miss(database, ani)
    assert fair.book(database, NEXT_MONDAY, visitor=ani, now=stage.at(16 * 60)).state == "BOOKED"
    assert fair.book(database, NEXT_MONDAY, visitor=budi, now=stage.at(16 * 60)).state == "BOOKED"


def test_a_held_time_far_ahead_is_not_confirmed_either_but_staff_may_book_it(
    database: Database,
) -> None:
    fair.open_office(database)
    plan(database, NEXT_MONDAY)
    ani, evening = fair.person(), stage.at(16 * 60)
    miss(database, ani)
    miss(database, ani, service="CTK")
    held = hold(database, NEXT_MONDAY, now=evening)
    with pytest.raises(LimitReached):
        fair.book(database, NEXT_MONDAY, visitor=ani, now=evening, hold=held.code)
    assert (
        fair.book(database, NEXT_MONDAY, visitor=ani, now=evening, origin=Origin.STAFF).state
        == "BOOKED"
    )


def test_a_near_visit_cannot_be_moved_far_ahead_by_who_missed_two(database: Database) -> None:
    fair.open_office(database)
    plan(database, NEXT_MONDAY)
    ani, evening = fair.person(), stage.at(16 * 60)
    miss(database, ani)
    miss(database, ani, service="CTK")
    near = fair.book(database, stage.at(9 * 60 + 1440), visitor=ani, now=evening)
    with pytest.raises(LimitReached) as refused:
        database.write(
            [(fair.CODE, near.date), (fair.CODE, fair.day_of(NEXT_MONDAY))],
            lambda tx: moving.reschedule(tx, near.id, NEXT_MONDAY, "holder", 0.5, evening),
        )
    assert refused.value.facts["rule"] == "no_shows"


def test_missing_the_call_counts_and_coming_late_takes_it_back(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.book(database)
    call(database, ticket)
    database.write(TODAY, lambda tx: serving.no_show(tx, fair.CODE, ticket.id, CLERK, SLOT))
    assert missed(database) == [ticket.id]
    back = database.write(
        TODAY, lambda tx: arrival.return_late(tx, ticket.id, CLERK, SLOT + timedelta(minutes=20))
    )
    assert back.ticket.state == "WAITING" and missed(database) == []


def test_undoing_a_missed_call_takes_it_back(database: Database) -> None:
    fair.open_office(database)
    ticket = fair.book(database)
    call(database, ticket)
    database.write(TODAY, lambda tx: serving.no_show(tx, fair.CODE, ticket.id, CLERK, SLOT))
    database.write(TODAY, lambda tx: undoing.undo(tx, fair.CODE, ticket.id, CLERK, SLOT))
    assert missed(database) == []


def test_a_walk_in_who_misses_the_call_is_not_counted(database: Database) -> None:
    fair.open_office(database)
    drawn = draw()
    came = database.write(
        TODAY, lambda tx: arrival.issue_walk_in(tx, fair.CODE, arrival.WalkIn("REK"), drawn, SLOT)
    ).ticket
    database.write(TODAY, lambda tx: calling.call(tx, fair.CODE, came.id, DESK, CLERK, SLOT))
    database.write(TODAY, lambda tx: serving.no_show(tx, fair.CODE, came.id, CLERK, SLOT))
    assert missed(database) == []


def test_upkeep_forgets_missed_visits_that_no_longer_count(database: Database) -> None:
    fair.open_office(database)
    miss(database, fair.person())
    closing = stage.at(15 * 60)
    upkeep.forget_expired(database, closing + timedelta(days=29, hours=23))
    assert len(missed(database)) == 1
    upkeep.forget_expired(database, closing + timedelta(days=30))
    assert missed(database) == []


def test_who_comes_late_is_never_refused(database: Database) -> None:
    """Hours late on their day: behind those who were in time, but in the queue."""
    fair.open_office(database)
    ticket = fair.book(database, stage.at(9 * 60 + 30))
    late = stage.at(14 * 60 + 59)
    came = database.write(TODAY, lambda tx: arrival.check_in(tx, ticket.id, late)).ticket
    assert (came.state, came.turn_time, came.turn_basis) == ("WAITING", late, "late")


def test_one_visit_a_day_where_the_office_wants_it(database: Database) -> None:
    fair.open_office(database, booking={"per_day_max": 1})
    ani = fair.person()
    fair.book(database, visitor=ani)
    with pytest.raises(LimitReached) as refused:
        fair.book(database, LATER, visitor=ani, service="CTK")
    assert refused.value.facts["rule"] == "day"
    other_day = fair.book(database, fair.TOMORROW, visitor=ani, service="CTK")
    with pytest.raises(LimitReached) as refused:
        database.write(
            [(fair.CODE, other_day.date), *TODAY],
            lambda tx: moving.reschedule(tx, other_day.id, LATER, "holder", 0.5, NOW),
        )
    assert refused.value.facts["rule"] == "day"


# Holds.


def hold(
    database: Database, slot: datetime = SLOT, party_size: int = 1, now: datetime = NOW, **more: Any
) -> Ticket:
    drawn, wanted = draw(), HoldRequest("REK", slot, party_size, **more)
    days = {(fair.CODE, fair.day_of(slot)), *TODAY}
    return database.write(days, lambda tx: holding.hold(tx, fair.CODE, wanted, drawn, now))


def extend(database: Database, ticket: Ticket, now: datetime) -> Ticket:
    return database.write(
        [(fair.CODE, ticket.date)], lambda tx: holding.extend_hold(tx, ticket.id, now)
    )


def test_a_hold_is_extended_once_and_not_after_its_time(database: Database) -> None:
    fair.open_office(database)
    held = hold(database)
    assert held.expires_at == fair.minutes(10)
    longer = extend(database, held, fair.minutes(9))
    assert longer.expires_at == fair.minutes(19)
    with pytest.raises(LimitReached) as refused:
        extend(database, held, fair.minutes(10))
    assert refused.value.facts == {"rule": "hold_extensions", "limit": 1}
    other = hold(database)
    with pytest.raises(TooLate):
        extend(database, other, fair.minutes(10))
    fair.pass_time(database, fair.minutes(30))
    with pytest.raises(TooLate):
        extend(database, other, fair.minutes(31))


def test_another_time_gives_the_old_one_back_at_once(database: Database) -> None:
    fair.open_office(database)
    held = hold(database)
    assert fair.free(database) == 1
    other = hold(database, LATER, now=fair.minutes(5), instead=held.code)
    assert fair.free(database) == 2 and fair.free(database, LATER) == 1
    assert other.expires_at == fair.minutes(15)
    fair.counts_agree(database)


def test_another_number_of_people_keeps_what_is_left_of_the_time(database: Database) -> None:
    fair.open_office(database)
    held = extend(database, hold(database), fair.minutes(1))
    pair = hold(database, party_size=2, now=fair.minutes(5), instead=held.code)
    assert (pair.party_size, pair.expires_at, pair.extensions) == (2, held.expires_at, 1)
    assert fair.free(database) == 0
    fair.counts_agree(database)


def test_too_many_people_leave_the_hold_as_it_was(database: Database) -> None:
    fair.open_office(database)
    fair.book(database)
    held = hold(database)
    with pytest.raises(SlotFull):
        hold(database, party_size=2, instead=held.code)
    assert fair.book(database, hold=held.code).id == held.id
    fair.counts_agree(database)


def test_a_time_given_back_for_another_goes_to_the_waitlist(database: Database) -> None:
    fair.open_office(database)
    fair.book(database)
    held = hold(database)
    code = fair.join(database)
    hold(database, LATER, instead=held.code)
    assert fair.states(database, [code]) == ["OFFERED"]


def test_foreign_used_and_expired_holds_are_refused_and_change_nothing(database: Database) -> None:
    fair.open_office(database)
    held = hold(database)
    with pytest.raises(UnknownCode):
        fair.book(database, LATER, hold=held.code)
    with pytest.raises(UnknownCode):
        fair.book(database, hold="0" * 12)
    with pytest.raises(BadInput):
        fair.book(database, hold=held.code, party_size=2)
    for now in (fair.minutes(10), fair.minutes(11)):
        with pytest.raises(TooLate):
            fair.book(database, hold=held.code, now=now)
        fair.pass_time(database, now)
    used = hold(database)
    fair.book(database, hold=used.code)
    with pytest.raises(WrongState):
        fair.book(database, hold=used.code)
    assert hold(database, instead=used.code).state == "HELD", (
        "a hold that has become a booking is not given back"
    )
    assert fair.taken(database) == 2
    fair.counts_agree(database)


def test_an_urgent_hold_takes_the_urgent_share_and_stays_urgent(database: Database) -> None:
    office = stage.small_office(fair.CODE, limit=10, booking={"online_share": 0.2})
    stage.open_office(database, office)
    urgent = hold(database, urgent=True, urgency="hospital")
    assert (urgent.pool, urgent.channel) == ("URGENT", "URGENT")
    booked = fair.book(database, hold=urgent.code)
    assert (booked.pool, booked.channel) == ("URGENT", "URGENT")
    fair.counts_agree(database)
