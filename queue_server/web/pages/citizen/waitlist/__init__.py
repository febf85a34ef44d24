"""Waiting for a place that somebody gives up."""

from . import page

__all__ = ["page"]
