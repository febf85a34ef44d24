"""Signing in, the own password, and accounts."""

from . import password, staff_place
from .sign_in import account
from .staff import staff_accounts
from .tokens import own_tokens

__all__ = ["BLUEPRINTS", "password", "staff_place"]

BLUEPRINTS = (account, staff_accounts, own_tokens)
