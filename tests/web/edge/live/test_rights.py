"""Which audience is for whom."""

from __future__ import annotations

import pytest

from queue_server.web.edge.live.sockets import AUDIENCES
from tests.fixtures.application import HOME
from tests.fixtures.live_server import LiveServer

AT_COUNTER = {"clerk", "supervisor", "manager", "admin"}
AT_DOOR = AT_COUNTER | {"reception", "guard"}
RIGHTS = {
    "board": None,
    "desk": AT_COUNTER,
    "door": AT_DOOR,
    "dashboard": {"supervisor", "manager", "province", "admin"},
    "reception": AT_COUNTER | {"reception"},
    "help": AT_DOOR,
    "device": AT_DOOR | {"kiosk", "display", "printer"},
}
"""Who may watch an audience of their office; None means anybody."""


def test_every_audience_has_its_line() -> None:
    assert set(AUDIENCES) - {"ticket"} == set(RIGHTS), "a ticket's is for who has its code"


@pytest.mark.parametrize(
    "who",
    [
        None,
        "clerk",
        "supervisor",
        "manager",
        "admin",
        "province",
        "auditor",
        "reception",
        "guard",
        "sensor",
        "kiosk",
        "display",
        "printer",
        "clerk_elsewhere",
        "manager_elsewhere",
        "kiosk_elsewhere",
    ],
)
def test_each_audience_is_for_those_it_is_for(live_server: LiveServer, who: str | None) -> None:
    with live_server.screen(who) as screen:
        for audience, allowed in RIGHTS.items():
            answer = screen.watch(audience, HOME)
            if allowed is None or who in allowed:
                assert answer["office"] == HOME, (audience, answer)
            else:
                assert answer == {"error": "unauthorized" if who is None else "forbidden"}, (
                    audience,
                    who,
                )
