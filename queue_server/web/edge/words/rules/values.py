"""A rule's value in words, and what the log says of a change of the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from queue_server.domain.office.rules import CallPolicy
from queue_server.web.edge.locale import current_language, format_time
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.units import (
    days_words,
    minutes_words,
    percent_words,
    seconds_words,
)

from .groups import rule_labels
from .policies import policy_words

_SHARES = {"booking.utilisation", "booking.online_share", "booking.urgent_share"}


def value_words(name: str, value: Any) -> str:
    """A rule's value as people say it: with its unit, and words for what is no number."""
    if value is None:
        unset = {
            "door.walk_in_ahead_minutes": _("the whole day"),
            "booking.urgent_letter": _("the service's own"),
        }
        if name.startswith("alerts."):
            return _("none")
        return unset.get(name, _("no limit"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "calling.policy":
        return policy_words()[CallPolicy(value)][0]
    if name == "calling.recall_seconds":
        return ", ".join(str(each) for each in value)
    if name.endswith("_hour"):
        return format_time(time(value), current_language())
    if name in _SHARES:
        return f"{percent_words(value)} %"
    for unit, words in (
        ("minutes", minutes_words),
        ("days", days_words),
        ("seconds", seconds_words),
    ):
        if unit in re.split(r"[._]", name):
            return words(value)
    return str(value)


def changes_words(changed: Mapping[str, Sequence[Any]]) -> str:
    """What the log says was changed, rule by rule."""
    labels = rule_labels()
    return "; ".join(
        f"{labels.get(name, name)}: {value_words(name, before)} → {value_words(name, after)}"
        for name, (before, after) in changed.items()
    )
