"""The supervisor's pages."""

from . import audit, audit_file, conflicts
from .page import supervise

__all__ = ["BLUEPRINTS", "audit", "audit_file", "conflicts"]

BLUEPRINTS = (supervise,)
