"""What a ticket page says beside the ticket itself: when to leave, why no wait is known, what the
page can do while it is open.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from queue_server.domain.office.office import VisitKind
from queue_server.domain.waits.leaving import leave_at
from queue_server.services.screens.tickets import TicketView
from queue_server.web.edge.locale import current_language, format_time
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.tickets import ticket_script_words


def leaving_forms() -> dict[str, str]:
    """When to leave; {time} is the moment, {minutes} the way."""
    return {
        "at": _("Leave at {time} if you travel {minutes} minutes."),
        "now": _("Leave now if you travel {minutes} minutes."),
    }


def no_wait_words() -> dict[str, str]:
    """Why no wait is known. An evacuation says enough itself."""
    return {
        "PAUSE": _("No time can be given while service has stopped."),
        "NOBODY_SERVES": _("No time can be given: no counter is open for your queue right now."),
        "STALLED": _("No time can be given: nobody has been called for a while."),
    }


def tell_leaving(view: TicketView, travel_minutes: int, now: datetime) -> str:
    """When to leave for the office; empty where nothing can be said. `ticket.js` says the same."""
    if view.be_there_at is None:
        return ""
    at = leave_at(datetime.fromisoformat(view.be_there_at), travel_minutes, now)
    forms = leaving_forms()
    if at is None:
        return forms["now"].replace("{minutes}", str(travel_minutes))
    clock = format_time(at, current_language())
    return forms["at"].replace("{time}", clock).replace("{minutes}", str(travel_minutes))


def page_script_words(kind: VisitKind) -> dict[str, Any]:
    """Everything that the scripts of the ticket page say of such a visit."""
    return {
        **ticket_script_words(kind),
        "clockMark": "." if current_language() == "id" else ":",
        "leaving": leaving_forms(),
        "noWait": no_wait_words(),
        "stale": _("Last updated at {time}; no connection"),
    }
