"""The kiosk's folder belongs to one agent at a time, and names its installation once."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from queue_server.protocol.enrolment import write_whole


class FolderInUse(ValueError):
    """Another agent works with the same folder: two writers would give one number twice."""


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep the folder for this process. It is free again after the block, or when the process ends
    in whatever way.

    Raises `FolderInUse`.
    """
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderInUse(
                f"{folder} is in use by another kiosk agent; only one may work with it"
            ) from None
        yield
    finally:
        os.close(lock)


def read_hardware() -> str:
    """What tells this machine from its twin: the board's serial number, or else the address of a
    network adapter; empty if neither can be read.
    """
    board = Path("/proc/device-tree/serial-number")
    if board.exists():
        return board.read_text(errors="replace").strip("\0 \n")
    adapters = Path("/sys/class/net").glob("*/device")
    return min((each.with_name("address").read_text().strip() for each in adapters), default="")


def installation_of(folder: Path, born: str, hardware: Callable[[], str] = read_hardware) -> str:
    """The random name of this installation, made once and kept beside the token of a `folder` that
    is held. `born` names the database.

    A copy of the folder, or of the whole disk in another machine, gets another name: the file says
    where it was made, and the lock beside it has another inode in a copied folder. So the server
    can tell two agents with one token apart. So does an agent whose database was lost: nobody knows
    which numbers of its lease are on paper.
    """
    made_at = f"{(folder / 'lock').stat().st_ino} {born} {hardware()}"
    place = hashlib.sha256(made_at.encode()).hexdigest()
    path = folder / "installation"
    known = path.read_text(encoding="ascii", errors="replace").split() if path.exists() else []
    if len(known) == 2 and known[1] == place:
        return known[0]
    name = secrets.token_hex(16)
    write_whole(path, f"{name} {place}\n".encode())
    return name
