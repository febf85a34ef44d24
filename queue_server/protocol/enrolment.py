"""How a new device is paired: a code on its own screen, approved by a manager, then a token on
disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from .client import QueueClient, Refused, ServerUnreachable
from .messages import Pairing

POLL_SECONDS = 2.0
UNREACHABLE_SECONDS = 5.0


class TokenFile:
    """A device's token on disk: one line, readable by its owner only, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> str | None:
        """The stored token, or None if this device is not paired. A damaged file counts as no
        token, because no server would accept it.
        """
        try:
            token = self.path.read_bytes().strip()
        except FileNotFoundError:
            return None
        return token.decode() if re.fullmatch(rb"[!-~]+", token) else None

    def write(self, token: str) -> None:
        """Store `token` before it is used: afterwards the server gives out no other."""
        write_whole(self.path, token.encode("ascii") + b"\n")

    def forget(self) -> None:
        """Drop a token that the server no longer accepts."""
        self.path.unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Make an agent's folder, new or existing, accessible to its owner only: its files allow a
    reader to act as the device.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that a crash leaves the old content or the new, never a part of it. Mode
    0600.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def enrol(
    client: QueueClient,
    kind: str,
    show: Callable[[Pairing | None], None],
    sleep: Callable[[float], None],
) -> str:
    """Wait until a manager has approved this device as a `kind`. Returns its token.

    `show` receives each pairing whose code is to be shown on the screen, and None while there is
    none (server unreachable). After a code has expired or was refused, a new one follows. Returns
    only when the token is there.
    """
    while True:
        try:
            pairing = client.request_pairing(kind)
        except (Refused, ServerUnreachable):
            show(None)
            sleep(UNREACHABLE_SECONDS)
            continue
        show(pairing)
        token = _collect(client, pairing, sleep)
        if token is not None:
            return token


def _collect(client: QueueClient, pairing: Pairing, sleep: Callable[[float], None]) -> str | None:
    while True:
        sleep(POLL_SECONDS)
        try:
            token = client.collect_token(pairing.id, pairing.secret)
        except ServerUnreachable:
            continue
        except Refused as refusal:
            if refusal.status == 429:
                sleep(UNREACHABLE_SECONDS)
                continue
            return None
        if token is not None:
            return token
