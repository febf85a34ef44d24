"""Signing in, the own password, and accounts."""

from . import password
from .sign_in import account
from .staff import staff_accounts

__all__ = ["BLUEPRINTS", "password"]

BLUEPRINTS = (account, staff_accounts)
