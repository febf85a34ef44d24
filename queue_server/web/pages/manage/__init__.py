"""Managers' pages."""

from . import anomalies, cancelled, mode, rules, stranded, triage
from .devices import manage
from .hours import changes
from .room import zones
from .room.page import manage_room

__all__ = ["BLUEPRINTS", "anomalies", "cancelled", "mode", "rules", "stranded", "triage", "zones"]

BLUEPRINTS = (manage, changes, manage_room)
