"""Steering an office: standstill, lent counters, announcements, alerts."""
