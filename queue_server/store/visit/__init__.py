"""Tickets, the events that tell of them, and letters to visitors."""
