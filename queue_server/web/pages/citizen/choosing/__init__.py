"""Choosing an office and a service."""

from . import earliest, offices, triage

__all__ = ["earliest", "offices", "triage"]
