"""A slip as it would be printed now, to look at: the printer's own drawing, made in the worker
process.

The server's pages do not import the printer; the worker process is told the function's name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import ticket_number
from queue_server.protocol.messages import Slip, SlipDesign, WaitRange
from queue_server.services.shown import local_time, ticket_url
from queue_server.web.edge.context import context
from queue_server.web.edge.locale import in_language

PAPERS = {"80": "generic-80", "58": "generic-58"}
"""Width in millimetres -> the printer whose paper is that wide."""

_JOB = "printer.slip.png:draw_preview"
_CODE = "CONTOH000000"


def draw_sample(
    office: Office, design: SlipDesign, paper: str, language: str, now: datetime
) -> bytes:
    """A visitor's slip with this design as a PNG, for a paper of `PAPERS`. Raises `Overloaded`."""
    slip = replace(
        _make_slip(office, language, now),
        header=in_language(design.header, language),
        footer=in_language(design.footer, language),
        logo=design.logo,
    )
    return cast(bytes, context().beside.compute(_JOB, slip, PAPERS[paper], design.picture))


def _make_slip(office: Office, language: str, now: datetime) -> Slip:
    service = office.services[0]
    stream = office.stream(service.letter)
    return Slip(
        id="sample",
        code=_CODE,
        number=ticket_number(stream.letter, 12),
        stream=stream.letter,
        stream_name=in_language(stream.name, language),
        office=office.code,
        office_name=office.name,
        service=service.code,
        service_name=in_language(service.name, language),
        issued_at=local_time(office, now.replace(minute=15, second=0)),
        place="INSIDE" if office.people_limit is None else "OUTSIDE",
        url=ticket_url(context().settings.public_url, _CODE),
        language=language,
        ahead=5,
        wait=WaitRange(15, 30),
    )
