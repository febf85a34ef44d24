"""Signing in, the own password and second factor, log-ins, and accounts."""

from . import confirm, password, sessions, staff_acts
from .factors import asking, own, passkeys
from .sign_in import account
from .staff import staff_accounts

__all__ = [
    "BLUEPRINTS",
    "asking",
    "confirm",
    "own",
    "passkeys",
    "password",
    "sessions",
    "staff_acts",
]

BLUEPRINTS = (account, staff_accounts)
