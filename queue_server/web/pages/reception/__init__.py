"""The reception's page."""

from . import daily_list
from .page import reception

__all__ = ["BLUEPRINTS", "daily_list"]

BLUEPRINTS = (reception,)
