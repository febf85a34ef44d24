"""The doors that the demo's home opens for its staff: for each role the pages it begins with."""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.services.access.sessions import Role
from queue_server.web.edge.locale import gettext as _


@dataclass(frozen=True)
class StaffDoor:
    """A page and the role for which it is made; others may be let in too."""

    role: Role
    endpoint: str
    icon: str
    title: str
    text: str


def staff_doors() -> list[StaffDoor]:
    """Every role's pages, in the order in which a visit passes them."""
    return [
        StaffDoor(
            Role.GUARD,
            "door.show",
            "people",
            _("Door"),
            _("Count who comes and goes, and let the next one in."),
        ),
        StaffDoor(
            Role.RECEPTION,
            "reception.show",
            "paper",
            _("Reception"),
            _("Find a booking, give out numbers, and see to urgent cases."),
        ),
        StaffDoor(
            Role.CLERK,
            "counter.console",
            "desk",
            _("Clerk console"),
            _("Open a counter and call the next visitor."),
        ),
        StaffDoor(
            Role.SUPERVISOR,
            "supervise.dashboard",
            "grid",
            _("Supervisor"),
            _("The whole office at a glance: waits, counters and alerts."),
        ),
        StaffDoor(
            Role.MANAGER,
            "changes.overview",
            "calendar",
            _("Manage"),
            _("Opening hours, service mode, limits, and bookings that need a new time."),
        ),
        StaffDoor(
            Role.MANAGER,
            "manage.devices",
            "screen",
            _("Devices"),
            _("Approve a kiosk, a TV or a printer by its pairing code."),
        ),
        StaffDoor(
            Role.PROVINCE,
            "supervise.dashboard",
            "grid",
            _("Offices from afar"),
            _("Choose an office, watch it, and change its mode, hours or limit."),
        ),
        StaffDoor(
            Role.AUDITOR,
            "supervise.audit",
            "paper",
            _("Manual actions"),
            _("What was done by hand on a day, by whom and why; and the reports."),
        ),
        StaffDoor(
            Role.ADMIN,
            "changes.overview",
            "place",
            _("All offices"),
            _("Choose any office of the province, and manage it."),
        ),
    ]
