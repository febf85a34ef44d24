"""What a ticket's page and its badge say, by the ticket's state."""

from __future__ import annotations

from typing import Any

from queue_server.domain.office.office import VisitKind
from queue_server.domain.visit.transitions import TRANSITIONS, Action, State
from queue_server.web.edge.locale import gettext as _

from .units import wait_forms

STATE_BADGES = {
    "HELD": "info",
    "BOOKED": "info",
    "WAITING": "info",
    "CALLED": "warn",
    "SERVING": "ok",
    "PARKED": "busy",
    "SERVED": "ok",
    "NO_SHOW": "late",
    "LEFT": "busy",
    "CANCELLED": "late",
    "EXPIRED": "late",
    "STRANDED": "warn",
}
"""Which look a state's badge has; the badge always carries the word too."""


def state_words() -> dict[str, str]:
    """The name of each ticket state."""
    return {
        "HELD": _("Place held"),
        "BOOKED": _("Booked"),
        "WAITING": _("Waiting"),
        "CALLED": _("Called"),
        "SERVING": _("Being served"),
        "PARKED": _("On hold"),
        "SERVED": _("Completed"),
        "NO_SHOW": _("Missed"),
        "LEFT": _("Left the queue"),
        "CANCELLED": _("Cancelled"),
        "EXPIRED": _("Expired"),
        "STRANDED": _("Needs a new time"),
    }


def ticket_case(
    state: str,
    entry: str | None,
    ahead: int | None,
    calls: int = 0,
    *,
    came: bool = True,
    away: bool = False,
    returnable: bool = False,
    voided: bool = False,
) -> str:
    """Which sentence of `ticket_words` fits a ticket. `ticket.js` decides by the same rule.

    A second call has words of its own: a screen reader is silent on a sentence that has not
    changed. One who never `came` was never called either. `away`: the visitor has stepped away;
    `returnable`: one who missed the call may still come back. `voided`: the card was another
    person's.
    """
    if entry == "evacuation":
        return entry
    if state == "NO_SHOW":
        return "NO_SHOW.absent" if not came else "NO_SHOW" if returnable else "NO_SHOW.over"
    if state == "CANCELLED" and voided:
        return "CANCELLED.void"
    if state == "WAITING" and away and entry != "paused":
        return "WAITING.away"
    if state not in ("WAITING", "CALLED"):
        return state
    is_next = state == "WAITING" and ahead == 0 and entry in (None, "now")
    is_repeated = state == "CALLED" and calls > 1
    return ".".join(
        part
        for part in (state, entry, "next" if is_next else None, "again" if is_repeated else None)
        if part
    )


