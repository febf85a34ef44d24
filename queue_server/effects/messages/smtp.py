"""The mail server: its address, a connection to it, and handing mail in."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from .port import Refused

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and in whose name. `implicit_tls` is smtps; otherwise STARTTLS is
    used wherever it is offered.
    """

    host: str
    port: int
    sender: str
    implicit_tls: bool = False
    user: str | None = None
    password: str | None = None


class NoEncryption(smtplib.SMTPException):
    """The server offers no TLS, and a password would travel in the open."""


def parse_mail_server(url: str, fallback_host: str) -> MailServer:
    """`smtp://[USER:PASSWORD@]HOST[:PORT][?from=ADDRESS]`, or `smtps://` for TLS from the start.
    Raises `ValueError`.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("use smtp://HOST:PORT or smtps://HOST:PORT")
    implicit = parts.scheme == "smtps"
    sender = parse_qs(parts.query).get("from", [f"antrean@{fallback_host}"])[0]
    user, password = (unquote(each) if each else None for each in (parts.username, parts.password))
    return MailServer(
        parts.hostname, parts.port or (465 if implicit else 25), sender, implicit, user, password
    )


class Mailbag:
    """Hands mails in one after the other, over one connection as long as it is good."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage) -> None:
        """Raises `Refused` if the server does not take mail for the address, after which the
        connection is still good; `OSError`, `SMTPException`.
        """
        try:
            self._smtp = self._smtp or connect(self._server)
            self._smtp.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next((code for code, _text in refused.recipients.values()), 0)
            # A 5xx answer will be the same tomorrow.
            raise Refused(code, is_final=500 <= code < 600) from None
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Hang up. The next mail opens a new connection."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def connect(server: MailServer) -> smtplib.SMTP:
    """Open a connection and sign in. A password never travels in the open, but to this very
    machine. Raises `OSError`, `SMTPException`.
    """
    context = ssl.create_default_context()
    if server.implicit_tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        encrypted = server.implicit_tls
        if not encrypted and smtp.has_extn("starttls") and not _is_loopback(server.host):
            smtp.starttls(context=context)
            smtp.ehlo()
            encrypted = True
        if server.user is not None and server.password is not None:
            if not encrypted and not _is_loopback(server.host):
                raise NoEncryption()
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
