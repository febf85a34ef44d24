"""A visitor's own ticket: following it, moving it, cancelling it."""

from . import find, move, page

__all__ = ["find", "move", "page"]
