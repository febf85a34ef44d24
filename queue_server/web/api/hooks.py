"""What other services tell the server by themselves, signed with a key that both have."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import Blueprint, Response, request

from queue_server.domain.messages.receipts import Receipt
from queue_server.domain.messages.signature import is_signed
from queue_server.services.messages.reports import take_receipt
from queue_server.web.edge.access.routes import public
from queue_server.web.edge.context import context, now
from queue_server.web.edge.errors import problem
from queue_server.web.edge.locale import gettext as _

hooks = Blueprint("hooks", __name__)

RECEIPTS: Mapping[str, Receipt] = {
    "accepted": Receipt.ACCEPTED,
    "sent": Receipt.ACCEPTED,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.DELIVERED,
    "failed": Receipt.UNDELIVERED,
    "undelivered": Receipt.UNDELIVERED,
    "rejected": Receipt.UNDELIVERED,
    "expired": Receipt.UNDELIVERED,
}
"""What a gateway may say of a message, in the words that most of them use."""


@hooks.post("/hooks/receipts")
@public
def take_gateway_receipt() -> Response:
    """Take a report on a message, `{"id": …, "status": …}`. Nobody without the key learns whether
    there is such a message.
    """
    key, body, headers = context().receipt_key, request.get_data(), request.headers
    if key is None or not is_signed(
        key,
        headers.get("webhook-id", ""),
        headers.get("webhook-timestamp", ""),
        headers.get("webhook-signature", ""),
        body,
        now(),
    ):
        return problem(403, "not_signed", _("This request is not signed, or not with our key."))
    id, receipt = _read(body)
    if id is None or receipt is None:
        return problem(422, "bad_input", _("The request could not be read."))
    moment = now()
    if not context().database.write([], lambda tx: take_receipt(tx, id, receipt, moment)):
        return problem(404, "not_found", _("There is no such message."))
    return Response(status=204)


# No browser sends this, and nothing in a cookie could allow it.
take_gateway_receipt.without_csrf = True  # type: ignore[attr-defined]  # a mark on the view


def _read(body: bytes) -> tuple[str | None, Receipt | None]:
    """The id of the message and the report; what else a gateway says is its own matter."""
    try:
        told = json.loads(body)
    except ValueError:
        return None, None
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        return None, None
    return told["id"], RECEIPTS.get(str(told.get("status")).lower())
