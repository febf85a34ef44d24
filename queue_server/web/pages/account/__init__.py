"""Signing in, the own password and second factor, log-ins, and accounts."""

from . import confirm, first_administrator, password, sessions, staff_acts, staff_link, staff_place
from .factors import asking, own, passkeys, service
from .sign_in import account
from .staff import staff_accounts
from .tokens import own_tokens

__all__ = [
    "BLUEPRINTS",
    "asking",
    "confirm",
    "first_administrator",
    "own",
    "passkeys",
    "password",
    "service",
    "sessions",
    "staff_acts",
    "staff_link",
    "staff_place",
]

BLUEPRINTS = (account, staff_accounts, own_tokens)
