"""The sentences of a waiting time for the pages' scripts; which one fits is `speak_wait`'s rule."""

from __future__ import annotations

from queue_server.protocol.spoken_waits import OPEN_ENDED_MINUTES
from queue_server.web.edge.locale import gettext as _

WaitForms = dict[str, str | int]


def wait_forms() -> WaitForms:
    """A wait in whole words. From `open_ended` minutes on no upper end is told."""
    return {
        "between": _("{low}–{high} minutes"),
        "less_than": _("less than {high} minutes"),
        "more_than_hours": _("more than {hours} hours"),
        "open_ended": OPEN_ENDED_MINUTES,
    }


def short_wait_forms() -> WaitForms:
    """The same for a narrow column."""
    return {
        "between": _("{low}–{high} min"),
        "less_than": _("< {high} min"),
        "more_than_hours": _("> {hours} hours"),
        "open_ended": OPEN_ENDED_MINUTES,
    }
