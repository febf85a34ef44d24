"""The answers of a booking that is not finished, kept so that the pages of its steps have addresses
of their own: going back, a reload and a lost time find everything again.

They are sealed under a key made of the server's secret and of a cookie. Only the browser that gave
them can have them opened: not a stranger with the address, nor who has the database and the key
file. Each walk through the pages (`visit`) has its own, so two tabs are two bookings.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from queue_server.domain.booking.holding import draft_until
from queue_server.domain.office.office import Office
from queue_server.store.booking import drafts as draft_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.csrf import BadCsrf, browser_key
from queue_server.web.edge.context import context, now
from queue_server.web.edge.words.refusals import refusal_words

from .booking import BookingForm
from .errors import Errors
from .field_words import bad_input_words
from .sealing import seal, unseal


@dataclass(frozen=True)
class Draft:
    """A booking as far as it goes, and what the next page says of it: `faults` field -> reason,
    `refusal` the code of an error with its facts, `lost` why the time is gone (taken, expired,
    party). `booked` is the code of the ticket it has become; then nothing else is known any more.
    """

    form: BookingForm = field(default_factory=BookingForm)
    faults: Mapping[str, str] = field(default_factory=dict)
    refusal: tuple[str, Mapping[str, Any]] | None = None
    lost: str | None = None
    booked: str | None = None

    @property
    def errors(self) -> Errors:
        """What is wrong, in the language of the page."""
        errors = {name: bad_input_words(name, reason) for name, reason in self.faults.items()}
        if self.refusal is not None:
            errors[""] = refusal_words(*self.refusal)
        return errors


def find_draft(visit: str) -> Draft | None:
    """What this browser has answered on that walk; None once its time is over."""
    key = browser_key(b"draft:" + visit.encode())
    if not visit or key is None:
        return None
    with context().database.read() as connection:
        sealed = draft_store.find(connection, _id_of(key), now())
    text = None if sealed is None else unseal(key, sealed)
    return None if text is None else _read(json.loads(text))


def keep_drafts(office: Office, visit: str) -> Callable[[Transaction, Draft], None]:
    """What keeps this browser's answers on that walk inside a command, in the place of what was
    kept before. The command may run for another request, so all that is asked of this one is asked
    here. Raises `BadCsrf` for a browser without our cookie.
    """
    key, until = browser_key(b"draft:" + visit.encode()), draft_until(office.rules, now())
    if key is None:
        raise BadCsrf()

    def keep(tx: Transaction, draft: Draft) -> None:
        draft_store.put(tx, _id_of(key), seal(key, _write(draft)), until)

    return keep


def _id_of(key: bytes) -> str:
    return hmac.new(key, b"id", "sha256").hexdigest()


def _write(draft: Draft) -> str:
    return json.dumps(
        {
            "fields": draft.form.fields,
            "faults": dict(draft.faults),
            "refusal": draft.refusal,
            "lost": draft.lost,
            "booked": draft.booked,
        },
        default=str,
    )


def _read(kept: Mapping[str, Any]) -> Draft:
    refusal = kept["refusal"]
    return Draft(
        BookingForm.read(kept["fields"]),
        kept["faults"],
        None if refusal is None else (refusal[0], refusal[1]),
        kept["lost"],
        kept["booked"],
    )
