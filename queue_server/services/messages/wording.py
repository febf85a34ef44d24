"""Changing the words of an office's messages. What they were and are stands in the event, so the
log has every version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from queue_server.domain.errors import BadInput, Changed
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import Words, find_faults
from queue_server.store.messages import wording as words_store
from queue_server.store.messages.wording import OwnWords
from queue_server.store.writer.transaction import Transaction


def mark_of(own: Mapping[str, OwnWords]) -> str:
    """Which state of an office's words somebody has looked at."""
    return ".".join(f"{each}{own[each].changed_at.timestamp():.6f}" for each in sorted(own))


def set_words(
    tx: Transaction,
    office: str,
    kind: MessageKind,
    wanted: Mapping[str, Words | None],
    by: str,
    now: datetime,
    mark: str,
) -> bool:
    """Give a kind of message these words, by language; None brings the standard ones back. Returns
    whether that changed anything. Must declare today.

    `mark` is what was looked at. Raises `Changed` if somebody else was faster, `BadInput`.
    """
    # The office's row is the lock: today is declared, so no second command is at this.
    own = words_store.find_own(tx, office, kind)
    after = {
        language: words
        for language, words in wanted.items()
        if words != (own[language].words if language in own else None)
    }
    if not after:
        return False
    if mark_of(own) != mark:
        raise Changed(office=office)
    for words in after.values():
        for fault in find_faults(kind, words) if words is not None else ():
            raise BadInput(field=fault.part, reason=fault.reason, name=fault.name)
    for language, words in after.items():
        written = None if words is None else OwnWords(words, now, by)
        words_store.save(tx, office, kind, language, written)
    told = {
        language: [
            asdict(own[language].words) if language in own else None,
            None if words is None else asdict(words),
        ]
        for language, words in sorted(after.items())
    }
    facts = {"kind": kind.value, "words": told, "by": by}
    day = tx.office(office).date_at(now)
    tx.record(Event(EventType.MESSAGE_WORDED, office, day, now, None, facts))
    return True
