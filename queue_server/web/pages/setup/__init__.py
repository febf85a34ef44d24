"""The first set-up of an office, step by step."""

from . import contents, room, week
from .begin import setup

__all__ = ["BLUEPRINTS", "contents", "room", "week"]

BLUEPRINTS = (setup,)
