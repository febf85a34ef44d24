"""Managers' pages."""

from . import anomalies, mode, rules, stranded
from .devices import manage
from .hours import changes
from .room import zones
from .room.page import manage_room

__all__ = ["BLUEPRINTS", "anomalies", "mode", "rules", "stranded", "zones"]

BLUEPRINTS = (manage, changes, manage_room)
