"""systemd hears of an agent while all its loops come round, and not of one that hangs."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from queue_server.protocol.watchdog import LOOP_LATE_SECONDS, Notifier, Pulse, watch_over


class Done(Exception):
    """Ends the loop under test."""


@pytest.fixture
def systemd(tmp_path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(tmp_path / "notify"))
    listener.settimeout(5)
    return listener


def test_it_is_told_that_all_loops_are_alive_and_which_hangs(
    systemd: socket.socket, tmp_path: Path
) -> None:
    now = [0.0]
    pulse = Pulse(lambda: now[0])
    for loop in ("report", "orders"):
        pulse.beat(loop)
    heard: list[str] = []

    def sleep(_seconds: float) -> None:
        heard.append(systemd.recv(200).decode())
        if len(heard) == 1:
            heard.append(systemd.recv(200).decode())
        now[0] += LOOP_LATE_SECONDS
        pulse.beat("report")
        if len(heard) == 4:
            raise Done

    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    with pytest.raises(Done):
        watch_over(pulse.late, notifier, sleep)
    assert heard == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "STATUS=stuck: orders"]
    systemd.close()


@pytest.mark.parametrize("address", [None, "", "/no/such/socket"])
def test_without_systemd_an_agent_runs_all_the_same(address: str | None) -> None:
    assert not Notifier({} if address is None else {"NOTIFY_SOCKET": address}).tell("READY=1")


def test_a_loop_beats_when_it_lies_down() -> None:
    now, slept = [0.0], []
    pulse = Pulse(lambda: now[0])
    rest = pulse.sleeping("report", slept.append)
    now[0] = LOOP_LATE_SECONDS + 1
    assert pulse.late() == ["report"]
    rest(1.0)
    assert (pulse.late(), slept) == ([], [1.0])
