"""Choosing an office and a service."""

from . import earliest, offices

__all__ = ["earliest", "offices"]
