"""The reception's page."""

from .page import reception

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (reception,)
