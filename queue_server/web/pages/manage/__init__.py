"""Managers' pages."""

from . import anomalies, cancelled, mode, rules, stranded, triage
from .descriptions import place
from .descriptions.services import descriptions
from .devices import acts as device_acts
from .devices.page import manage
from .displays import page as displays_page
from .hours import changes
from .kiosks import page as kiosks_page
from .messages import page as messages_page
from .remote import page as remote_page
from .reports import page as reports_page
from .room import zones
from .room.page import manage_room
from .slip import page as slip_page
from .webhooks import page as webhooks_page

__all__ = [
    "BLUEPRINTS",
    "anomalies",
    "cancelled",
    "device_acts",
    "displays_page",
    "messages_page",
    "mode",
    "place",
    "remote_page",
    "reports_page",
    "rules",
    "slip_page",
    "stranded",
    "triage",
    "kiosks_page",
    "webhooks_page",
    "zones",
]

BLUEPRINTS = (manage, changes, descriptions, manage_room)
