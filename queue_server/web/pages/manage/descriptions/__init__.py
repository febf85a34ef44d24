"""Managers' pages on what the public is told of their office and its services."""
