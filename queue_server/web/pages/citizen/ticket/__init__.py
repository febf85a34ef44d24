"""A visitor's own ticket: following it, keeping it, moving it, cancelling it."""

from . import cancel, files, find, lost, move, offline, own_steps, page

__all__ = ["cancel", "files", "find", "lost", "move", "offline", "own_steps", "page"]
