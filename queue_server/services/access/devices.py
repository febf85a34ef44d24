"""Pairing kiosks, displays and printers: a code on the device's screen, approved by a manager, cut
off when revoked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from queue_server.domain.door.leases import LeaseAction
from queue_server.domain.errors import BadInput, PairingExpired, UnknownDevice
from queue_server.domain.events import EventType
from queue_server.domain.office.devices.behind import Version, read_behind
from queue_server.domain.office.devices.health import admit_facts
from queue_server.domain.office.devices.troubles import read_installation
from queue_server.domain.visit.numbering import CODE_ALPHABET
from queue_server.protocol.messages import Heartbeat
from queue_server.services.places.leased import end_leases_of
from queue_server.store.access import devices as device_store
from queue_server.store.access import displays as display_store
from queue_server.store.access import tokens as token_store
from queue_server.store.access.devices import Device
from queue_server.store.access.tokens import Token
from queue_server.store.writer.transaction import Transaction

from . import displays, log
from .sessions import add_token, hash_secret, new_secret

PAIRING_TIME = timedelta(minutes=15)
UNPAIRED_KEPT = timedelta(days=1)
PAIRING_CODE_LENGTH = 6
KINDS = ("kiosk", "display", "printer", "sensor")


@dataclass(frozen=True)
class PairingDraw:
    """The random part of a pairing."""

    id: str
    code: str
    secret: str


def draw_pairing() -> PairingDraw:
    """Draw a device id, a code that people read off a screen, and the secret the device polls
    with.
    """
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(PAIRING_CODE_LENGTH))
    return PairingDraw(secrets.token_hex(8), code, new_secret())


def request_pairing(tx: Transaction, kind: str, pairing: PairingDraw, now: datetime) -> Device:
    """Note a device that asks to be paired. Raises `BadInput` for an unknown kind."""
    if kind not in KINDS:
        raise BadInput(field="kind", reason="choice")
    device = Device(
        id=pairing.id,
        kind=kind,
        name="",
        office=None,
        state="PENDING",
        requested_at=now,
        pairing_code=pairing.code,
        secret_hash=hash_secret(pairing.secret),
        expires_at=now + PAIRING_TIME,
    )
    device_store.add(tx, device)
    return device


def approve(
    tx: Transaction, pairing_code: str, office: str, name: str, by: str, now: datetime
) -> Device:
    """Let the device that shows this code work for an office. A second press gives the device as it
    was approved. Must declare today.

    Raises `UnknownDevice`, `PairingExpired`.
    """
    settings = tx.office(office)
    device = device_store.find_by_code(tx, pairing_code.strip().upper())
    if now > device.requested_at + PAIRING_TIME:
        raise PairingExpired()
    if device.state == "PENDING":
        device_store.move_on(tx, device, "APPROVED", office=settings.code, name=name or device.kind)
        log.note(
            tx,
            EventType.DEVICE_APPROVED,
            settings.code,
            by,
            now,
            device=device.id,
            kind=device.kind,
        )
        if device.kind == displays.DISPLAY:
            displays.add_settings(tx, settings.code, device.id)
        device = device_store.find(tx, device.id)
    if device.office != settings.code or device.state == "REVOKED":
        raise UnknownDevice(
            device=pairing_code
        )  # another office was quicker; whose it is now concerns nobody here
    return device


def collect_token(
    tx: Transaction, device: str, secret: str, token: str, now: datetime
) -> tuple[Device, bool]:
    """Hand an approved device its token. The flag tells whether it was approved; `token` is then
    good.

    Only hashes are kept, so whoever asks again because the answer was lost is given a new token,
    and the one that was lost is revoked: there is one good token at any time. Once it has been
    used, nothing more is handed out.

    Raises `UnknownDevice` for a wrong secret as for a wrong id, `PairingExpired`.
    """
    paired = device_store.find(tx, device)
    if paired.secret_hash is None or not secrets.compare_digest(
        paired.secret_hash, hash_secret(secret)
    ):
        raise UnknownDevice(device=device)
    if paired.state == "PENDING" and paired.expires_at is not None and now <= paired.expires_at:
        return paired, False
    if not device_store.hand_over(tx, paired):
        raise PairingExpired()
    token_store.revoke_tokens_of_device(tx, paired.office, device, now)
    add_token(
        tx,
        Token(secrets.token_hex(8), paired.name, paired.kind, paired.office, device=device),
        token,
        now,
    )
    return device_store.find(tx, device, paired.office), True


def add_paired(
    tx: Transaction, kind: str, office: str, name: str, token: str, now: datetime
) -> Device:
    """Set up a device that needs no pairing, because the same program starts both ends."""
    pairing = draw_pairing()
    device = Device(
        pairing.id, kind, name, office, "PAIRED", now, secret_hash=hash_secret(pairing.secret)
    )
    device_store.add(tx, device)
    if kind == displays.DISPLAY:
        displays.add_settings(tx, office, device.id)
    add_token(tx, Token(secrets.token_hex(8), name, kind, office, device=device.id), token, now)
    return device


def add_sensor(
    tx: Transaction, office: str, name: str, token: str, by: str, now: datetime
) -> Device:
    """Set up a counting sensor, which has no screen to show a pairing code on. Must declare
    today.
    """
    device = add_paired(tx, "sensor", office, name, token, now)
    log.note(tx, EventType.DEVICE_APPROVED, office, by, now, device=device.id, kind=device.kind)
    return device


def revoke(tx: Transaction, office: str | None, device: str, by: str, now: datetime) -> Device:
    """Cut a device off. `office` None may revoke any. Must declare today of its office; the
    leases of other days are ended by the upkeep. Raises `UnknownDevice`.
    """
    paired = device_store.find(tx, device, office)
    device_store.update(
        tx, paired.office, device, state="REVOKED", pairing_code=None, secret_hash=None
    )
    token_store.revoke_tokens_of_device(tx, paired.office, device, now)
    display_store.forget(tx, device)
    if paired.state != "REVOKED":
        log.note(
            tx, EventType.DEVICE_REVOKED, paired.office, by, now, device=device, kind=paired.kind
        )
    if paired.office is not None:
        end_leases_of(tx, device, paired.office, LeaseAction.REVOKE, by, now)
    return device_store.find(tx, device, paired.office)


def forget_unpaired(tx: Transaction, now: datetime) -> int:
    """Delete devices that nobody had approved a day after their code ran out: anybody may ask for a
    pairing. Returns how many.
    """
    return device_store.forget_unpaired(tx, now - UNPAIRED_KEPT)


def note_heartbeat(
    tx: Transaction, office: str | None, device: str, health: dict[str, Any], now: datetime
) -> None:
    """Note that a device lives, and what is kept of what it says. Raises `UnknownDevice`."""
    device_store.find(tx, device, office)
    device_store.update(tx, office, device, seen_at=now, health=health)


def read_health(
    device: Device, heartbeat: Heartbeat, now: datetime, board: Version | None = None
) -> dict[str, Any]:
    """What is kept of a heartbeat. `board` is the version of the board that a screen should show
    by now; None for what is no screen.
    """
    facts = {"build": heartbeat.build, **admit_facts(heartbeat.facts)}
    if board is not None:
        facts = read_behind(device.health, facts, board, now)
    return read_installation(device.health, facts, now, device.seen_at or device.requested_at)
