"""The words that an office has for its messages in place of the standard ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import Words
from queue_server.store.tables import message_words
from queue_server.store.writer.reader import Reader, ask
from queue_server.store.writer.transaction import Transaction


@dataclass(frozen=True)
class OwnWords:
    """An office's words for a kind of message in one language, and who wrote them last."""

    words: Words
    changed_at: datetime
    changed_by: str


def find_own(reader: Reader, office: str, kind: MessageKind) -> Mapping[str, OwnWords]:
    """An office's own words for a kind of message, by language; none where the standard ones
    hold.
    """
    mine = (message_words.c.office == office, message_words.c.kind == kind.value)
    rows = ask(reader, sa.select(message_words).where(*mine), seeing=message_words)
    return {
        row.language: OwnWords(
            Words(row.subject, row.body, row.text), row.changed_at, row.changed_by
        )
        for row in rows
    }


def list_own(reader: Reader, office: str) -> Mapping[MessageKind, datetime]:
    """The kinds of message for which an office has words of its own, and when they were changed
    last.
    """
    last = sa.func.max(message_words.c.changed_at, type_=message_words.c.changed_at.type)
    statement = (
        sa.select(message_words.c.kind, last.label("last_at"))
        .where(message_words.c.office == office)
        .group_by(message_words.c.kind)
    )
    known = {each.value: each for each in MessageKind}
    rows = ask(reader, statement, seeing=message_words)
    return {known[row.kind]: row.last_at for row in rows if row.kind in known}


def save(
    tx: Transaction, office: str, kind: MessageKind, language: str, own: OwnWords | None
) -> None:
    """Store an office's words for a kind in one language; None brings the standard ones back."""
    key = (
        message_words.c.office == office,
        message_words.c.kind == kind.value,
        message_words.c.language == language,
    )
    tx.change(message_words.delete().where(*key))
    if own is not None:
        tx.insert(
            message_words,
            {
                "office": office,
                "kind": kind.value,
                "language": language,
                "subject": own.words.subject,
                "body": own.words.body,
                "text": own.words.text,
                "changed_at": own.changed_at,
                "changed_by": own.changed_by,
            },
        )
