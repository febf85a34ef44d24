"""The zones of an office."""
