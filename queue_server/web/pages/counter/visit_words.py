"""What the console says of the visitor at the counter: the step that follows, the planned time, and
a ticket that is scanned.
"""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.calls import scan_refusals


def step_words() -> dict[str, str]:
    """The button that takes the step that usually follows, and what is said of it."""
    return {
        "start": _("Start serving"),
        "finish": _("Finish and call next"),
        "whenHere": _("When {number} stands here"),
        "onlyFinish": _("Only finishes. {why}"),
        "doneNext": _("{number} finished; {next} called to {counter}"),
        "done": _("{number} finished. {why}"),
        "nobodyThere": _("Nobody is at your counter, so nobody was finished."),
    }


def not_called_words() -> dict[str, str]:
    """Why nobody was called after a visit was finished."""
    return {
        "nobody": _("Nobody is waiting for this counter"),
        "door_stopped": _("The door is stopped: nobody is let in from outside"),
        "paused": _("Everything stands still: nobody is called"),
        "on_break": _("End the break first"),
    }


def scan_words() -> dict[str, str]:
    """What is said of a ticket that is scanned at the counter, by where its visitor is."""
    return {
        "finishFirst": _("{number} waits. Finish {current} first."),
        "elsewhere": _("{number} waits for another counter. Send the visitor there."),
        "calledHere": _("{number} is called to your counter."),
        "start": _("Start serving"),
        "servedHere": _("{number} is being served at your counter."),
        "atCounter": _("{number} is at {counter}."),
        "parked": _("{number} is on hold."),
        "missed": _("{number} did not come when called."),
        "booked": _(
            "A booking for {date} at {time}, not checked in yet. Send the visitor to the entrance."
        ),
        "state": _("{number}: {state}"),
        "stateBare": _("This ticket: {state}"),
        "openFirst": _("Open your counter first, then scan again."),
        "again": _("Something is still being done. Please scan again."),
        **scan_refusals(),
    }


def pace_words() -> dict[str, str]:
    """The time of a visit against the planned one."""
    return {
        "target": _("of {n} min"),
        "longer": _("longer than planned"),
        "asked": _("Still serving?"),
    }
