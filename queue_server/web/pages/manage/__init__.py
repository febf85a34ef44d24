"""Managers' pages."""

from . import anomalies, cancelled, mode, rules, stranded, triage
from .descriptions import place
from .descriptions.services import descriptions
from .devices import manage
from .hours import changes
from .room import zones
from .room.page import manage_room

__all__ = [
    "BLUEPRINTS",
    "anomalies",
    "cancelled",
    "mode",
    "place",
    "rules",
    "stranded",
    "triage",
    "zones",
]

BLUEPRINTS = (manage, changes, descriptions, manage_room)
