"""What these tests share: nothing of the setting up is left to be relayed when they begin."""

from __future__ import annotations

import pytest

from queue_server.effects.relay import Relay
from tests.fixtures.application import House


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> None:
    """Relay the making of the slots, of which every day has one event, to nobody."""
    name = next((each for each in ("both_houses", "house") if each in request.fixturenames), None)
    if name is not None:
        house: House = request.getfixturevalue(name)
        while Relay(house.database, {}, house.clock).step():
            pass
