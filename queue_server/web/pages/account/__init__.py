"""Signing in, the own password and second factor, log-ins, and accounts."""

from . import confirm, password, sessions, staff_acts, staff_link
from .factors import asking, own, passkeys, service
from .sign_in import account
from .staff import staff_accounts

__all__ = [
    "BLUEPRINTS",
    "asking",
    "confirm",
    "own",
    "passkeys",
    "password",
    "service",
    "sessions",
    "staff_acts",
    "staff_link",
]

BLUEPRINTS = (account, staff_accounts)
