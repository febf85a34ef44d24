"""Who has looked at whom, in sentences for the audit page; never whose name was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from queue_server.domain.events import Event, EventType
from queue_server.domain.visit.booker import Where
from queue_server.services.visit.looking import Looks
from queue_server.web.edge.locale import current_language, format_time
from queue_server.web.edge.locale import gettext as _


def where_words() -> dict[Where, str]:
    """Where somebody looked."""
    return {
        Where.COUNTER: _("At a counter"),
        Where.RECEPTION: _("At the reception"),
        Where.DOOR: _("At the door"),
    }


def often_words(looks: Looks) -> str:
    """How often somebody looked, by where; what did not happen is left out."""
    counts = [
        *((words, looks.at[where]) for where, words in where_words().items()),
        (_("Numbers to ring"), looks.numbers),
        (_("Searches by name"), looks.searches),
    ]
    return " · ".join(f"{words}: {count}" for words, count in counts if count)


def look_words(
    event: Event, counters: Mapping[str, str], booked_for: datetime | None = None
) -> str:
    """One look as a sentence. `counters`: what each is called; `booked_for`: the local time of a
    visit that had no number yet.
    """
    facts = event.facts
    number = facts.get("number")
    counter = counters.get(str(facts.get("counter") or ""), "")
    match event.type:
        case EventType.CONTACT_SHOWN:
            return _("{where}: saw whom to ring for {number}").format(where=counter, number=number)
        case EventType.NAMES_SEARCHED:
            return _("Looked for a name among the bookings: {n} found").format(
                n=facts.get("found", 0)
            )
    at = Where(facts["where"])
    place = counter if at is Where.COUNTER and counter else where_words()[at]
    if number is None:
        if booked_for is None:
            return _("{where}: saw who booked a visit before it checked in").format(where=place)
        return _("{where}: saw who booked a visit for {time}, before it checked in").format(
            where=place, time=format_time(booked_for, current_language())
        )
    return _("{where}: saw who booked {number}").format(where=place, number=number)
