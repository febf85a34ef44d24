"""Signing in, the own password, and accounts."""

from . import first_administrator, password
from .sign_in import account
from .staff import staff_accounts

__all__ = ["BLUEPRINTS", "first_administrator", "password"]

BLUEPRINTS = (account, staff_accounts)
