"""What the triage counts, in words for the staff."""

from __future__ import annotations

from queue_server.domain.triage.counting import AnywayReason
from queue_server.domain.triage.script import Outcome
from queue_server.web.edge.locale import gettext as _


def outcome_words() -> dict[Outcome, str]:
    """What was advised, in the order in which it is shown."""
    return {
        Outcome.ONLINE: _("Online"),
        Outcome.PARTIAL: _("Apply online, then collect"),
        Outcome.ASSISTED: _("Help by phone or at home"),
        Outcome.ELSEWHERE: _("Another place or service"),
        Outcome.VISIT: _("Visit"),
        Outcome.URGENT: _("Urgent visit"),
    }


def anyway_words() -> dict[str, str]:
    """Why staff serve somebody although something else was advised."""
    return {
        AnywayReason.NO_DEVICE.value: _("no phone"),
        AnywayReason.ONLINE_FAILED.value: _("online failed"),
        AnywayReason.CAME_FAR.value: _("came from far away"),
        AnywayReason.NEEDS_HELP.value: _("needs help"),
    }
