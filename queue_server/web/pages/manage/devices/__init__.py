"""Managers' pages: the devices of an office."""
