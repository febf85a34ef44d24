"""Managers' pages on the room and its zones."""
