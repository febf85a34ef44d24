"""Who has looked at whom, in sentences for the audit page; never whose name was seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.events import EventType
from queue_server.domain.visit.booker import Where
from queue_server.services.visit.looking import Looks
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


def look_words(type: EventType, facts: Mapping[str, Any]) -> str:
    """One look as a sentence; at which counter it was stands beside."""
    number = facts.get("number")
    match type:
        case EventType.CONTACT_SHOWN:
            return _("Saw whom to ring for {number}").format(number=number)
        case EventType.NAMES_SEARCHED:
            return _("Looked for a name among the bookings: {n} found").format(
                n=facts.get("found", 0)
            )
    where = where_words()[Where(facts["where"])]
    if number is None:
        return _("{where}: saw who booked a visit before it checked in").format(where=where)
    return _("{where}: saw who booked {number}").format(where=where, number=number)
