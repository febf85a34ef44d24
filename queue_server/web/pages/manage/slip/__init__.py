"""Managers' pages on the printed slip: what the office adds to it, and how it looks."""
