"""Minutes, days, seconds, shares and waits in words. Which sentence of a wait fits is the rule of
`speak_wait`.
"""

from __future__ import annotations

from queue_server.protocol.spoken_waits import OPEN_ENDED_MINUTES
from queue_server.web.edge.locale import current_language, ngettext
from queue_server.web.edge.locale import gettext as _

WaitForms = dict[str, str | int]


def percent_words(share: float) -> str:
    """A fraction of 1 in percent, to a tenth, with the decimal mark of the language."""
    text = f"{round(share * 100, 1):g}"
    return text.replace(".", ",") if current_language() == "id" else text


def minutes_words(number: int) -> str:
    """So many minutes."""
    return ngettext("%(num)s minute", "%(num)s minutes", number)


def days_words(number: int) -> str:
    """So many days."""
    return ngettext("%(num)s day", "%(num)s days", number)


def seconds_words(number: int) -> str:
    """So many seconds."""
    return ngettext("%(num)s second", "%(num)s seconds", number)


def wait_forms() -> WaitForms:
    """A wait in whole words, for scripts. From `open_ended` minutes on no upper end is told."""
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
