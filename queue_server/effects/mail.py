"""Sends the e-mails that the office owes its visitors: after the commit, under a lease, tried again
with growing pauses.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from sqlalchemy.engine import Connection

from queue_server.causes import name_cause
from queue_server.domain.booking.contacts import Contact
from queue_server.domain.office.office import Office
from queue_server.domain.visit.letters import (
    NOTICES,
    Message,
    MessageKind,
    MessageState,
    is_needed,
    retry_after,
)
from queue_server.domain.visit.ticket import Ticket
from queue_server.store.booking import contacts as contact_store
from queue_server.store.booking import waitlist as waitlist_store
from queue_server.store.visit import letters as message_store
from queue_server.store.visit import tickets as ticket_store
from queue_server.store.writer.database import Database

log = structlog.get_logger()

STEP_SECONDS = 5.0
BATCH = 20
LEASE = timedelta(minutes=5)
"""Longer than sending one message may take, so that no other process begins on it meanwhile."""

TIMEOUT_SECONDS = 20.0


class Letter(Protocol):
    """A message in words."""

    @property
    def subject(self) -> str: ...

    @property
    def body(self) -> str: ...


Compose = Callable[[MessageKind, Office, Ticket | Contact], Letter]
"""Finds the words, in the language of whom they are for: they are the edge's matter."""


@dataclass(frozen=True)
class Addressee:
    """To whom a message goes, and what it is about."""

    address: str
    subject: Ticket | Contact


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


def _left_to_staff(message: Message, state: MessageState) -> MessageState:
    """What becomes of a message that cannot be sent. A notice would come too late, or was caused by
    outsiders: nobody is asked to call.
    """
    return MessageState.DONE if message.kind in NOTICES else state


def find_addressee(connection: Connection, message: Message, now: datetime) -> Addressee | None:
    """To whom a message goes; None when it has become needless, or its person is forgotten."""
    if message.kind is MessageKind.PROVE:
        contact = contact_store.find(connection, message.ticket)
        return (
            Addressee(contact.email, contact)
            if contact is not None and contact.email and contact.is_pending(now)
            else None
        )
    ticket = ticket_store.find(connection, message.ticket, message.office)
    visitor = ticket_store.find_visitor(connection, message.office, message.ticket)
    if message.kind is MessageKind.OFFER:
        entry = waitlist_store.find_offered(connection, message.office, message.ticket)
        if entry is not None:
            # Who waits knows the entry's code; that of the held ticket becomes theirs when they
            # take it.
            visitor, ticket = entry.visitor, replace(ticket, code=entry.code)
    return (
        Addressee(visitor.email, ticket)
        if visitor is not None and visitor.email and is_needed(message.kind, ticket.state)
        else None
    )


class Mailer:
    """One sender per process. Without a mail server every message is left to the staff, who see it
    in their list.
    """

    def __init__(
        self,
        database: Database,
        server: MailServer | None,
        compose: Compose,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._server = server
        self._compose = compose
        self._clock = clock
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stop.wait(STEP_SECONDS):
            try:
                self.step()
            except Exception as error:
                log.error("mail_failed", **name_cause(error))

    def stop(self) -> None:
        self._stop.set()

    def step(self) -> int:
        """Send what is due now, at most a batch. Returns how many messages were seen to."""
        with self._database.read() as connection:
            due = message_store.list_due(connection, self._clock(), BATCH)
        smtp: smtplib.SMTP | None = None
        try:
            for message in due:
                smtp = self._see_to(message, smtp)
        finally:
            if smtp is not None:
                smtp.close()
        return len(due)

    def _see_to(self, message: Message, smtp: smtplib.SMTP | None) -> smtplib.SMTP | None:
        """Send one message over the connection there is, or a new one. Returns the connection if it
        is still good.
        """
        now = self._clock()
        if not self._database.write(
            [], partial(message_store.claim, message=message, now=now, until=now + LEASE)
        ):
            return smtp  # another process was faster
        with self._database.read() as connection:
            office = self._database.offices.get(connection, message.office)
            addressee = find_addressee(connection, message, now)
        if addressee is None:
            self._settle(message, MessageState.DONE)
            return smtp
        if self._server is None:
            self._settle(
                message, _left_to_staff(message, MessageState.BY_HAND), error="no_mail_server"
            )
            return smtp
        try:
            smtp = smtp or connect(self._server)
            smtp.send_message(self._write(message, office, addressee))
        except smtplib.SMTPRecipientsRefused as refused:
            # One address is at fault and not the connection. A 5xx answer will be the same
            # tomorrow.
            code = next((code for code, _text in refused.recipients.values()), 0)
            self._note_failure(message, f"refused_{code}", final=500 <= code < 600)
        except Exception as error:
            # Whatever is the matter with this one, be it the words or the address, it must not come
            # round for ever with nobody told.
            self._note_failure(message, type(error).__name__, final=False)
            if smtp is not None:
                smtp.close()
            return None
        else:
            self._settle(message, MessageState.SENT)
        return smtp

    def _write(self, message: Message, office: Office, addressee: Addressee) -> EmailMessage:
        assert self._server is not None
        letter = self._compose(message.kind, office, addressee.subject)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            self._server.sender,
            addressee.address,
            letter.subject,
        )
        mail["Date"] = format_datetime(self._clock())
        # The same for every attempt, so that mail programs can tell a repetition from a second
        # message.
        mail["Message-ID"] = f"<{message.id}@{self._server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = addressee.subject.language
        mail.set_content(letter.body)
        return mail

    def _note_failure(self, message: Message, error: str, *, final: bool) -> None:
        """No address and no answer of the server is logged: both may name the person."""
        pause = None if final else retry_after(message.attempts + 1)
        log.warning(
            "mail_not_sent",
            message=message.id,
            kind=error,
            attempt=message.attempts + 1,
            again=pause is not None,
        )
        if pause is None:
            self._settle(message, _left_to_staff(message, MessageState.FAILED), error=error)
        else:
            self._settle(message, MessageState.QUEUED, retry_at=self._clock() + pause, error=error)

    def _settle(
        self,
        message: Message,
        state: MessageState,
        *,
        retry_at: datetime | None = None,
        error: str | None = None,
    ) -> None:
        settle = partial(
            message_store.settle,
            message=message,
            state=state,
            now=self._clock(),
            retry_at=retry_at,
            error=error,
        )
        self._database.write([], settle)
