"""The supervisor's pages."""

from . import conflicts
from .page import supervise

__all__ = ["BLUEPRINTS", "conflicts"]

BLUEPRINTS = (supervise,)
