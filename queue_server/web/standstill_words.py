"""What several pages of the staff say while everything stands still, and of an evacuation."""
from __future__ import annotations

from .locale import gettext as _


def standstill_words() -> dict[str, str]:
    """That everything is stopped for a while: at length with who and why, and in short."""
    return {
        "stopped": _("Everything stands still since {time}, by {by}: {reason}"),
        "stoppedBare": _("Everything stands still since {time}, by {by}"),
        "short": _("Everything stands still: nobody is called"),
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
