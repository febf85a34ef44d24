"""Telling other programs what happens: the loop, and the one way out to their addresses."""
