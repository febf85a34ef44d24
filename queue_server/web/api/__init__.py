"""The HTTP API of the contract, `/api/v1`: one small function for each operation, described once
for code and document.
"""

from . import booking, counter, devices, door, remarks, supervisor, tickets, waitlist
from .manage import anomalies, changes, holidays, modes, rooms, rules, stranded
from .operations import api
from .reception import desk as reception

__all__ = [
    "anomalies",
    "api",
    "booking",
    "changes",
    "counter",
    "devices",
    "door",
    "holidays",
    "modes",
    "reception",
    "remarks",
    "rooms",
    "rules",
    "stranded",
    "supervisor",
    "tickets",
    "waitlist",
]
