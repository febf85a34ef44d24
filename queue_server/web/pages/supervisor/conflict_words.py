"""What did not fit when a kiosk reported its numbers: what happened, and what to do about it."""

from __future__ import annotations

from queue_server.domain.door.offline import ConflictReason
from queue_server.web.edge.locale import gettext as _


def conflict_words() -> dict[ConflictReason, tuple[str, str]]:
    """For each reason what happened, and what is to be done."""
    in_queue = _("The visitor stands in the queue. Nothing else is needed.")
    look = _("If the visitor comes, give a new number at the reception.")
    return {
        ConflictReason.ALREADY_CHECKED_IN: (
            _("The booking was checked in elsewhere before the kiosk’s report came."),
            _(
                "The visitor is called by the other number. Who shows this paper is found by its "
                "number at the reception."
            ),
        ),
        ConflictReason.ALREADY_CALLED: (
            _("The kiosk printed this number, but the visitor was already called by another one."),
            _("Look whether the visitor was served. Tell them which number was theirs."),
        ),
        ConflictReason.BOOKING_OVER: (
            _("The booking was cancelled, missed or withdrawn before the report came."),
            look,
        ),
        ConflictReason.BOOKING_MOVED: (
            _("The booking was moved to another day."),
            _("Ask the visitor whether they come on that day or need a new number now."),
        ),
        ConflictReason.UNKNOWN_CODE: (_("The kiosk checked in a booking that nobody knows."), look),
        ConflictReason.UNKNOWN_NUMBER: (_("This number was not the kiosk’s to give."), look),
        ConflictReason.UNKNOWN_SERVICE: (
            _("The service was taken off the list before the report came."),
            look,
        ),
        ConflictReason.WRONG_DAY: (
            _("The report came only after that day was over."),
            _("If the visitor was not served on that day, help them first when they come back."),
        ),
        ConflictReason.LEASE_LOST: (
            _("The number is of an installation of the kiosk that was replaced."),
            look,
        ),
        ConflictReason.LEASE_REVOKED: (_("The kiosk was cut off before the report came."), look),
        ConflictReason.KEY_USED: (
            _("The kiosk gave two numbers in place of one."),
            _("One visitor has two papers. The first number is good, this one is not called."),
        ),
        ConflictReason.REFUSED: (_("The number could not be put into the queue."), look),
        ConflictReason.MODE_CHANGED: (
            _("The service was closed to walk-ins while the kiosk could not know it."),
            _(
                "The visitor stands in the queue. Decide whether they are served, and tell them "
                "soon."
            ),
        ),
        ConflictReason.OUTSIDE_HOURS: (
            _("The number was given outside the opening hours of now."),
            _(
                "The visitor stands in the queue. Decide whether they are served, and tell them "
                "soon."
            ),
        ),
        ConflictReason.PARTY_TOO_LARGE: (
            _("The party is larger than the office’s rules allow now."),
            _("Let them in by hand, or part them into two numbers at the reception."),
        ),
        ConflictReason.BEYOND_PLACES: (_("The number goes beyond the day’s places."), in_queue),
    }
