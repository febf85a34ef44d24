"""What the provider reports of messages that it took."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.messages.message import MessageState
from queue_server.domain.messages.receipts import UNDELIVERED, Receipt, follow_receipt, state_after
from queue_server.store.messages import messages as message_store
from queue_server.store.writer.transaction import Transaction


def take_receipt(tx: Transaction, id: str, reported: Receipt, now: datetime) -> bool:
    """Note a report. False for a message that is unknown. A repetition changes nothing, nor does an
    older report that comes later. No day need be declared.
    """
    known = message_store.find_receipt(tx, id)
    if known is None:
        return False
    message, before = known
    after = follow_receipt(before, reported)
    if after is not before:
        state = state_after(message, after)
        error = UNDELIVERED if state is MessageState.FAILED else None
        message_store.note_receipt(tx, message, after, state, error, now)
    return True
