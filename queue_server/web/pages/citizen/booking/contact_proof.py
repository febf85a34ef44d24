"""Proving an e-mail address or a telephone number: the link in its message, and the page behind it.
Opening the link proves nothing; pressing the button does.
"""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from queue_server.domain.booking.contacts import Contact
from queue_server.domain.errors import TooLate
from queue_server.domain.messages.message import MessageChannel
from queue_server.domain.messages.owed import channel_of
from queue_server.services.booking import contacts
from queue_server.services.idempotency import Answer
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import find_office, now
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.edge.strangers.contact_proof import _find_asked
from queue_server.web.edge.waitlist_steps import look_at, offer_what_is_kept
from queue_server.web.pages.citizen.blueprint import pages


@pages.get("/e/<token>")
@public
def contact_question(token: str) -> str | tuple[str, int]:
    """Ask whether it is the reader's own. A preview of the link changes nothing."""
    return _render(token, _find_asked(token))


@pages.post("/e/<token>")
@public
def prove_contact(token: str) -> str | Response | tuple[str, int]:
    """The address is proved, and places that are kept back are offered to those entries that may
    have them now.
    """
    asked, moment = _find_asked(token), now()

    def prove(tx: Transaction) -> Answer:
        return {"waiting": contacts.prove(tx, asked.mark, moment)}

    try:
        answer = run_once("contact", asked.mark, [asked.mark], [], prove)
    except TooLate:
        return _render(token, asked)
    for code in answer["waiting"]:
        offer_what_is_kept(look_at(code).entry)
    return _render(token, _find_asked(token))


def _render(token: str, asked: Contact) -> str | tuple[str, int]:
    is_over = asked.proved_at is None and not asked.is_pending(now())
    page = render_template(
        "citizen/booking/contact.html",
        office=find_office(asked.office),
        token=token,
        proved=asked.proved_at is not None,
        over=is_over,
        by_phone=asked.address is not None and channel_of(asked.address) is MessageChannel.PHONE,
    )
    return (page, 410) if is_over else page
