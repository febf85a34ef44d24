"""The reasons for which visitors cancel, in words."""

from __future__ import annotations

from queue_server.protocol.codes import CANCEL_REASONS, CancelReason
from queue_server.web.edge.locale import gettext as _


def cancel_reason_words() -> dict[str, str]:
    """Each reason's code -> its words, in the order shown."""
    words: dict[CancelReason, str] = {
        "not_needed": _("I no longer need it"),
        "done_online": _("I did it online"),
        "no_time": _("I have no time that day"),
        "other_office": _("I go to another office"),
        "mistake": _("I booked by mistake"),
    }
    return {code: words[code] for code in CANCEL_REASONS}
