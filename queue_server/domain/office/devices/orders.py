"""What staff may have a device do from afar: answer for a slip that nobody knows of, a new roll, a
test slip, a test call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from queue_server.domain.errors import BadInput, Changed, NoPrinter

from .health import PrinterCode, read_printer

FETCHED_WITHIN = timedelta(minutes=2)
"""How long an order stands: who pressed the button has walked to the device by then."""

JOB_FACT = "unconfirmed_job"
"""The fact that names the print job for which staff have to answer first."""


class OrderKind(StrEnum):
    """What a device is asked to do. CAME_OUT and NOT_OUT answer for one job of its printer,
    TEST_CALL is for a screen.
    """

    CAME_OUT = "came_out"
    NOT_OUT = "not_out"
    ROLL_CHANGED = "roll_changed"
    TEST_PRINT = "test_print"
    TEST_CALL = "test_call"

    @property
    def answers_for_job(self) -> bool:
        return self in (OrderKind.CAME_OUT, OrderKind.NOT_OUT)


def admit_order(
    kind: OrderKind, device_kind: str, facts: Mapping[str, Any] | None, job: str
) -> None:
    """Check that a device can do what it is asked to, by its kind and the facts of its last
    heartbeat.

    Raises `BadInput` for a test call of what is no screen, `NoPrinter` for a device without one,
    `Changed` if the job asked about is not the one in question any more: the answer would be given
    for another slip.
    """
    if kind is OrderKind.TEST_CALL:
        if device_kind != "display":
            raise BadInput(field="order", reason="device")
        return
    if read_printer(facts) in (None, PrinterCode.NONE):
        raise NoPrinter
    if kind.answers_for_job and (not job or (facts or {}).get(JOB_FACT) != job):
        raise Changed
