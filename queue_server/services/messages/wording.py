"""Changing the words of an office's messages. What they were and are stands in the event, so the
log has every version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from queue_server.domain.errors import BadInput
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import Words, find_faults
from queue_server.services.setting_history import record_change
from queue_server.store.messages import wording as words_store
from queue_server.store.messages.wording import OwnWords
from queue_server.store.writer.transaction import Transaction


def set_words(
    tx: Transaction,
    office: str,
    kind: MessageKind,
    wanted: Mapping[str, Words | None],
    by: str,
    now: datetime,
    undoes: int | None = None,
) -> bool:
    """Give a kind of message these words, by language; None brings the standard ones back. Returns
    whether that changed anything. Must declare today.

    `undoes` as in `record_change`. Raises `BadInput`.
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
    admit_words(kind, after.values())
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
    beside = {
        f"message/{kind.value}/{language}": (was, became)
        for language, (was, became) in told.items()
    }
    before = tx.office(office)
    record_change(tx, before, EventType.MESSAGE_WORDED, facts, now, undoes, beside)
    return True


def admit_words(kind: MessageKind, words: Iterable[Words | None]) -> None:
    """Refuse words that a kind of message cannot have. Raises `BadInput` with the part."""
    for each in words:
        for fault in find_faults(kind, each) if each is not None else ():
            raise BadInput(field=fault.part, reason=fault.reason, name=fault.name)
