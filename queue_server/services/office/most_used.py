"""The services that an office shows first, counted once a day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy.engine import Connection

from queue_server.domain.office.most_used import choose_most_used, counted_dates
from queue_server.domain.office.office import Office
from queue_server.store.office import demand


class MostUsed:
    """Remembers for each office the services that were most used before its present day. They are
    counted anew when a day or a revision of the office begins.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, date, tuple[str, ...]]] = {}

    def list(
        self, read: Callable[[], AbstractContextManager[Connection]], office: Office, today: date
    ) -> tuple[str, ...]:
        """The codes of the services to show first, the most used first."""
        known = self._known.get(office.code)
        if known is not None and known[:2] == (office.revision, today):
            return known[2]
        with read() as connection:
            visits = demand.count_visits(connection, office.code, *counted_dates(today))
        chosen = choose_most_used(office.services, visits)
        self._known[office.code] = (office.revision, today, chosen)
        return chosen
