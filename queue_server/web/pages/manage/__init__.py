"""Managers' pages."""

from . import anomalies, cancelled, mode, rules, triage
from .descriptions import place
from .descriptions.services import descriptions
from .devices import acts as device_acts
from .devices.page import manage
from .displays import page as displays_page
from .hours import changes
from .kiosks import page as kiosks_page
from .many.page import many
from .messages import page as messages_page
from .privacy import page as privacy_page
from .privacy import person as person_page
from .privacy import record as record_page
from .remote import page as remote_page
from .reports import mail as reports_mail
from .reports import page as reports_page
from .room import zones
from .room.page import manage_room
from .settings import counters as settings_counters
from .settings import history, search, streams
from .settings import services as settings_services
from .settings.details import settings
from .slip import page as slip_page
from .stranded import acting as stranded_acting
from .stranded import calls as stranded_calls
from .webhooks import page as webhooks_page
from .whole import closing, importing
from .whole.page import whole

__all__ = [
    "BLUEPRINTS",
    "anomalies",
    "closing",
    "importing",
    "cancelled",
    "device_acts",
    "displays_page",
    "messages_page",
    "mode",
    "person_page",
    "place",
    "privacy_page",
    "record_page",
    "reports_mail",
    "remote_page",
    "reports_page",
    "rules",
    "slip_page",
    "stranded_acting",
    "stranded_calls",
    "triage",
    "kiosks_page",
    "webhooks_page",
    "zones",
    "history",
    "search",
    "settings_counters",
    "settings_services",
    "streams",
]

BLUEPRINTS = (manage, changes, descriptions, manage_room, many, whole, settings)
