"""Alerts in whole sentences: on the dashboard, on the province board and in mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.supervisor.alerts import DEVICE_KINDS, AlertKind
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.devices.troubles import trouble_sentences


def alert_sentences() -> dict[str, str]:
    """What each kind of alert says, with its facts in braces; those about devices say what their
    trouble does.
    """
    return {
        "EVACUATED": _("Evacuation: everybody is sent out"),
        "LONG_WAIT": _("Somebody has waited for {minutes} minutes"),
        "FULL_OUTSIDE": _(
            "The room is full ({inside} of {limit}), and {outside} parties wait outside"
        ),
        "NOBODY_CALLED": _("Nobody was called for {minutes} minutes, and {waiting} wait"),
        "FEW_COUNTERS": _("{open} counters are open, {needed} are needed"),
        "OVER_LIMIT": _("Over the limit: {inside} of {limit} people"),
        "CLOCK_JUMPED": _(
            "The server's clock jumped by {minutes} minutes. Please have its time checked."
        ),
        "MANY_NUMBERS": _(
            "{numbers} numbers were taken at the kiosk within a minute: please look who stands "
            "there"
        ),
        "HELP_UNANSWERED": _(
            "{name}: a visitor asks for help, and nobody has answered for {minutes} min"
        ),
        "WEBHOOK_STOPPED": _(
            "{name} is no longer told what happens: it took nothing. A manager switches it on "
            "again under Webhooks."
        ),
        "LEASE_CONTESTED": _(
            "{name} appeared twice: its disk may have been copied. A manager decides on the "
            "devices page which one goes on."
        ),
    }


def alert_sentence(kind: AlertKind, facts: Mapping[str, Any]) -> str:
    """An alert as a sentence."""
    if kind in DEVICE_KINDS:
        return trouble_sentences()[str(facts["code"])].format(
            name=facts["name"], left=facts.get("left", 0)
        )
    return alert_sentences()[kind.value].format(**facts)
