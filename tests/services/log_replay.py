"""Tickets as the log alone tells them: each event's facts laid upon those before it, by no code of
the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from queue_server.store import tables

FROM_LOG = sorted(
    {each.name for each in tables.tickets.c}
    - {"id", "office", "code", "created_at", "language", "version"}
)
"""What of a ticket must follow from the log."""

_BEGIN: dict[str, Any] = dict.fromkeys(FROM_LOG) | {
    "calls": 0,
    "credit_minutes": 0,
    "reschedules": 0,
    "extensions": 0,
    "claim_span": 0,
    "kind": "OFFICE",
}


def plain(value: Any) -> Any:
    """A value as it stands in the facts of an event, moments in one spelling."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def replay_tickets(events: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Every ticket's last state. A visit moved to another day is told in two logs, which must fit
    together in just one way.

    Each event must find what it says it has changed.
    """
    logs: dict[str, dict[date, list[Any]]] = {}
    for event in events:
        # It names a visit that another day's log has moved here, and is no step of it.
        if event.ticket is not None and event.type != "places_taken":
            logs.setdefault(event.ticket, {}).setdefault(event.date, []).append(event)
    return {ticket: _replay(list(of.values())) for ticket, of in logs.items()}


def _replay(logs: list[list[Any]]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    while any(logs):
        fitting = [log for log in logs if log and _fits(known, log[0])]
        assert fitting, f"none of {[log[0].facts for log in logs if log]} goes on from {known}"
        event = min(fitting, key=lambda log: log[0].at).pop(0)
        if not known:
            told = {name: _moment(value) for name, value in event.facts.items() if name in _BEGIN}
            known = {**_BEGIN, "date": plain(event.date), **told}
        known |= {
            name: _moment(after) for name, (_, after) in event.facts.get("changed", {}).items()
        }
    return known


def _fits(known: dict[str, Any], event: Any) -> bool:
    changed = event.facts.get("changed")
    if changed is None:
        return not known or "state" not in event.facts
    return bool(known) and all(
        known[name] == _moment(before) for name, (before, _) in changed.items()
    )


def _moment(value: Any) -> Any:
    """Moments are told with whatever offset they came with."""
    if isinstance(value, str) and "T" in value:
        try:
            return datetime.fromisoformat(value).astimezone(UTC).isoformat()
        except ValueError:
            return value
    return value
