"""Faults of an installation, each provoked for real: what breaks, and which check finds it."""

from __future__ import annotations

import http.server
import os
import socketserver
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import make_url

from queue_server.cli import main
from queue_server.domain.door.offline import Conflict, ConflictReason
from queue_server.domain.events import EventType, RecordedEvent
from queue_server.domain.office.hours import Hours
from queue_server.effects.chain import ChainDelivery
from queue_server.effects.reactions import Reaction
from queue_server.effects.relay import Relay
from queue_server.services.office import offices
from queue_server.store import clock_jumps, tables
from queue_server.store.access import devices as device_store
from queue_server.store.clock_jumps import ClockJump
from queue_server.store.door import conflicts as conflict_store
from tests.fixtures.application import HOME, TODAY, House, make_office
from tests.fixtures.emptied import run
from tests.fixtures.parts import find_program, need
from tests.fixtures.services import free_port

OTHER_KEY = "0f" * 32


@dataclass
class Ward:
    """An installation to break: its house, settings to take instead of its own, and what has to be
    mended afterwards.
    """

    house: House
    folder: Path
    after: ExitStack
    changes: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def is_sqlite(self) -> bool:
        return self.house.settings.database_url.startswith("sqlite")

    def execute(self, *statements: sa.Executable) -> None:
        for each in statements:
            self.house.database.write([], lambda tx, each=each: tx.change(each))

    def relay_all(self) -> None:
        while Relay(self.house.database, {}, self.house.clock).step():
            pass


Provoke = Callable[[Ward], None]
EVERYWHERE: dict[str, tuple[str, Provoke]] = {}
"""Faults of the database: name -> the check that finds it, and how it is made. On both kinds."""
AROUND: dict[str, tuple[str, Provoke]] = {}
"""Faults of files, settings and neighbours."""


def fault(table: dict[str, tuple[str, Provoke]], name: str, check: str) -> Callable[..., Provoke]:
    def note(provoke: Provoke) -> Provoke:
        table[name] = (check, provoke)
        return provoke

    return note


@fault(EVERYWHERE, "the database cannot be written", "write")
def forbid_writing(ward: Ward) -> None:
    url = make_url(ward.house.settings.database_url)
    if not ward.is_sqlite:
        name = f'DATABASE "{url.database}"'
        run(url, f"ALTER {name} SET default_transaction_read_only = on")
        ward.after.callback(run, url, f"ALTER {name} RESET default_transaction_read_only")
        return
    # SQLite keeps files of this process open for the next connection, so it gets another file.
    file = copy_database(ward, ward.folder / "locked.db")
    if os.geteuid() != 0:
        file.chmod(0o444)
        return
    chattr = find_program("chattr")
    if chattr is None or subprocess.run([chattr, "+i", file], capture_output=True).returncode:
        pytest.skip("root writes every file here")
    ward.after.callback(subprocess.run, [chattr, "-i", file], check=True)


def copy_database(ward: Ward, target: Path) -> Path:
    """Let the installation use a copy of its SQLite file."""
    source = str(make_url(ward.house.settings.database_url).database)
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
    ward.changes["database_url"] = f"sqlite:///{target}"
    return target


@fault(EVERYWHERE, "the database is of another release", "schema")
def take_another_release(ward: Ward) -> None:
    known = sa.text("UPDATE alembic_version SET version_num = '9999'")
    with ward.house.database.read() as connection:
        before = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    ward.execute(known)
    back = sa.text(f"UPDATE alembic_version SET version_num = '{before}'")
    ward.after.callback(ward.execute, back)


@fault(EVERYWHERE, "the NIK key is not the one of the data", "nik key")
def swap_the_nik_key(ward: Ward) -> None:
    ward.house.settings.nik_key_file.write_text(OTHER_KEY)


@fault(EVERYWHERE, "the clock jumped", "clock")
def jump(ward: Ward) -> None:
    seen = ClockJump(ward.house.clock(), 3_600)
    ward.house.database.write([], lambda tx: clock_jumps.add(tx, seen))


@fault(EVERYWHERE, "the clock is behind", "clock")
def go_back(ward: Ward) -> None:
    ward.house.walk_in()
    ward.house.clock.pass_by(hours=-3)


@fault(EVERYWHERE, "what follows from events is not done", "relay")
def stop_the_relay(ward: Ward) -> None:
    ward.house.walk_in()
    ward.house.clock.pass_by(minutes=10)
    ward.house.application.probe.step()


