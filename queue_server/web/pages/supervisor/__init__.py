"""The supervisor's pages."""

from .page import supervise

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (supervise,)
