"""The HTTP API of the contract, `/api/v1`: one small function for each operation, described once
for code and document.
"""

from . import door
from .audit import events
from .citizen import availability, booking, tickets, triage, waitlist
from .counter import counters, remarks, remote, steps
from .device import devices, help_calls, leases
from .device import slips as device_slips
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
from .province import board, many
from .reception import at_reception, choosing, overview, visits
from .reception import slips as reception_slips
from .supervisor import dashboard, orders
from .visit import booker

__all__ = [
    "anomalies",
    "api",
    "availability",
    "booker",
    "board",
    "booking",
    "changes",
    "counters",
    "at_reception",
    "choosing",
    "descriptions",
    "device_slips",
    "devices",
    "displays",
    "door",
    "events",
    "help_calls",
    "holidays",
    "leases",
    "many",
    "modes",
    "orders",
    "overview",
    "reception_slips",
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
