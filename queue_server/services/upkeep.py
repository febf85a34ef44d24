"""What time itself brings about: slots for the days ahead, holds that run out, bookings nobody came
for.

Each piece is a command that may run in any process and any number of times; doing it again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from functools import partial

from queue_server.domain.booking import steps
from queue_server.domain.booking.rush import PROOFS_KEPT
from queue_server.domain.door.delay import expected_at
from queue_server.domain.office.office import Office
from queue_server.domain.privacy.retention import DataKind
from queue_server.domain.visit.standstill import blames_visitors
from queue_server.domain.visit.transitions import State
from queue_server.store.booking import drafts as draft_store
from queue_server.store.booking import held_back as kept_store
from queue_server.store.booking import takings as taking_store
from queue_server.store.door import help_calls as help_store
from queue_server.store.office import offices as office_store
from queue_server.store.privacy import purges as purge_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer import slots as slot_store
from queue_server.store.writer.database import Database
from queue_server.store.writer.transaction import Transaction

from .access.devices import forget_unpaired
from .booking.stranded import end_stranded
from .booking.waitlist import end_waiting
from .counter.remote import join_all_due, join_due
from .door.closing import close_days, settle_doors
from .door.help_calls import end_lapsed
from .door.leasing import close_leases
from .office.wait_learning import learn_from_days
from .places.no_shows import follow_no_show
from .places.places import reclaim
from .places.replanning import replan_day
from .privacy.purging import finish_purges, forget_expired
from .privacy.wiping import wipe_personal_data
from .reports.counting import keep_figures
from .run_each import do_each
from .supervisor.alerts import watch_thresholds
from .supervisor.escalation import pass_alerts_on
from .triage.counting import forget_counts
from .webhooks.owing import stop_failing

BATCH = 200
HELP_CALLS_KEPT = timedelta(days=2)


def forget_old(database: Database, now: datetime) -> int:
    """Delete what is of no more use and tells nothing of a visitor: devices nobody approved, used
    proofs, old counts of the triage, calls for help that are over.
    """

    def forget(tx: Transaction) -> int:
        return (
            forget_unpaired(tx, now)
            + forget_counts(tx, now)
            + taking_store.forget_proofs_before(tx, now - PROOFS_KEPT)
            + help_store.forget_before(tx, now - HELP_CALLS_KEPT)
        )

    return database.write([], forget)


def prepare_slots(database: Database, now: datetime) -> int:
    """Make the slots of every office up to its horizon, and those anew whose office has changed.
    Returns how many days it touched.
    """
    with database.read() as connection:
        codes = office_store.all_codes(connection)
    return do_each(codes, lambda code: plan_office(database, code, now))


def plan_office(database: Database, code: str, now: datetime) -> int:
    """Make the slots of one office up to its horizon, and anew those made for other settings.
    Returns how many days it touched.
    """
    made = 0
    with database.read() as connection:
        office = database.offices.get(connection, code)
        today = office.date_at(now)
        last = max(
            today + timedelta(days=office.rules.booking.horizon_days),
            slot_store.last_date(connection, code) or today,
        )
        planned = slot_store.planned_revisions(connection, code, today, last)
    for day in (today + timedelta(days=ahead) for ahead in range((last - today).days + 1)):
        if planned.get(day) != office.revision:
            database.write([(code, day)], partial(replan_day, office=code, day=day, now=now))
            made += 1
    return made


def reclaim_places(database: Database, now: datetime) -> int:
    """Give back the places of holds that have run out, and those kept back long enough."""
    with database.read() as connection:
        days = {
            (each.office, each.date) for each in ticket_store.list_expired(connection, now, BATCH)
        }
        days |= set(kept_store.list_due_days(connection, now, BATCH))
    return do_each(
        sorted(days),
        lambda key: database.write([key], partial(reclaim, office=key[0], day=key[1], now=now)),
    )


def forget_drafts(database: Database, now: datetime) -> int:
    """Delete what was typed for bookings that nobody has finished in time. Returns how many."""
    with database.read() as connection:
        if not draft_store.is_any_over(connection, now):
            return 0
        first = min(office_store.all_codes(connection), default=None)

    def forget(tx: Transaction) -> int:
        gone = draft_store.forget_before(tx, now)
        if first is not None:
            purge_store.count(tx, first, DataKind.DRAFTS, gone, now)
        return gone

    return database.write([], forget)


def miss_slots(database: Database, now: datetime) -> int:
    """Mark bookings whose visitor did not come by the end of that day."""
    with database.read() as connection:
        over = [
            ticket
            for code in office_store.all_codes(connection)
            for ticket in ticket_store.list_missed(
                connection, code, _over_before(database.offices.get(connection, code), now), BATCH
            )
        ]
    return do_each(
        over,
        lambda each: database.write(
            [(each.office, each.date)], partial(miss_slot, ticket=each.id, now=now)
        ),
    )


def _over_before(office: Office, now: datetime) -> datetime:
    """The moment before which all slots belong to days that are over: now once the doors are closed
    for today, else last midnight.
    """
    closes = office.closes_at(now)
    if closes is not None and now >= closes:
        return now
    return datetime.combine(office.date_at(now), time.min, office.tz)


def miss_slot(tx: Transaction, ticket: str, now: datetime) -> int:
    """Mark one booking as missed, if it still is one. Returns how many it marked. Must declare its
    day.
    """
    before = ticket_store.get(tx, ticket)
    comes_at = expected_at(before)
    if before.state is not State.BOOKED or comes_at is None or comes_at >= now:
        return 0
    if before.kind.is_remote:
        # Nobody has to come for a call: it stands in its line by itself.
        return join_due(tx, before.office, before.date, now)
    after, event = steps.miss_slot(before, now)
    saved = ticket_store.save(tx, before, after, event)
    if blames_visitors(tx.day(before.office, before.date).paused):
        follow_no_show(tx, before, saved, now)
    return 1


PIECES: Mapping[str, Callable[[Database, datetime], int]] = {
    "slot_days": prepare_slots,
    "reclaimed": reclaim_places,
    "drafts_forgotten": forget_drafts,
    "calls_due": join_all_due,
    "missed": miss_slots,
    "stranded_ended": end_stranded,
    "doors": settle_doors,
    "closing_steps": close_days,
    "leases_ended": close_leases,
    "webhooks_stopped": stop_failing,
    "help_lapsed": end_lapsed,
    "alerts": watch_thresholds,
    "alerts_passed_on": pass_alerts_on,
    "waits_ended": end_waiting,
    "forgotten": forget_old,
    "expired": forget_expired,
    "days_wiped": wipe_personal_data,
    "purges_finished": finish_purges,
    "waits_learnt": learn_from_days,
    "days_counted": keep_figures,
}
"""Everything that upkeep does, by the name of what it counts."""


FOR_GOOD = frozenset(
    {
        "calls_due",
        "missed",
        "stranded_ended",
        "closing_steps",
        "leases_ended",
        "webhooks_stopped",
        "waits_ended",
        "forgotten",
        "expired",
        "days_wiped",
        "purges_finished",
        "waits_learnt",
        "days_counted",
    }
)
"""What cannot be taken back: it waits while the clock may have been set ahead by mistake."""


def keep_up(database: Database, now: datetime, *, for_good: bool = True) -> dict[str, int]:
    """Run all upkeep that is due, without `for_good` only what ends nothing. Returns how many of
    each were done.

    A piece that fails keeps no other from its turn. Raises an `ExceptionGroup` of those that
    failed, each with its name as a note.
    """
    done: dict[str, int] = {}

    def run(name: str) -> int:
        try:
            done[name] = PIECES[name](database, now)
        except Exception as error:
            error.add_note(name)
            raise
        return done[name]

    do_each([name for name in PIECES if for_good or name not in FOR_GOOD], run)
    return done


PURGING = ("missed", "drafts_forgotten", "waits_ended", "expired", "days_wiped", "purges_finished")
"""The pieces that forget persons, in their order. A missed booking is ended first, since the day of
a visit that still stands is not forgotten.
"""


def purge(database: Database, now: datetime, rounds: int = 1_000) -> dict[str, int]:
    """Run what forgets persons until nothing is left to do. Returns how many of each were done."""
    done = dict.fromkeys(PURGING, 0)
    for _ in range(rounds):
        round_done = {name: PIECES[name](database, now) for name in PURGING}
        for name, number in round_done.items():
            done[name] += number
        if not any(round_done.values()):
            break
    return done
