"""Rows of a server that strangers keep busy: twenty people sign in at once, again and again, sixty
sockets talk as fast as they are let, and three hundred connections say nothing.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import looks, server, stage
from benchmarks.report import Row
from queue_server.domain.access.accounts import User
from queue_server.services.access import passwords, sessions
from queue_server.store.writer.database import Database
from tests.faults import hostile, morning

CLERKS = [f"petugas{number}" for number in range(20)]
BUSY_SECONDS = 20.0


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'calm.db'}"
        stage.prepare(url)
        password = secrets.token_urlsafe(12)
        _add_clerks(url, password)
        with server.serve(url, folder, server.add_people(url)) as served:
            address = f"http://127.0.0.1:{served.port}"
            walk_in = {"service": "REK"}
            code = served.post(f"/offices/{stage.OFFICE}/tickets", served.kiosk, walk_in)["code"]
            idle = looks.look_at_rest(served)
            with ExitStack() as load:
                signing_in = load.enter_context(
                    morning.playing(address, CLERKS, password, BUSY_SECONDS)
                )
                talking = load.enter_context(
                    hostile.talking(address, stage.OFFICE, code, BUSY_SECONDS)
                )
                busy = looks.look_while(
                    served, lambda: signing_in.poll() is None or talking.poll() is None
                )
                signed_in = json.loads(signing_in.communicate()[0])
                said = json.loads(talking.communicate()[0])
        if signed_in["others"] or signed_in["signed_in"] < len(CLERKS) or not said["answered"]:
            raise RuntimeError(f"not the load that was meant: {signed_in}, {said}")
        yield from looks.slowest_rows(
            f"{len(CLERKS)} sign-ins at once, {hostile.CONNECTIONS} hostile sockets, "
            f"{morning.SILENT} silent connections",
            idle,
            busy,
        )


def _add_clerks(url: str, password: str) -> None:
    """Twenty people with one password, which is hashed once."""
    database, hashed = Database(url), passwords.hash_password(password)
    for name in CLERKS:
        user = User(name, name, name.title(), "clerk", stage.OFFICE)
        database.write([], partial(sessions.add_user, user=user, password_hash=hashed))
    database.close()
