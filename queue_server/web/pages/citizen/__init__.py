"""The pages of citizens: choosing an office, booking, the ticket, the waitlist, the rules."""

from . import booking, choosing, ticket, waitlist
from .blueprint import pages
from .rules import page as rules

__all__ = ["BLUEPRINTS", "booking", "choosing", "rules", "ticket", "waitlist"]

BLUEPRINTS = (pages,)
