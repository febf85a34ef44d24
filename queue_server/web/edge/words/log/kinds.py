"""What each kind of act in the log is called."""

from __future__ import annotations

from queue_server.domain.audit.acts import ActKind
from queue_server.web.edge.locale import gettext as _


def kind_words() -> dict[ActKind, str]:
    """The kinds that are shown, by name."""
    return {
        ActKind.CALLS: _("Calls by hand or out of turn"),
        ActKind.TAKEN_BACK: _("Steps taken back"),
        ActKind.COUNT: _("Corrections of the count inside"),
        ActKind.STOPS: _("Stops and evacuations"),
        ActKind.VISITS: _("Visits changed by hand"),
        ActKind.WATCH: _("Counters, announcements and alerts"),
        ActKind.SETTINGS: _("Settings of the office"),
        ActKind.ACCOUNTS: _("Accounts and sign-ins"),
        ActKind.DEVICES: _("Devices"),
        ActKind.PERSONS: _("Personal data looked at"),
        ActKind.EXPORTS: _("Lists and files taken away"),
        ActKind.KEEPING: _("Backups, purges and incidents"),
    }