@fault(EVERYWHERE, "a reaction keeps failing", "reactions")
def fail_a_reaction(ward: Ward) -> None:
    def fail(_recorded: RecordedEvent) -> None:
        raise RuntimeError("the other side is away")

    ward.house.walk_in()
    failing = dict.fromkeys(EventType, (Reaction("broken", fail),))
    Relay(ward.house.database, failing, ward.house.clock).step()


@fault(EVERYWHERE, "a row of the log was changed", "log")
def forge_the_log(ward: Ward) -> None:
    ward.house.walk_in()
    while ChainDelivery(ward.house.database, ward.house.clock).step():
        pass
    forged = tables.events.update().where(
        tables.events.c.office == HOME, tables.events.c.type == EventType.WALKED_IN.value
    )
    ward.execute(forged.values(facts={"forged": True}))


@fault(EVERYWHERE, "the chain of the log stands still", "log chain")
def stop_the_chain(ward: Ward) -> None:
    ward.house.walk_in()
    ward.relay_all()
    ward.house.clock.pass_by(hours=2)
    ward.house.application.probe.step()


@fault(EVERYWHERE, "visitors are not forgotten", "forgetting")
def never_forget(ward: Ward) -> None:
    ward.house.walk_in()
    ward.house.clock.pass_by(days=14)


@fault(EVERYWHERE, "nobody may administer", "administrators")
def lose_the_administrators(ward: Ward) -> None:
    ward.execute(tables.users.update().where(tables.users.c.role == "admin").values(active=False))


@fault(EVERYWHERE, "an office has no hours and no counters", "offices")
def add_an_empty_office(ward: Ward) -> None:
    office = make_office("9103")
    empty = replace(office, counters=(), hours=Hours())
    ward.house.database.write([], lambda tx: offices.add_office(tx, empty))


def say(ward: Ward, minutes_ago: int, **health: str) -> None:
    """Let the kiosk have said something some time ago."""
    ward.house.clock.pass_by(minutes=minutes_ago + 1)
    heard = device_store.Heard(ward.house.clock() - timedelta(minutes=minutes_ago), health)
    key = (HOME, ward.house.people.token_ids["kiosk"])
    ward.house.database.write([], lambda tx: device_store.note_heard(tx, {key: heard}))


@fault(EVERYWHERE, "a kiosk is silent", "devices")
def silence_the_kiosk(ward: Ward) -> None:
    say(ward, 60, printer="ready")


@fault(EVERYWHERE, "a printer has no paper", "devices")
def take_the_paper(ward: Ward) -> None:
    say(ward, 0, printer="paper_out")


@fault(EVERYWHERE, "what a kiosk gave by itself does not fit", "kiosk reports")
def leave_a_conflict(ward: Ward) -> None:
    now, kiosk = ward.house.clock(), ward.house.people.token_ids["kiosk"]
    lease = {"id": "lease", "device": kiosk, "installation": "one", "office": HOME, "date": TODAY}
    lease |= {"state": "ACTIVE", "epoch": 1, "granted_at": now, "offline_until": now}
    ward.execute(tables.leases.insert().values(lease))
    conflict = Conflict(
        "c1",
        HOME,
        TODAY,
        "lease",
        kiosk,
        "item",
        "A501",
        ConflictReason.MODE_CHANGED,
        None,
        {},
        now,
    )
    ward.house.database.write([], lambda tx: conflict_store.add(tx, conflict))


@fault(AROUND, "the disk is nearly full", "disk")
def fill_the_disk(ward: Ward) -> None:
    small = ward.folder / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount")
    ward.after.callback(subprocess.run, ["umount", "--lazy", str(small)], check=True)
    copy_database(ward, small / "antrean.db")


@fault(AROUND, "a key can be read by others", "keys")
def open_a_key(ward: Ward) -> None:
    ward.house.settings.secret_key_file.chmod(0o644)


@fault(AROUND, "a secret file is missing", "senders")
def lose_a_secret(ward: Ward) -> None:
    ward.changes |= {
        "gateway_url": "https://gateway.contoh.id/send",
        "gateway_secret_file": ward.folder / "missing",
    }


@fault(AROUND, "the public address is not https", "address")
def go_without_tls(ward: Ward) -> None:
    ward.changes |= {"public_url": "http://antrean.contoh.id", "trusted_hosts": "antrean.contoh.id"}


