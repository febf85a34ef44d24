"""The design system on one page: every component in every state. Registered in the demo only."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template

from ..protocol.messages import WaitRange
from .auth import public
from .booking import SlotChoice
from .wording import STATE_BADGES, state_words

gallery = Blueprint("gallery", __name__)

_FIRST = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
_FREE = (4, 3, 0, 2, 1, 0)


@gallery.get("/gallery")
@public
def show() -> str:
    """Render the components with invented content."""
    slots = [SlotChoice(f"s{n}", _FIRST + timedelta(minutes=15 * n), free) for n, free in enumerate(_FREE)]
    return render_template(
        "gallery.html", sample_slots=slots, sample_wait=WaitRange(10, 20), states=state_words(), badges=STATE_BADGES
    )
