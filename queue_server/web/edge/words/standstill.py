"""What several pages of the staff say while everything stands still, and of an evacuation."""

from __future__ import annotations

from queue_server.web.edge.locale import gettext as _


def standstill_words() -> dict[str, str]:
    """That everything is stopped for a while, by whom, and why if somebody has said."""
    return {
        "why": _("Everything stands still since {time}, by {by}: {reason}"),
        "bare": _("Everything stands still since {time}, by {by}"),
    }


def called_since_words() -> str:
    """Since when an evacuation lasts, and who has called it."""
    return _("Since {time}, called by {by}")


def evacuated_words() -> str:
    """An evacuation has been called."""
    return _("The evacuation is on all screens")


def evacuation_over_words() -> str:
    """An evacuation is over."""
    return _("The evacuation is over. Service goes on.")
