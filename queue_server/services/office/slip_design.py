"""What an office adds to its printed slips, for the devices that print them."""

from __future__ import annotations

import base64

from queue_server.domain.office.office import Office
from queue_server.protocol import messages
from queue_server.store.office import slip_logos
from queue_server.store.writer.reader import Reader


def view_design(reader: Reader, office: Office) -> messages.SlipDesign:
    """What the devices of an office print on each slip."""
    picture = slip_logos.find(reader, office.code) if office.slip.logo else None
    return messages.SlipDesign(
        dict(office.slip.header),
        dict(office.slip.footer),
        office.slip.logo if picture else "",
        "" if picture is None else base64.b64encode(picture).decode(),
    )
