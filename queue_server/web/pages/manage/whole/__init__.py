"""An office as one thing: its file, a copy of it, closing it, deleting it."""
