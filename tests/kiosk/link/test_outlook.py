"""What keeps a kiosk at work, and what cuts it off."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import cast

import pytest

from kiosk.link.clock import Machine, OfficeClock
from kiosk.link.outlook import Outlook, TokenRevoked
from kiosk.link.watch import LinkWatch
from kiosk.records.database import Records
from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.messages import (
    DeviceOrder,
    DeviceSelf,
    Heartbeat,
    HeartbeatAnswer,
    OfficeOffer,
)

OFFER = OfficeOffer("3674", "Dukcapil", "Asia/Jakarta", "NORMAL", True, "2026-11-23T09:00:00+07:00")

ORDER = DeviceOrder("2026-11-23-7", "roll_changed")


class Server:
    """Answers two looks, then revokes the token; `connected` is what the kiosk thought before
    each.
    """

    def __init__(
        self, folder: Path, heartbeat: Exception | None = None, second_look: Exception | None = None
    ) -> None:
        self.noticed: list[OfficeOffer] = []
        self.obeyed: list[DeviceOrder] = []
        records = Records(folder / "journal.sqlite3")
        machine = Machine(lambda: 1000.0, lambda: 50.0, "boot", keeps_time=True)
        self.clock = OfficeClock(records, machine)
        self.outlook = Outlook(
            cast(QueueClient, self),
            lambda: Heartbeat("build"),
            self.obeyed.extend,
            LinkWatch(lambda: 0),
            self.clock,
            self.noticed.append,
        )
        self._heartbeat = heartbeat
        self._looks: list[Exception | None] = [None, second_look, Refused(401, "unauthorized")]
        self.connected: list[bool] = []
        self.asked_who = 0

    def device_self(self) -> DeviceSelf:
        self.asked_who += 1
        return DeviceSelf("d1", "kiosk", "Pintu", "3674", "active")

    def offer(self, office: str) -> OfficeOffer:
        self.connected.append(self.outlook.connected)
        self.outlook.refresh_soon()
        answer = self._looks.pop(0)
        if answer is not None:
            raise answer
        return dataclasses.replace(OFFER, office=office)

    def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatAnswer:
        if self._heartbeat is not None:
            raise self._heartbeat
        return HeartbeatAnswer((ORDER,))


@pytest.mark.parametrize("problem", [None, Refused(422, "bad_input"), ServerUnreachable("500")])
def test_a_lost_or_refused_heartbeat_takes_no_numbers_from_visitors(
    tmp_path: Path, problem: Exception | None
) -> None:
    server = Server(tmp_path, heartbeat=problem)
    with pytest.raises(TokenRevoked):
        server.outlook.follow()
    assert server.connected == [False, True, True]
    assert (server.outlook.connected, server.outlook.offer) == (False, None)
    assert [each.now for each in server.noticed] == [OFFER.now] * len(server.noticed) != []
    assert server.clock.guess().isoformat() == OFFER.now
    assert server.obeyed == ([ORDER] if problem is None else []), "nothing new for five seconds"


def test_a_heartbeat_with_a_revoked_token_cuts_the_kiosk_off(tmp_path: Path) -> None:
    server = Server(tmp_path, heartbeat=Refused(401, "unauthorized"))
    with pytest.raises(TokenRevoked):
        server.outlook.follow()
    assert server.connected == [False]


def test_a_kiosk_that_was_given_to_another_office_asks_which_it_is(tmp_path: Path) -> None:
    server = Server(tmp_path, second_look=Refused(404, "unknown_office"))
    with pytest.raises(TokenRevoked):
        server.outlook.follow()
    assert server.asked_who == 2
