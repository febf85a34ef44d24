"""What came of seeing to many bookings at once: carried in the address that the form leads to, and
said in words there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from queue_server.domain import errors
from queue_server.domain.errors import DomainError
from queue_server.services.bulk import Outcome
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext

_TAKEN = (errors.SlotFull.code, errors.DayFull.code)
_CLOSED = (errors.NotInService.code, errors.SlotPassed.code, errors.SlotTooFar.code)
_LIMIT = (errors.LimitReached.code,)


def count_outcomes(outcomes: Sequence[Outcome], without: int = 0) -> dict[str, int]:
    """The numbers as parameters of an address; those that are none are left out but for `done`.
    `without`: so many had no time to go to.
    """
    counts: Counter[str] = Counter()
    for each in outcomes:
        counts[_sort(each)] += 1
    counts["without"] = without
    return {"done": counts.pop("done", 0), **{name: n for name, n in counts.items() if n}}


def _sort(outcome: Outcome) -> str:
    if not isinstance(outcome, DomainError):
        return "done" if outcome else "gone"
    for name, codes in (("taken", _TAKEN), ("closed", _CLOSED), ("limit", _LIMIT)):
        if outcome.code in codes:
            return name
    return "refused"


def done_words(given: Mapping[str, str]) -> list[str]:
    """A sentence for each outcome that the address tells of; the first is what was done."""
    if given.get("noted"):
        return [_("Noted: this visitor knows.")]
    if "done" not in given:
        return []
    number = {name: _number(given, name) for name in ("done", *_LEFT)}
    done = (
        ngettext(
            "%(num)s booking was cancelled.", "%(num)s bookings were cancelled.", number["done"]
        )
        if given.get("what") == "cancel"
        else ngettext("%(num)s booking was moved.", "%(num)s bookings were moved.", number["done"])
    )
    left = {
        "taken": ngettext(
            "%(num)s could not be done, because the time was taken meanwhile.",
            "%(num)s could not be done, because the time was taken meanwhile.",
            number["taken"],
        ),
        "closed": ngettext(
            "%(num)s could not be done, because the office takes nobody at that time any more.",
            "%(num)s could not be done, because the office takes nobody at those times any more.",
            number["closed"],
        ),
        "limit": ngettext(
            "%(num)s could not be done, because the visitor has a visit on that day already.",
            "%(num)s could not be done, because their visitors have a visit on that day already.",
            number["limit"],
        ),
        "refused": ngettext(
            "%(num)s could not be done. Look at it once more.",
            "%(num)s could not be done. Look at them once more.",
            number["refused"],
        ),
        "gone": ngettext(
            "%(num)s had been seen to by somebody else meanwhile.",
            "%(num)s had been seen to by somebody else meanwhile.",
            number["gone"],
        ),
        "without": ngettext(
            "%(num)s has no free time and stays in the list.",
            "%(num)s have no free time and stay in the list.",
            number["without"],
        ),
    }
    return [done, *(left[name] for name in _LEFT if number[name])]


_LEFT = ("taken", "closed", "limit", "refused", "gone", "without")


def _number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
