"""What becomes of a slip that the reception has ordered from a printer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

FETCHED_WITHIN = timedelta(minutes=3)
"""How long an order stands; nobody waits longer for a slip, and the visitor has long left."""


class SlipOutcome(StrEnum):
    """What a printer tells of a slip. UNCONFIRMED: it does not know whether it came out.
    NOT_PRINTED: certainly nothing on paper, or the staff have said so.
    """

    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    NOT_PRINTED = "not_printed"


class OrderState(StrEnum):
    """Where an order stands. ORDERED: the printer has said nothing yet. LAPSED: it never did, so
    nobody knows.
    """

    ORDERED = "ordered"
    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    NOT_PRINTED = "not_printed"
    LAPSED = "lapsed"


def judge_order(ordered_at: datetime, told: SlipOutcome | None, now: datetime) -> OrderState:
    """Where an order stands, by what its printer told last (None: nothing yet)."""
    if told is not None:
        return OrderState(told.value)
    return OrderState.ORDERED if now < ordered_at + FETCHED_WITHIN else OrderState.LAPSED


def is_news(before: SlipOutcome | None, told: SlipOutcome) -> bool:
    """Whether a printer's word changes anything. What came out did so for good: a late repeat of
    an earlier word is none.
    """
    return told is not before and before is not SlipOutcome.PRINTED
