"""Words about who booked a visit, for the pages of every desk."""

from __future__ import annotations

from typing import Any

from queue_server.domain.visit.identity import Document
from queue_server.services.visit.looking import Known
from queue_server.web.edge.locale import gettext as _


def booker_words() -> dict[str, Any]:
    """Everything `booker.js` says, and what a page says of a voided booking."""
    return {
        "bookedBy": _("Booked by"),
        "last4": {
            Document.NIK.value: _("NIK … {last4}"),
            Document.PASSPORT.value: _("Passport or KITAS … {last4}"),
        },
        "known": {
            Known.BOOKED.value: "",
            Known.WALK_IN.value: _("Taken at the door, no name"),
            Known.ERASED.value: _("The data of who booked are deleted"),
        },
        "represented": _("Comes for somebody else: see the power of attorney"),
        "failed": _("No answer came. Please press again when the connection is back."),
        "refused": _("Who booked is shown only while the visit is at this desk."),
        "voided": _("{number}: the booking is void"),
        "voidedBare": _("The booking is void: the card is another person’s"),
        "undo": _("Undo"),
        "undone": _("Taken back: the booking stands again"),
        "bookedAgain": _(
            "Whoever booked has another booking by now, so this cannot be taken back. Give a "
            "number instead."
        ),
        "tooLate": _("The time to take this back is over. Give a number instead."),
    }
