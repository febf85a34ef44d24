"""Offices with their hours and modes."""
