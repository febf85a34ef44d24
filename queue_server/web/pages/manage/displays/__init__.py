"""Managers' pages: the screens of an office, how they are and how they are set."""
