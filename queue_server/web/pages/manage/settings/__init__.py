"""Managers' pages on what an office is made of, how that came to be so, and finding a setting."""
