"""Booking a visit, step by step."""

from . import confirm, contact_proof, details, line, steps

__all__ = ["confirm", "contact_proof", "details", "line", "steps"]
