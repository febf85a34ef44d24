"""Minutes, days, seconds and shares in words."""

from __future__ import annotations

from queue_server.web.edge.locale import current_language, ngettext


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
