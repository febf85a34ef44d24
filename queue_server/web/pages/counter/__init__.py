"""The clerk's console."""

from .page import counter

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (counter,)
