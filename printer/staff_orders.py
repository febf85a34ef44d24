"""What staff have this machine do from the devices page: told with the answer to a heartbeat."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from printer.printing import Printer, utc_now
from printer.spool.job import UnknownJob, WrongJobState
from queue_server.protocol.messages import DeviceOrder, Slip

REMEMBERED = 50
"""More orders than the server lists at once: none is carried out twice."""

log = logging.getLogger("antrean.printer")


class StaffOrders:
    """Carries out each order once. An order is listed until it lapses, so one that fails is tried
    again with the next heartbeat.
    """

    def __init__(self, printer: Printer, clock: Callable[[], datetime] = utc_now) -> None:
        self._printer, self._clock = printer, clock
        self._done: deque[str] = deque(maxlen=REMEMBERED)

    def carry_out(self, orders: Sequence[DeviceOrder]) -> None:
        """Do what is new among the orders. None of them can end the loop that calls this."""
        for order in orders:
            if order.id in self._done:
                continue
            try:
                self._do(order)
                self._done.append(order.id)
                log.info("order %s done: %s", order.id, order.kind)
            except Exception:
                log.exception("order %s cannot be carried out", order.id)

    def _do(self, order: DeviceOrder) -> None:
        if order.kind in ("came_out", "not_out"):
            try:
                self._printer.resolve_unconfirmed(order.job, order.kind == "came_out")
            except (UnknownJob, WrongJobState):
                log.info("job %s is not in question any more", order.job)
        elif order.kind == "roll_changed":
            self._printer.change_roll()
        elif order.kind == "test_print":
            self._printer.submit(_test_slip(order.id, self._clock()))
        else:
            log.warning("order %s is of a kind that this version does not know", order.kind)


def _test_slip(order: str, now: datetime) -> Slip:
    """A slip nobody can take for a number. The same order gives the same job."""
    return Slip(
        id=f"test-{order}",
        code="",
        number="TES",
        stream="",
        stream_name="",
        office="",
        office_name="Antrean",
        service="",
        service_name="Uji coba printer",
        issued_at=now.astimezone().isoformat(timespec="seconds"),
        place="",
        url="",
    )


def question_facts(printer: Printer) -> dict[str, str]:
    """The facts of a heartbeat that name the job for which staff have to answer first."""
    waiting = printer.unconfirmed()
    if not waiting:
        return {}
    first = min(waiting, key=lambda job: job.created_at)
    return {"unconfirmed_job": first.id, "unconfirmed_number": first.slip.number}
