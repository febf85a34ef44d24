"""What an office adds to its printed slips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from queue_server.domain import errors
from queue_server.domain.office.changes import SlipChange
from queue_server.domain.office.slip_design import NewLogo
from queue_server.protocol import messages
from queue_server.services.office.changes import apply_change
from queue_server.services.office.slip_design import view_design
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.office import SlipDesignBody
from queue_server.web.edge.context import find_office, now, today_at
from queue_server.web.edge.documents.logo import make_logo


@operation(
    "PUT",
    "/offices/{office}/slip-design",
    access=MANAGERS,
    tag="staff",
    body=SlipDesignBody,
    answers={200: messages.SlipDesign},
    refusals=[errors.UnknownOffice, errors.BadInput, errors.Changed],
)
def set_slip_design(office: str, body: SlipDesignBody) -> Response:
    """Set what the office adds to its slips: lines above and below, and a logo."""
    who, moment = admit_office(office), now()
    logo = None
    if "logo" in body.model_fields_set:
        logo = NewLogo(None if body.logo is None else make_logo(body.logo))

    def design(tx: Transaction) -> messages.SlipDesign:
        before = tx.office(office).slip
        change = SlipChange(
            before.header if body.header is None else _plain(body.header),
            before.footer if body.footer is None else _plain(body.footer),
            logo,
        )
        after = apply_change(tx, office, change, who.id, moment, body.revision)
        return view_design(tx, after)

    return perform([today_at(find_office(office))], design)


def _plain(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(language): text for language, text in words.items() if text.strip()}
