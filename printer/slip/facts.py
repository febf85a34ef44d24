"""The facts of a visit on its slip: how many stand before, how long it takes, when to be back, what
was booked, how many came.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from printer.slip.blocks import Row, SlipUnprintable
from printer.slip.cleaning import clean, clip
from printer.slip.words import catalogue, clock_text, moment_text
from queue_server.protocol.messages import Slip, WaitRange
from queue_server.protocol.spoken_waits import speak_wait

AWAY_MINUTES_MIN = 10
"""From how long a wait on a slip says when to be back."""


def state_facts(slip: Slip, language: str, name_max: int) -> list[Row]:
    """The facts of a visit that fit on a line each; a name has `name_max` characters at most.
    Raises `SlipUnprintable`.
    """
    words = catalogue(language)
    _ = words.gettext
    facts: list[Row] = []
    stream = clip(f"{clean(slip.stream)} {clean(slip.stream_name)}", name_max)
    if stream:
        facts.append(Row(_("Queue"), stream))
    if slip.ahead is not None:
        people = words.ngettext("{count} person", "{count} people", slip.ahead).format(
            count=slip.ahead
        )
        facts.append(Row(_("Ahead of you"), people if slip.ahead else _("nobody")))
    if slip.wait is not None:
        facts.append(Row(_("Expected wait"), _wait_text(slip.wait, language)))
    back_by = _back_by(slip)
    if back_by is not None:
        facts.append(Row(_("Be back by"), clock_text(back_by, language)))
    if slip.starts_at is not None and clean(slip.number):
        starts = read_time(slip.starts_at)
        today = starts.date() == taken_at(slip).date()
        when = (
            _span_text(starts, slip.ends_at, language) if today else moment_text(starts, language)
        )
        facts.append(Row(_("Booked for"), when))
    if slip.party_size > 1:
        facts.append(
            Row(
                _("Party"),
                words.ngettext("{count} person", "{count} people", slip.party_size).format(
                    count=slip.party_size
                ),
            )
        )
    return facts


def _back_by(slip: Slip) -> datetime | None:
    """When who waits outside must be back at the latest: the early end of the wait, as the ticket's
    page counts. None where it is too near to go anywhere.
    """
    if slip.place.upper() != "OUTSIDE" or slip.wait is None or slip.wait.low < AWAY_MINUTES_MIN:
        return None
    return taken_at(slip) + timedelta(minutes=slip.wait.low)


def taken_at(slip: Slip) -> datetime:
    """When this visitor joined the queue: a booking's check-in, a walk-in's number."""
    return read_time(slip.issued_at if slip.checked_in_at is None else slip.checked_in_at)


def _wait_text(wait: WaitRange, language: str) -> str:
    words = catalogue(language)
    _, spoken = words.gettext, speak_wait(wait)
    match spoken.saying:
        case "more_than_hours":
            hours = words.ngettext("more than {n} hour", "more than {n} hours", spoken.hours)
            return hours.format(n=spoken.hours)
        case "at_most":
            return _("at most {high} minutes").format(high=spoken.high)
        case "less_than":
            return _("less than {high} minutes").format(high=spoken.high)
    return _("{low}\N{EN DASH}{high} minutes").format(low=spoken.low, high=spoken.high)


def _span_text(starts: datetime, ends_at: str | None, language: str) -> str:
    """The booked time from its start to its end, "08.00–09.00 WIB"; servers of older releases do
    not send the end.
    """
    if ends_at is None:
        return clock_text(starts, language)
    opens = clock_text(starts.replace(tzinfo=None), language)
    closes = clock_text(read_time(ends_at), language)
    return f"{opens}\N{EN DASH}{closes}"


def read_time(text: str) -> datetime:
    """A time of a slip, with its offset. Raises `SlipUnprintable`."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise SlipUnprintable(f"{text!r} is not a time") from None