@fault(AROUND, "the host of the address is not trusted", "address")
def distrust_the_host(ward: Ward) -> None:
    ward.changes["public_url"] = "https://antrean.contoh.id"


@fault(AROUND, "the certificate ends soon", "certificate")
def let_the_certificate_end(ward: Ward) -> None:
    need("openssl", find_program("openssl"), "install the package openssl")
    file = ward.folder / "fullchain.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    make += ["-nodes", "-subj", "/CN=antrean.contoh.id", "-days", "10", "-out", str(file)]
    make += ["-keyout", str(ward.folder / "privkey.pem")]
    subprocess.run(make, check=True, capture_output=True)
    ward.changes["certificate_file"] = file


@fault(AROUND, "the mail server is away", "mail server")
def lose_the_mail_server(ward: Ward) -> None:
    ward.changes["smtp_url"] = f"smtp://127.0.0.1:{free_port()}"


class _RefusesPasswords(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 loopback\r\n")
        while line := self.rfile.readline().upper():
            if line.startswith(b"EHLO"):
                self.wfile.write(b"250-loopback\r\n250 AUTH PLAIN\r\n")
            elif line.startswith(b"AUTH"):
                self.wfile.write(b"535 no\r\n")
            else:
                self.wfile.write(b"221 bye\r\n")
                return


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@fault(AROUND, "the password of the mail server is wrong", "mail server")
def forget_the_mail_password(ward: Ward) -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _RefusesPasswords)
    port = ward.after.enter_context(_serving(server))
    ward.changes["smtp_url"] = f"smtp://antrean:geheim@127.0.0.1:{port}"


@fault(AROUND, "the voice pack is missing", "voice")
def lose_the_voice(ward: Ward) -> None:
    ward.changes["voice_dir"] = ward.folder / "voice"


@fault(AROUND, "Redis is away", "redis")
def lose_redis(ward: Ward) -> None:
    pytest.importorskip("redis")
    ward.changes["redis_url"] = f"redis://127.0.0.1:{free_port()}"


@fault(AROUND, "another program has the port", "port")
def take_the_port(ward: Ward) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    ward.port = ward.after.enter_context(_serving(server))


@fault(AROUND, "PostgreSQL cannot be reached", "database")
def lose_postgresql(ward: Ward) -> None:
    pytest.importorskip("psycopg")
    ward.changes["database_url"] = f"postgresql+psycopg://antrean@127.0.0.1:{free_port()}/antrean"


@fault(AROUND, "the database file is damaged", "database")
def damage_the_file(ward: Ward) -> None:
    copy = copy_database(ward, ward.folder / "damaged.db")
    content = bytearray(copy.read_bytes())
    content[4096 * 3 : 4096 * 40] = bytes(4096 * 37)
    copy.write_bytes(content)


def back_up(ward: Ward) -> Path:
    """A real backup, encrypted, of now."""
    folder, key = ward.folder / "backups", ward.folder / "backup.key"
    folder.mkdir()
    settings = ward.house.settings
    environ = {
        "ANTREAN_DATABASE_URL": settings.database_url,
        "ANTREAN_NIK_KEY_FILE": str(settings.nik_key_file),
    }
    done = CliRunner().invoke(main, ["backup", str(folder), "--key", str(key)], env=environ)
    assert done.exit_code == 0, done.output
    ward.changes |= {"backup_dir": folder, "backup_key_file": key}
    return next(folder.iterdir())


@fault(AROUND, "there is no backup", "backups")
def never_back_up(ward: Ward) -> None:
    ward.changes["backup_dir"] = ward.folder / "backups"


@fault(AROUND, "the last backup is old", "backups")
def stop_backing_up(ward: Ward) -> None:
    file = back_up(ward)
    old = datetime.now(UTC) - timedelta(days=5)
    file.rename(file.with_name(f"antrean-{old:%Y%m%dT%H%M%SZ}.backup"))


@fault(AROUND, "the last backup is damaged", "backups")
def damage_the_backup(ward: Ward) -> None:
    file = back_up(ward)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@fault(AROUND, "the key of the backups is another one", "backups")
def swap_the_backup_key(ward: Ward) -> None:
    back_up(ward)
    ward.changes["backup_key_file"].write_text(OTHER_KEY)
