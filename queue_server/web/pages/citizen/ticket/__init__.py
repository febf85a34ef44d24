"""A visitor's own ticket: following it, moving it, cancelling it."""

from . import find, move, offline, own_steps, page

__all__ = ["find", "move", "offline", "own_steps", "page"]
