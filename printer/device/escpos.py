"""A thermal printer that speaks ESC/POS over any transport."""

from __future__ import annotations

import time
from collections.abc import Callable

from printer.claims import Claim
from printer.device.device import Outcome
from printer.device.paper import measure_escpos_mm
from printer.device.profile import PrinterProfile
from printer.device.status import (
    STATUS_QUERIES,
    UNASKED_STATUS_BYTES,
    PrinterState,
    Reading,
    ack_confirms,
    is_ack,
    is_garbage,
    is_status_reply,
    is_unasked_status,
    read_status,
    status_query,
)
from printer.device.transport import DeviceFailed, TimeLimits, Transport
from queue_server.protocol.messages import Slip


class EscposDevice:
    """A thermal printer. `claim` gives the lock of its address, so that it has one owner at a time
    on this machine; it raises `DeviceUnreachable` while another process prints.
    """

    remembers = False

    def __init__(
        self,
        connect: Callable[[], Transport],
        profile: PrinterProfile,
        limits: TimeLimits,
        claim: Callable[[], Claim | None] = lambda: None,
    ) -> None:
        self._connect, self.profile, self.limits, self._claim = connect, profile, limits, claim

    def render(self, slip: Slip) -> bytes:
        from printer.slip.thermal import render_thermal

        return render_thermal(slip, self.profile)

    def measure_mm(self, document: bytes) -> float:
        return measure_escpos_mm(document)

    def connect(self) -> tuple[Transport, Claim | None]:
        """A bare connection and the lock to release after it. Raises `DeviceUnreachable`."""
        claim = self._claim()
        try:
            return self._connect(), claim
        except BaseException:
            if claim is not None:
                claim.release()
            raise

    def open(self) -> EscposSession:
        transport, claim = self.connect()
        return EscposSession(
            transport, self.limits, self.profile.status if transport.can_read else "none", claim
        )


class EscposSession:
    """How far the printer's word is asked is `status`, as in `PrinterProfile`."""

    def __init__(
        self, transport: Transport, limits: TimeLimits, status: str, claim: Claim | None = None
    ) -> None:
        self._transport, self._limits, self._status = transport, limits, status
        self._claim = claim
        self._waiting = False
        self._late_ack: int | None = None
        self._garbage = False

    def read_state(self) -> Reading:
        if self._status == "none":
            return _read_fault(self._transport.check())
        replies: dict[int, int] = {}
        for number in STATUS_QUERIES:
            self._transport.write(status_query(number), self._limits.status_s)
            reply = self._await(is_status_reply, self._limits.status_s)
            if reply is not None:
                replies[number] = reply
            elif number == 1:
                break  # a silent printer would stay silent three more times
        if self._garbage:  # its answers prove nothing, an acknowledgement least of all
            return Reading(PrinterState.UNKNOWN, "garbage")
        return read_status(replies)

    def send(self, document: bytes, slip: Slip) -> Outcome:
        if self._status == "none":
            self._transport.write(document, self._limits.send_s)
            return Outcome.PRINTED
        until = time.monotonic() + self._limits.status_s
        while self._transport.read(0.0):  # an earlier job's answer must not count for this one
            if time.monotonic() > until:
                raise DeviceFailed("talks_without_end")
        if self._status == "query":
            return self._send_and_look(document)
        from printer.slip.thermal import ACK_REQUEST

        self._waiting = True
        # The request is sent last, in one piece with the slip, so that its answer comes after the
        # slip is printed.
        self._transport.write(document + ACK_REQUEST, self._limits.send_s)
        return self._judge(self._await(is_ack, self._limits.ack_s))

    def settle(self, slip: Slip) -> Outcome:
        if not self._waiting:
            raise DeviceFailed("not_asked")
        late, self._late_ack = self._late_ack, None
        return self._judge(self._await(is_ack, 0.001) if late is None else late)

    def close(self) -> None:
        self._transport.close()
        if self._claim is not None:
            self._claim.release()

    def _send_and_look(self, document: bytes) -> Outcome:
        """For a printer without `GS r`: on paper, if it is well right after the slip and again once
        it has had the time to print it.
        """
        self._transport.write(document, self._limits.send_s)
        if not self.read_state().state.can_print:
            return Outcome.UNKNOWN
        self._await(lambda _: False, self._limits.settle_s)
        return Outcome.PRINTED if self.read_state().state.can_print else Outcome.UNKNOWN

    def _judge(self, ack: int | None) -> Outcome:
        if ack is None or self._garbage or not ack_confirms(ack):
            return Outcome.UNKNOWN
        self._waiting = False
        return Outcome.PRINTED

    def _await(self, wanted: Callable[[int], bool], limit_s: float) -> int | None:
        """The first byte of the wanted kind within the limit; others (late or unrequested answers)
        are skipped, but an acknowledgement that is still expected is kept.
        """
        until = time.monotonic() + limit_s
        passed_over = 0
        answer: int | None = None
        while answer is None and (left := until - time.monotonic()) > 0:
            for byte in self._transport.read(left):
                if passed_over:
                    passed_over -= 1
                elif is_unasked_status(byte):
                    passed_over = UNASKED_STATUS_BYTES - 1
                elif answer is None and wanted(byte):
                    answer = byte
                elif is_ack(byte):
                    self._late_ack = byte if self._waiting else None
                elif is_garbage(byte):
                    self._garbage = True
        return answer


def _read_fault(fault: str) -> Reading:
    if fault == "paper_out":
        return Reading(PrinterState.PAPER_OUT)
    return Reading(PrinterState.OFFLINE, fault) if fault else Reading(PrinterState.READY, _SILENT)


_SILENT = "not_asked"
