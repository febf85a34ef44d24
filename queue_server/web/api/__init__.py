"""The HTTP API of the contract, `/api/v1`: one small function for each operation, described once for code and document."""
from . import devices, public, rooms, staff
from .operations import api

__all__ = ["api", "devices", "public", "rooms", "staff"]
