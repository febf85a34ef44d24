"""A ticket on one page, to print at home or to keep on a phone: its words, drawn beside the
loop.
"""

from __future__ import annotations

from functools import partial

from queue_server.domain.office.office import Office
from queue_server.domain.visit.numbering import group_code
from queue_server.domain.visit.ticket import Ticket
from queue_server.domain.visit.transitions import LIVE_STATES, State
from queue_server.services.shown import service_of
from queue_server.store.office import slip_logos
from queue_server.web.edge.context import context
from queue_server.web.edge.locale import format_moment, gettext, in_language
from queue_server.web.edge.words.tickets import state_words

from .slip_drawing import draw_slip
from .slip_layout import Banner, Block, Code, Kind, Logo, Rule, Words
from .visit_words import bring_lines, door_words, free_words, people_words, when_words

_JOB = f"{draw_slip.__module__}:{draw_slip.__name__}"
_LOGO_POINTS = 0.4
"""Of each dot: the widest logo takes less than half of the page."""

_Quiet = partial(Words, size=10, gap=4)


def make_slip(
    kind: Kind,
    office: Office,
    ticket: Ticket,
    url: str,
    urgency: str | None,
    language: str,
    *,
    copy: bool = False,
) -> bytes:
    """The page as bytes of a PDF or a PNG; the same ticket always gives the same bytes, drawn once.
    Holds no personal data. A `copy` says that it is one. Raises `Overloaded`.
    """
    title = f"Antrean {ticket.number or group_code(ticket.code)}"
    blocks = [
        *([Banner(gettext("COPY"))] if copy else []),
        *_head(office, ticket, language),
        *_visit(office, ticket, language),
        *_code(office, ticket, language),
        *_bring(office, ticket, urgency, language),
    ]
    foot = [
        Rule(6),
        Words(free_words(), 11, bold=True, gap=3),
        Words(
            gettext("Beware of touts: nobody may ask you for money for a place in the queue."),
            9,
            gap=4,
        ),
        Words(url, 8, gap=0, shrinks=True),
    ]
    page: bytes = context().beside.compute(_JOB, kind, title, blocks, foot, url, language)
    return page


def _logo(office: Office) -> list[Block]:
    """The office's logo, so small that it leaves room for the words."""
    if not office.slip.logo:
        return []
    with context().database.read() as connection:
        picture = slip_logos.find(connection, office.code)
    if picture is None:
        return []
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))  # a PNG's head
    return [Logo(picture, width * _LOGO_POINTS, height * _LOGO_POINTS)]


def _head(office: Office, ticket: Ticket, language: str) -> list[Block]:
    return [
        *_logo(office),
        Words(office.name, 15, bold=True, gap=3),
        *([_Quiet(office.address, gap=8)] if office.address and not ticket.kind.is_remote else []),
        Rule(),
        Words(in_language(service_of(office, ticket.service).name, language), 15, gap=8),
    ]


def _visit(office: Office, ticket: Ticket, language: str) -> list[Block]:
    """What is larger than all else: the number, before there is one the time, of one that is off
    that it is.
    """
    blocks: list[Block] = []
    when = when_words(office, ticket, language)
    is_off = ticket.state not in LIVE_STATES or ticket.state is State.STRANDED
    if is_off:
        blocks.append(Banner(state_words()[ticket.state.value]))
    if ticket.number:
        blocks.append(Words(ticket.number, 60, bold=True, gap=6, shrinks=True))
        arrived = format_moment(ticket.arrived_at or ticket.created_at, language, office.zone)
        blocks.append(Words(", ".join(when) if when else arrived, 11))
    elif when:
        date, span = when
        clock = Words(span, 14 if is_off else 34, bold=True, shrinks=True)
        blocks += [Words(date, 14, bold=True, gap=0), clock]
    people = people_words(ticket)
    if people:
        blocks.append(_Quiet(people))
    return blocks


def _code(office: Office, ticket: Ticket, language: str) -> list[Block]:
    """The code, and what it is for; of a visit that is over nothing to scan."""
    words: list[Block] = [
        Words(f"{gettext('Code')}: {group_code(ticket.code)}", 14, bold=True, gap=8)
    ]
    if ticket.state not in LIVE_STATES:
        return words
    coming = door_words(office, ticket, language)
    if coming:
        words.append(Words(coming, 11, bold=True, gap=10))
    # Nobody scans at the door what is a call.
    return words if ticket.kind.is_remote else [Code(0), *words]


def _bring(office: Office, ticket: Ticket, urgency: str | None, language: str) -> list[Block]:
    if ticket.state not in LIVE_STATES:
        return []
    return [
        Words(each, 10.5, gap=4, left=True)
        for each in bring_lines(office, ticket, urgency, language)
    ]
