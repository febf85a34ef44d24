"""Tickets, and the events that tell of them."""
