"""What the worker expects of any printer: a connection for each job, a state, and an honest answer
about what became of a slip.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from printer.device.status import Reading
from queue_server.protocol.messages import Slip


class Outcome(StrEnum):
    """What became of a slip. `nothing`: certainly not on paper, and it will not come out later."""

    PRINTED = "printed"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


class Session(Protocol):
    """One connection to a printer."""

    def read_state(self) -> Reading:
        """The printer's state now. Silence is a state, not an error. Raises `DeviceFailed` if the
        connection breaks.
        """

    def send(self, document: bytes, slip: Slip) -> Outcome:
        """Print. Raises `DeviceFailed`: the slip may be on paper or not."""

    def settle(self, slip: Slip) -> Outcome:
        """What became of a slip whose outcome was unknown, as far as this connection can tell now.
        Raises `DeviceFailed` if it never will.
        """

    def close(self) -> None:
        """Close the connection."""


class Device(Protocol):
    """A printer that can be connected to, once at a time. `remembers`: a new connection can still
    tell what became of an earlier slip.
    """

    @property
    def remembers(self) -> bool: ...

    def render(self, slip: Slip) -> bytes:
        """What will be sent for `slip`. Raises `SlipUnprintable`."""

    def measure_mm(self, document: bytes) -> float:
        """How much of a roll a document takes; 0 where no roll of ours is used."""

    def open(self) -> Session:
        """Open a connection. Raises `DeviceUnreachable`: nothing was sent."""
