"""Passkeys: registering them, and signing in with one. What they sign is a challenge of ours, bound
to who asked for it, good for some minutes and once.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from queue_server.domain.access.accounts import User, is_leading
from queue_server.domain.errors import NoSecondFactor, WrongPasskey
from queue_server.domain.events import EventType
from queue_server.services.access import log
from queue_server.store import idempotency
from queue_server.store.access import passkeys as store
from queue_server.store.access import second_factors
from queue_server.store.access.passkeys import Passkey
from queue_server.store.writer.transaction import Transaction

from .codes import keep_recovery_codes

if TYPE_CHECKING:
    # Few have passkeys: what reads them takes 10 MB, and is imported with the first one.
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

GOOD_FOR = timedelta(minutes=5)
NONCE_BYTES, TIME_BYTES, MARK_BYTES = 16, 8, 32
PASSKEYS_MAX = 10


@dataclass(frozen=True)
class Site:
    """For which site passkeys are: its name, and the origins of its pages."""

    name: str
    origins: tuple[str, ...]


def draw_challenge(secret_key: bytes, bound: str, now: datetime) -> bytes:
    """A challenge for whoever `bound` names: the use and the log-in or browser that asks."""
    told = secrets.token_bytes(NONCE_BYTES) + int(now.timestamp()).to_bytes(TIME_BYTES, "big")
    return told + _mark(secret_key, bound, told)


def _mark(secret_key: bytes, bound: str, told: bytes) -> bytes:
    return hmac.digest(secret_key, b"passkey:" + bound.encode() + b":" + told, "sha256")


def _read_challenge(
    secret_key: bytes, bound: str, credential: Mapping[str, Any], now: datetime
) -> bytes:
    """The challenge that was signed. Raises `WrongPasskey` for one that is not of ours, for
    another or too old; `ValueError`, `KeyError`, `TypeError` and the library's for what is none.
    """
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json

    signed = parse_client_data_json(
        base64url_to_bytes(credential["response"]["clientDataJSON"])
    ).challenge
    told, mark = signed[:-MARK_BYTES], signed[-MARK_BYTES:]
    if not hmac.compare_digest(mark, _mark(secret_key, bound, told)):
        raise WrongPasskey()
    drawn_at = int.from_bytes(told[NONCE_BYTES:], "big")
    if not 0 <= now.timestamp() - drawn_at <= GOOD_FOR.total_seconds() + 1:
        raise WrongPasskey()
    return signed


def _malformed() -> tuple[type[Exception], ...]:
    """What is raised for a credential that is none."""
    from webauthn.helpers.exceptions import WebAuthnException

    return ValueError, KeyError, TypeError, AttributeError, WebAuthnException


def offer_registration(
    site: Site, user: User, known: list[Passkey], challenge: bytes
) -> dict[str, Any]:
    """What a browser needs to make a passkey of this user; `known` are those there are."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Antrean",
        user_id=user.id.encode(),
        user_name=user.username,
        user_display_name=user.name,
        challenge=challenge,
        exclude_credentials=_describe(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json_dict(options)


def offer_sign_in(
    site: Site, known: list[Passkey], challenge: bytes, *, alone: bool
) -> dict[str, Any]:
    """What a browser needs to sign in with one of these; with none known, with any that it has for
    this site. `alone` as in `check_sign_in`.
    """
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        allow_credentials=_describe(known),
        user_verification=UserVerificationRequirement.REQUIRED
        if alone
        else UserVerificationRequirement.PREFERRED,
    )
    return options_to_json_dict(options)


def _describe(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.id)) for each in known]


@dataclass(frozen=True)
class Signed:
    """A credential that was checked: the passkey as it is by now, and what it has signed."""

    passkey: Passkey
    challenge: bytes


def check_registration(
    site: Site,
    secret_key: bytes,
    bound: str,
    user: User,
    name: str,
    credential: Mapping[str, Any],
    now: datetime,
) -> Signed:
    """The passkey that a browser has made. Raises `WrongPasskey`."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        challenge = _read_challenge(secret_key, bound, credential, now)
        made = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=list(site.origins),
        )
    except _malformed():
        raise WrongPasskey() from None
    id = bytes_to_base64url(made.credential_id)
    key = made.credential_public_key
    return Signed(Passkey(id, user.id, name, key, made.sign_count, now), challenge)


def check_sign_in(
    site: Site,
    secret_key: bytes,
    bound: str,
    passkey: Passkey,
    credential: Mapping[str, Any],
    now: datetime,
    *,
    alone: bool,
) -> Signed:
    """That a passkey has signed our challenge. `alone`: it stands in place of the password too, so
    the device must have checked who holds it. Raises `WrongPasskey`.
    """
    from webauthn import verify_authentication_response

    try:
        challenge = _read_challenge(secret_key, bound, credential, now)
        checked = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=list(site.origins),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=alone,
        )
    except _malformed():
        raise WrongPasskey() from None
    uses = checked.new_sign_count
    used = Passkey(
        passkey.id, passkey.user, passkey.name, passkey.public_key, uses, passkey.created_at, now
    )
    return Signed(used, challenge)


def add(tx: Transaction, user: User, signed: Signed, codes: list[str], now: datetime) -> bool:
    """Take a passkey into use. Returns whether `codes` became its user's recovery codes, as they do
    with the first second factor. Raises `WrongPasskey` for a challenge that was used, a passkey
    that is known, or one too many.
    """
    _use_up(tx, signed.challenge, now)
    factor = second_factors.lock(tx, user.id)
    if factor.passkeys >= PASSKEYS_MAX or not store.add(tx, signed.passkey):
        raise WrongPasskey()
    log.note(tx, EventType.SECOND_FACTOR_ADDED, user.office, user.id, now, kind="passkey")
    if not factor.exists:
        keep_recovery_codes(tx, user, codes, now)
    return not factor.exists


def use(tx: Transaction, signed: Signed, now: datetime) -> Mapping[str, object]:
    """Use a checked passkey for a sign-in, and say so, as facts of it. Raises `WrongPasskey` if it
    was removed, or its challenge or its count was used meanwhile.
    """
    _use_up(tx, signed.challenge, now)
    if not store.note_use(tx, signed.passkey.id, signed.passkey.uses, now):
        raise WrongPasskey()
    return {"way": "passkey"}


def remove(tx: Transaction, user: User, id: str, now: datetime, *, must_have: bool) -> bool:
    """Forget a passkey of one's own. Returns whether there was one. Raises `NoSecondFactor` for who
    must have a second factor and has no other.
    """
    factor = second_factors.lock(tx, user.id)
    is_last = not factor.has_app and factor.passkeys == 1
    if not store.remove(tx, user.id, id):
        return False
    if is_last and must_have and is_leading(user.role):
        raise NoSecondFactor()
    if is_last:
        second_factors.replace_recovery_codes(tx, user.id, ())
    log.note(tx, EventType.SECOND_FACTOR_REMOVED, user.office, user.id, now, kind="passkey")
    return True


def _use_up(tx: Transaction, challenge: bytes, now: datetime) -> None:
    """Raises `WrongPasskey` for a challenge that was used before."""
    key = sha256(challenge).hexdigest()
    if idempotency.recall(tx, "passkey-challenge", key, "") is not None:
        raise WrongPasskey()
    idempotency.remember(tx, "passkey-challenge", key, "", {}, now)
