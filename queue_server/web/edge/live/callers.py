"""How many connections on the live channel one address may hold, and how long a connection may say
nothing.

Those who have said who they are, by a token or a log-in, count for nobody: the screens of an office
and its staff often share one address with all its visitors. Who is refused still sees everything: a
page asks over HTTP when it cannot listen.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HELLO_SECONDS = 10.0
"""How long a connection may stand before it has told what it wants. A browser does so at once."""


def network_of(address: str) -> str:
    """Whom an address belongs to: one IPv4 address, or an IPv6 network, of which one household has
    a whole one.
    """
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(host, ipaddress.IPv4Address):
        return str(host)
    return str(host.ipv4_mapped or ipaddress.ip_network((host, 64), strict=False))


@dataclass
class _Caller:
    """An open connection, silent since a moment. `counted`: it stands under its address."""

    network: str
    connection: Any
    since: float
    is_free: bool
    counted: bool = False


class Callers:
    """All open connections of a process. `most` is how many strangers of one address may listen;
    None sets no limit.

    `is_free` says of a request's environment whether its address is not counted at all.
    """

    def __init__(
        self,
        most: int | None,
        is_free: Callable[[Mapping[str, Any]], bool] = lambda _environ: False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self.is_free = is_free
        self._monotonic = monotonic
        self._open: dict[str, _Caller] = {}
        self._silent: dict[str, dict[str, _Caller]] = {}
        self._counts: dict[str, int] = {}

    def arrive(self, network: str, connection: Any, *, is_free: bool = False) -> None:
        """A connection stands and has said nothing yet.

        Of those of one address that say nothing only as many may stand as may listen; the one that
        has waited longest goes.
        """
        caller = self._open[connection.sid] = _Caller(
            network, connection, self._monotonic(), is_free
        )
        silent = self._silent.setdefault(network, {})
        silent[connection.sid] = caller
        if self._most is not None and not is_free and len(silent) > self._most:
            self._close(next(iter(silent.values())))

    def admit(self, sid: str, *, is_known: bool) -> bool:
        """Let a connection listen that has told what it wants. False if its address has as many
        strangers as it may have.
        """
        caller = self._open.get(sid)
        if caller is None:
            return False
        if not is_known and not caller.is_free:
            count = self._counts.get(caller.network, 0)
            if self._most is not None and count >= self._most:
                return False
            self._counts[caller.network] = count + 1
            caller.counted = True
        self._drop_silent(caller)
        return True

    def forget(self, sid: str) -> None:
        """A connection listens no more, but still stands: it may say anew what it wants."""
        caller = self._open.get(sid)
        if caller is not None:
            self._uncount(caller)
            caller.since = self._monotonic()
            self._silent.setdefault(caller.network, {})[sid] = caller

    def leave(self, connection: Any) -> None:
        """A connection is over."""
        caller = self._open.pop(connection.sid, None)
        if caller is not None:
            self._uncount(caller)
            self._drop_silent(caller)

    def step(self) -> int:
        """Close the connections that have stood too long without telling what they want. Returns
        how many.
        """
        since = self._monotonic() - HELLO_SECONDS
        late = [
            each
            for silent in self._silent.values()
            for each in silent.values()
            if each.since <= since
        ]
        for each in late:
            self._close(each)
        return len(late)

    @property
    def count(self) -> int:
        """How many connections stand."""
        return len(self._open)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many strangers listen, by address."""
        return self._counts

    def _uncount(self, caller: _Caller) -> None:
        if not caller.counted:
            return
        caller.counted = False
        left = self._counts[caller.network] - 1
        if left:
            self._counts[caller.network] = left
        else:
            del self._counts[caller.network]

    def _drop_silent(self, caller: _Caller) -> None:
        silent = self._silent.get(caller.network, {})
        silent.pop(caller.connection.sid, None)
        if not silent:
            self._silent.pop(caller.network, None)

    def _close(self, caller: _Caller) -> None:
        self._drop_silent(caller)
        caller.connection.close(wait=False)
