"""The adapter for e-mail: a message as a mail with its calendar file, handed in over one connection
for each round.
"""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from .port import Draft
from .smtp import Mailbag, MailServer

LINE_LENGTH_MAX = 200
"""Neither a Message-ID nor a link is broken over two lines, as some programs read them wrong."""


class MailSender:
    """Sends by a mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._bag = Mailbag(server)

    def send(self, draft: Draft, now: datetime) -> None:
        self._bag.send(write_mail(draft, self._server.sender, now))

    def close(self) -> None:
        self._bag.close()


def write_mail(draft: Draft, sender: str, now: datetime) -> EmailMessage:
    """A message as a mail from `sender`."""
    mail = EmailMessage(policy=policy.default.clone(max_line_length=LINE_LENGTH_MAX))
    mail["From"], mail["To"] = sender, draft.address
    mail["Subject"] = draft.letter.subject
    mail["Date"] = format_datetime(now)
    # The same for every attempt, so that mail programs can tell a repetition from a second message.
    mail["Message-ID"] = f"<{draft.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if draft.language is not None:
        mail["Content-Language"] = draft.language
    mail.set_content(draft.letter.body)
    attached = draft.letter.attachment
    if attached is not None:
        kind, *parameters = attached.content_type.split("; ")
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(
            attached.content,
            maintype=main,
            subtype=sub,
            filename=attached.name,
            params=dict(each.split("=", 1) for each in parameters),
        )
    return mail
