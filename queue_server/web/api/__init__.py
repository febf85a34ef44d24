"""The HTTP API of the contract, `/api/v1`: one small function for each operation, described once for code and document."""
from . import (
    anomalies,
    booking,
    changes,
    desk,
    devices,
    door,
    holidays,
    modes,
    public,
    reception,
    rooms,
    rules,
    staff,
    stranded,
    supervise,
    waitlist,
)
from .operations import api

__all__ = [
    "anomalies", "api", "booking", "changes", "desk", "devices", "door", "holidays", "modes", "public", "reception", "rooms", "rules",
    "staff", "stranded", "supervise", "waitlist",
]
