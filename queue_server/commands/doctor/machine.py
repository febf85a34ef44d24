"""The machine under the server: that it can be written to, its clock, its port, Redis, backups."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from http.client import HTTPException

from sqlalchemy.exc import SQLAlchemyError

from queue_server.causes import say_cause, say_database_error
from queue_server.commands.backup import open_backup
from queue_server.domain.visit.clock import JUMP
from queue_server.effects.probe import say_jump
from queue_server.key_files import read_key
from queue_server.services.backup import files
from queue_server.services.backup.encryption import MissingCipher
from queue_server.services.backup.manifest import BadBackup
from queue_server.services.backup.restoring import check_backup
from queue_server.settings import BadSettings
from queue_server.store import clock_jumps
from queue_server.store import probes as probe_store
from queue_server.store.soundness import try_to_write

from .check import Check, Patient, well

SECONDS = 5
BACKUP_EVERY = timedelta(hours=36)
"""A backup is made every night, and a night may be late."""


def check_write(patient: Patient) -> Check:
    """That a row can be written; it is taken back."""
    try:
        try_to_write(patient.settings.database_url)
    except SQLAlchemyError as error:
        return Check(
            "write",
            False,
            say_database_error(error),
            "let the user of the server write the database: ls -l its file and folder "
            "(chown antrean:), or in PostgreSQL the rights and default_transaction_read_only",
        )
    return well("write", "a row can be written")


def check_clock(patient: Patient) -> Check:
    """Whether the machine's clock was set within the last hour, as the server has seen it, or is
    behind what the database has seen already.
    """
    now, to_do = patient.now, "timedatectl: set the time right, and keep it by NTP"
    with patient.database.read() as connection:
        jump = clock_jumps.find_recent(connection, now)
        known = [
            clock_jumps.find_newest_event(
                connection, now.date() - timedelta(days=1), now.date() + timedelta(days=1)
            ),
            probe_store.find_last(connection),
        ]
    if jump is not None:
        return Check("clock", False, f"{say_jump(jump)} within the last hour", to_do)
    latest: datetime = max([each for each in known if each is not None], default=now)
    if latest > now + JUMP:
        behind = f"is {(latest - now) / timedelta(minutes=1):.0f} min behind the database"
        return Check("clock", False, behind, to_do)
    return well("clock", "was not set within the last hour")


def check_port(patient: Patient) -> Check:
    """Whether somebody else sits on the port of the server."""
    address = f"127.0.0.1:{patient.port}"
    request = urllib.request.Request(
        f"http://{address}/version", headers={"Host": patient.settings.trusted_hosts[0]}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            told = json.loads(answer.read(10_000))
        is_ours = isinstance(told, dict) and {"version", "build"} <= set(told)
    except urllib.error.HTTPError as refused:
        is_ours = refused.code == 421  # another Antrean's host name
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            return well("port", f"nobody listens on {address}: no server runs there")
        is_ours = False
    except (OSError, ValueError, HTTPException):
        is_ours = False
    if is_ours:
        return well("port", f"a server of Antrean answers on {address}")
    return Check(
        "port",
        False,
        f"another program answers on {address}",
        f"ss -ltnp 'sport = {patient.port}' names it: stop it, or set PORT in server.env and in "
        "the site of nginx",
    )


def check_redis(patient: Patient) -> Check:
    """That several processes can hear of each other."""
    url = patient.settings.redis_url
    if url is None:
        return well("redis", "not used: one process")
    from redis import Redis
    from redis.exceptions import RedisError

    client = Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        client.ping()
    except (RedisError, OSError) as error:
        return Check(
            "redis",
            False,
            f"does not answer: {type(error).__name__}",
            "systemctl start redis-server, or mend ANTREAN_REDIS_URL",
        )
    finally:
        client.close()
    return well("redis", "answers")


def check_backups(patient: Patient) -> Check:
    """That the newest backup is of the last night, and can be read to its end with the key."""
    folder, key_file = patient.settings.backup_dir, patient.settings.backup_key_file
    if folder is None:
        return well("backups", "not watched: ANTREAN_BACKUP_DIR names no folder")
    again = f"antrean backup {folder}" + (f" --key {key_file}" if key_file else "")
    timer = f"{again}; systemctl status antrean-backup.timer antrean-backup.service says why"
    newest = files.find_newest(folder)
    if newest is None:
        return Check("backups", False, f"there is none in {folder}", timer)
    age = datetime.now(patient.now.tzinfo) - files.made_at(newest)
    if age > BACKUP_EVERY:
        return Check("backups", False, f"{newest} is {age.days} days old", timer)
    if key_file is not None and not key_file.exists():
        to_do = "bring the key of the backups back from where its copy is kept"
        return Check("backups", False, f"there is no key {key_file}", to_do)
    try:
        secret = None if key_file is None else read_key(key_file)
        manifest = check_backup(lambda: open_backup(newest, secret))
    except (BadBackup, BadSettings, MissingCipher) as error:
        to_do = f"if the key is the right one, make another backup now: {again}"
        return Check("backups", False, f"{newest} cannot be read: {error}", to_do)
    except (OSError, io.UnsupportedOperation) as error:
        to_do = f"let the user of the server read it, or make another: {again}"
        return Check("backups", False, f"{newest} cannot be read: {say_cause(error)}", to_do)
    return well("backups", f"{newest}: {manifest.rows} rows, whole")
