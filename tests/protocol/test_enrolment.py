"""A token at rest, and the pairing of a fresh device."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from queue_server.protocol.client import QueueClient, Refused, ServerUnreachable
from queue_server.protocol.enrolment import TokenFile, enrol
from queue_server.protocol.messages import Pairing


class ScriptedClient:
    """Stands in for QueueClient; each step is an answer or an error to raise."""

    def __init__(self, *steps: object) -> None:
        self.steps = list(steps)
        self.calls: list[tuple[str, ...]] = []

    def request_pairing(self, kind: str) -> object:
        self.calls.append(("pair", kind))
        return self._step()

    def collect_token(self, id: str, secret: str) -> object:
        self.calls.append(("collect", id))
        return self._step()

    def _step(self) -> object:
        step = self.steps.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


def pairing(id: str) -> Pairing:
    return Pairing(id, f"CODE{id}", f"secret-{id}", "2026-11-23T09:10:00+07:00")


def run(*steps: object) -> tuple[str, ScriptedClient, list[str | None]]:
    client, shown = ScriptedClient(*steps), []
    token = enrol(
        cast(QueueClient, client),
        "kiosk",
        lambda each: shown.append(each and each.pairing_code),
        lambda _: None,
    )
    return token, client, shown


def test_polls_until_a_manager_approves() -> None:
    token, client, shown = run(pairing("1"), None, None, "token")
    assert (token, shown) == ("token", ["CODE1"])
    assert client.calls == [("pair", "kiosk"), *[("collect", "1")] * 3]


def test_a_lost_poll_keeps_the_code_and_an_expired_one_brings_a_new_code() -> None:
    expired = Refused(410, "pairing_expired")
    token, client, shown = run(
        ServerUnreachable(),
        pairing("1"),
        ServerUnreachable(),
        Refused(429, "slow_down"),
        expired,
        pairing("2"),
        "token",
    )
    assert (token, shown) == ("token", [None, "CODE1", "CODE2"])


def test_a_token_is_kept_for_its_owner_alone_and_can_be_forgotten(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "state" / "token")
    assert file.read() is None
    file.write("first")
    file.write("second")
    assert file.read() == "second"
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.path.parent.iterdir()] == ["token"]
    file.forget()
    file.forget()
    assert file.read() is None


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\0" * 44, b"\xff\xfe", b"half\n\0\0", b"two\nlines"]
)
def test_an_empty_or_damaged_file_is_no_token(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    assert TokenFile(tmp_path / "token").read() is None
