"""When a screen comes back to a server that was away, so that five hundred of them are back within
two seconds and no kiosk waits for them.
"""

from __future__ import annotations

SOONEST_SECONDS, SPREAD_SECONDS = 0.3, 1.0
"""A server that starts anew cuts off all screens in one moment: each tries again after its own
pause, and again, so whenever the server is there they come evenly over about a second.
"""

CALM_SECONDS = 10.0
"""Over how long screens that came back spread what is not urgent: reports, and the comparison over
HTTP.
"""


def pause_seconds(draw: float) -> float:
    """Seconds until a screen tries again; `draw` is a random number from 0 to 1."""
    return SOONEST_SECONDS + SPREAD_SECONDS * draw


def calm_seconds(draw: float) -> float:
    """Seconds from a screen's return to what is not urgent; `draw` as above."""
    return CALM_SECONDS * draw
