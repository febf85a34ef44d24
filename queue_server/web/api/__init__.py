"""The HTTP API of the contract, `/api/v1`: one small function for each operation, described once
for code and document.
"""

from . import door
from .audit import events
from .citizen import availability, booking, tickets, triage, waitlist
from .counter import counters, remarks, remote, steps
from .device import devices, help_calls, leases
from .manage import (
    anomalies,
    changes,
    descriptions,
    displays,
    holidays,
    modes,
    rooms,
    rules,
    slip_design,
    stranded,
    stranded_list,
    structure,
    triage_figures,
)
from .operations import api
from .reception import at_reception, choosing, visits
from .supervisor import dashboard, orders

__all__ = [
    "anomalies",
    "api",
    "availability",
    "booking",
    "changes",
    "counters",
    "at_reception",
    "choosing",
    "descriptions",
    "devices",
    "displays",
    "door",
    "events",
    "help_calls",
    "holidays",
    "leases",
    "modes",
    "orders",
    "remarks",
    "remote",
    "rooms",
    "rules",
    "slip_design",
    "steps",
    "stranded",
    "stranded_list",
    "structure",
    "tickets",
    "triage",
    "triage_figures",
    "visits",
    "waitlist",
    "dashboard",
]
