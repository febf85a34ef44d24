"""What can be chosen in a booking: services, days and times, on the office's own clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import redirect, url_for
from werkzeug.wrappers import Response

from queue_server.domain.booking.availability import AvailableSlot, kinds_offered
from queue_server.domain.booking.slots import parse_slot_id
from queue_server.domain.errors import SlotFull, SlotPassed, SlotTooFar, UnknownService, UnknownSlot
from queue_server.domain.office.office import Office, Service, VisitKind
from queue_server.services.booking import availability
from queue_server.services.booking.availability import Question
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.booking import BookingForm, party_of

SLOT_LOST = (SlotFull, SlotPassed, SlotTooFar, UnknownSlot)
"""Refusals that another time mends."""


@dataclass(frozen=True)
class SlotChoice:
    """A time as the pages offer it; `starts_at` is on the office's clock."""

    id: str
    starts_at: datetime
    free: int

    @property
    def morning(self) -> bool:
        return self.starts_at.hour < 12


@dataclass(frozen=True)
class DayChoice:
    """A day with its times; `free` counts the times that still have a place."""

    date: date
    slots: tuple[SlotChoice, ...]
    closed: bool = False

    @property
    def free(self) -> int:
        return sum(each.free > 0 for each in self.slots)

    @property
    def first(self) -> datetime | None:
        """When the first free time of the day starts."""
        return next((each.starts_at for each in self.slots if each.free > 0), None)


def show_slot(office: Office, slot: AvailableSlot) -> SlotChoice:
    """A slot on the office's own clock."""
    return SlotChoice(slot.id, office.local(slot.starts_at), slot.free)


def days_ahead(office: Office) -> int:
    """How many dates from today on may hold a time that can be booked."""
    return min(office.rules.booking.horizon_days + 1, availability.MOST_DAYS)


def list_days(
    office: Office,
    service: str,
    people: int = 1,
    *,
    urgent: bool = False,
    kind: VisitKind = VisitKind.OFFICE,
) -> list[DayChoice]:
    """All days with times that can be booked now, full ones included."""
    return [
        DayChoice(day.date, tuple(show_slot(office, slot) for slot in day.slots))
        for day in _find_days(office, service, people, urgent=urgent, kind=kind)
    ]


def _find_days(
    office: Office, service: str, people: int, *, urgent: bool, kind: VisitKind
) -> list[availability.AvailableDay]:
    asked = Question(service, office.date_at(now()), days_ahead(office), people, urgent, kind)
    with context().database.read() as connection:
        return context().free_times.list(connection, office, asked, now())


def list_days_for(office: Office, form: BookingForm) -> list[DayChoice]:
    """`list_days` for what a form says so far."""
    return list_days(
        office,
        form.service,
        party_of(office, form),
        urgent=bool(form.urgency),
        kind=form.visit_kind,
    )


def nearest_times(office: Office, form: BookingForm, count: int) -> list[SlotChoice]:
    """The free times nearest to the one in the form, for the whole party; that one too, if it is
    still free.
    """
    days = _find_days(
        office,
        form.service,
        party_of(office, form),
        urgent=bool(form.urgency),
        kind=form.visit_kind,
    )
    return [
        show_slot(office, slot)
        for slot in availability.nearest_free(days, parse_slot_id(form.slot), count)
    ]


def chosen_slot(office: Office, slot: str) -> SlotChoice:
    """The slot in the form as words need it; whether it still has a place is asked elsewhere.
    Raises `BadInput`.
    """
    return SlotChoice(slot, office.local(parse_slot_id(slot)), 0)


def chosen_service(office: Office, form: BookingForm) -> Service | None:
    """The service in the form, or None when it is unknown or takes no bookings: then the first step
    comes again.
    """
    try:
        service = office.service(form.service)
    except UnknownService:
        return None
    offered = kinds_of(office, service, form)
    is_offered = form.visit_kind in offered if form.kind else bool(offered)
    return service if is_offered else None


def kinds_of(office: Office, service: Service, form: BookingForm) -> tuple[VisitKind, ...]:
    """The kinds of visit by which the form's case can be booked, that in the office first."""
    return kinds_offered(office, service, now(), urgent=bool(form.urgency))


def with_kind(office: Office, service: Service, form: BookingForm) -> BookingForm:
    """The form with a kind of visit that can be booked: the one it names, or else the first. Who
    is rung is one person. A visit in the office, which is the usual one, is not named.
    """
    offered = kinds_of(office, service, form)
    kind = form.visit_kind if form.visit_kind in offered else offered[0]
    if not kind.is_remote:
        return replace(form, kind="")
    return replace(form, kind=kind.value, party_size="1")


def to_start(office: Office, visit: str = "") -> Response:
    """Back to the first step, for an address that lacks what its step needs. `visit` names the walk
    whose answers wait there.
    """
    return redirect(
        url_for("public.choose_service", office_code=office.code, visit=visit or None), 303
    )
