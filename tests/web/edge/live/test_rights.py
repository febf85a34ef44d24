"""Which audience is for whom."""

from __future__ import annotations

import pytest

from tests.fixtures.application import HOME
from tests.fixtures.live_server import LiveServer

RIGHTS = {
    "board": {None, "clerk", "manager", "kiosk", "display", "printer", "clerk_elsewhere", "admin"},
    "desk": {"clerk", "manager", "supervisor", "admin"},
    "door": {"clerk", "manager", "supervisor", "admin", "guard"},
    "device": {"clerk", "manager", "supervisor", "admin", "guard", "kiosk", "display", "printer"},
}


@pytest.mark.parametrize(
    "who",
    [
        None,
        "clerk",
        "supervisor",
        "manager",
        "admin",
        "guard",
        "kiosk",
        "display",
        "printer",
        "clerk_elsewhere",
        "kiosk_elsewhere",
    ],
)
def test_each_audience_is_for_those_it_is_for(live_server: LiveServer, who: str | None) -> None:
    with live_server.screen(who) as screen:
        for audience, allowed in RIGHTS.items():
            answer = screen.watch(audience, HOME)
            if who in allowed or audience == "board":
                assert answer["office"] == HOME, (audience, answer)
            else:
                assert answer == {"error": "unauthorized" if who is None else "forbidden"}, (
                    audience,
                    who,
                )
