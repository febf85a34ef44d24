"""Which adapters send messages, and which service signs people in, as the settings say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .effects.messages.console import ConsoleSender
from .effects.messages.gateway import Gateway, GatewaySender, parse_template
from .effects.messages.mail import MailSender
from .effects.messages.port import Sender
from .effects.messages.smtp import parse_mail_server
from .effects.outbox import Senders
from .settings import CONSOLE, BadSettings, Settings

if TYPE_CHECKING:
    from .effects.access.sign_in_service import SignInService


def make_senders(settings: Settings) -> Senders:
    """The adapters. Raises `BadSettings` for a file that cannot be read, or a template that cannot
    be used.
    """
    letters: Sender | None = None
    alerts: Sender | None = None
    reports: Sender | None = None
    if settings.smtp_url:
        server = parse_mail_server(settings.smtp_url, settings.host_name)
        letters, alerts, reports = (MailSender(server) for _ in range(3))
    return Senders(letters, _make_phone(settings), alerts, reports)


def read_signing_key(settings: Settings) -> bytes | None:
    """The key that server and gateway share; None where requests are not signed and no receipts
    are taken. Raises `BadSettings`.
    """
    if settings.gateway_signing_key_file is None:
        return None
    return _read(settings.gateway_signing_key_file).encode()


def make_sign_in_service(settings: Settings) -> SignInService | None:
    """The office's own sign-in service, or None. Raises `BadSettings`."""
    if settings.oidc_issuer is None:
        return None
    if not settings.oidc_client_id:
        raise BadSettings("ANTREAN_OIDC_CLIENT_ID: the sign-in service needs it")
    # Its library takes a fifth of a second to load, and most servers need none.
    from .effects.access.sign_in_service import SignInService

    secret = settings.oidc_client_secret_file
    return SignInService(
        settings.oidc_issuer, settings.oidc_client_id, None if secret is None else _read(secret)
    )


def _make_phone(settings: Settings) -> Sender | None:
    if settings.gateway_url is None:
        return None
    if settings.gateway_url == CONSOLE:
        return ConsoleSender()
    try:
        template = parse_template(settings.gateway_body, settings.gateway_format)
    except ValueError as error:
        raise BadSettings(f"ANTREAN_GATEWAY_BODY: {error}") from None
    header = None
    if settings.gateway_secret_file is not None:
        name, _colon, value = settings.gateway_header.partition(":")
        header = name, value.strip().replace("{secret}", _read(settings.gateway_secret_file))
    return GatewaySender(
        Gateway(
            settings.gateway_url,
            template,
            header,
            read_signing_key(settings),
            settings.gateway_timeout_seconds,
        )
    )


def _read(path: Path) -> str:
    try:
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: {error}") from None
    if not secret or not secret.isascii() or not secret.isprintable():
        raise BadSettings(f"{path}: holds no secret of one line")
    return secret