def ticket_words() -> dict[str, str]:
    """What a ticket page tells its visitor to do, by case; {counter} is the counter's name, {times}
    the number of calls, {until} the end of a time away or of the way back.
    """
    return {
        "HELD": _("Finish your booking to keep this place."),
        "BOOKED": _("Come at this time, with this code."),
        "WAITING": _("Please wait in the waiting room."),
        "WAITING.next": _("You are next. Please stay near the counters."),
        "WAITING.outside": _(
            "Please wait outside or at home. This page tells you when you may come in."
        ),
        "WAITING.stopped": _(
            "Nobody is let in for now. Please wait outside or at home; this page tells you when it "
            "goes on."
        ),
        "WAITING.too_large": _(
            "Your party is larger than the room may hold, so it cannot come in together. Please "
            "speak to our staff."
        ),
        "WAITING.paused": _(
            "Service has stopped for now. Your place in the queue is kept; this page tells you "
            "when it goes on."
        ),
        "evacuation": _(
            "Leave the building calmly, or keep away from it, and follow our staff. Your booking "
            "and your place in the queue are kept."
        ),
        "WAITING.away": _(
            "You have stepped away. Nobody calls you before {until}; please be back by then. You "
            "keep your turn."
        ),
        "WAITING.now": _("You may come in now. Please wait in the waiting room."),
        "WAITING.now.next": _("You may come in now. You are next: please stay near the counters."),
        "CALLED": _("It is your turn. Please go to {counter}."),
        "CALLED.now": _("It is your turn. Please come in and go to {counter}."),
        "CALLED.again": _("Call no. {times}: it is your turn. Please go to {counter} now."),
        "CALLED.now.again": _(
            "Call no. {times}: it is your turn. Please come in and go to {counter} now."
        ),
        "SERVING": _("You are being served at {counter}."),
        "PARKED": _("Your turn is on hold. Tell the clerk when you are ready."),
        "SERVED": _("Your visit is complete. Thank you for coming."),
        "NO_SHOW": _(
            "We called you, but did not see you. Come to the reception by {until}: our staff put "
            "you back into the queue."
        ),
        "NO_SHOW.over": _(
            "We called you, but did not see you, and the time to come back is over. Please choose "
            "a new time, or take a new number at the office."
        ),
        "NO_SHOW.absent": _(
            "You did not check in on the day of this booking, so it has ended. Please choose a "
            "new time, or take a number at the office."
        ),
        "LEFT": _("You have left the queue."),
        "CANCELLED": _("This booking is cancelled. The place goes to someone else."),
        "CANCELLED.void": _(
            "This booking was voided: the card shown at the office was another person's. If this "
            "is a mistake, come to the reception with your own ID card (KTP-el), or call the "
            "office."
        ),
        "EXPIRED": _("The time to finish this booking has run out. Please choose a time again."),
        "STRANDED": _(
            "The office had to withdraw this time. Please choose another time, or cancel this "
            "visit."
        ),
    }


def words_of(kind: VisitKind) -> dict[str, str]:
    """What the page of a ticket tells its visitor to do, by case and kind of visit."""
    return ticket_words() | (words_from_home(kind) if kind.is_remote else {})


def words_from_home(kind: VisitKind) -> dict[str, str]:
    """What `ticket_words` says otherwise of a call or a meeting by video."""
    is_call = kind is VisitKind.PHONE
    meets = _(
        "It is your turn. The address of the meeting appears on this page as soon as the officer "
        "has opened it."
    )
    return {
        "BOOKED": _("Stay at home. We call you at this time.")
        if is_call
        else _("Stay at home. At this time the address of the meeting appears on this page."),
        "WAITING": _("You are in line: we call you soon. Keep your phone ready.")
        if is_call
        else _("You are in line: the meeting begins soon. Keep this page open."),
        "WAITING.next": _("You are next: your phone rings soon.")
        if is_call
        else _("You are next: the meeting begins soon. Keep this page open."),
        "CALLED": _("We are calling you now. Please answer the phone.") if is_call else meets,
        "CALLED.again": _("Call no. {times}: please answer the phone.") if is_call else meets,
        "SERVING": _("You are being served."),
        "PARKED": _("Your turn is on hold. We call you again."),
        "SERVED": _("Your visit is complete. Thank you."),
        "NO_SHOW": _(
            "We could not reach you. Until {until} you can press “I am ready”, and we try once "
            "more."
        ),
        "NO_SHOW.over": _("We could not reach you. Please choose a new time."),
        "CANCELLED": _("This visit is cancelled. Nobody calls you."),
    }


def ticket_script_words(kind: VisitKind = VisitKind.OFFICE) -> dict[str, Any]:
    """Everything `ticket.js` says of such a visit."""
    return {
        "states": state_words(),
        "badges": STATE_BADGES,
        "say": words_of(kind),
        "cancellable": sorted(TRANSITIONS[Action.CANCEL].sources - {State.WAITING}),
        "counter": _("Counter %(name)s", name="{name}"),
        "live": _("This page follows the queue by itself."),
        "now": _("now"),
        "wait": wait_forms(),
    }


def counter_words(name: str) -> str:
    """What to call a counter: many offices name theirs by a bare number."""
    return _("Counter %(name)s", name=name) if name[:1].isdigit() else name
