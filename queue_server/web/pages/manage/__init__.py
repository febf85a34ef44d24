"""Managers' pages."""

from queue_server.web.pages.manage.room.page import manage_room

from . import anomalies, mode, rules, stranded
from .devices import manage
from .hours import changes

__all__ = ["BLUEPRINTS", "anomalies", "mode", "rules", "stranded", "zones"]

BLUEPRINTS = (manage, changes, manage_room)
