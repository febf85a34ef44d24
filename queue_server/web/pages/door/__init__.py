"""The guard's page."""

from .page import door

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (door,)
