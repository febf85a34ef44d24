"""The page of bookings whose time was withdrawn: where each could go, and whom to ring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.services.booking.stranded import MOST, propose_moves
from queue_server.services.reception.call_list import list_calls
from queue_server.services.shown import service_of
from queue_server.store.booking.stranded import count_by_service_and_day, list_visitors
from queue_server.store.messages import by_hand
from queue_server.store.messages import messages as message_store
from queue_server.store.messages.wording import find_own
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import current_language, format_date, in_language
from queue_server.web.pages.manage.hours import changes

from .asking import PAGE, Wish, read_wish
from .outcomes import done_words
from .rows import knows, show_call, show_move, show_unsent

CALLS_SHOWN = 25
UNSENT_SHOWN = timedelta(days=7)


def show_stranded(
    office: Office,
    errors: Errors,
    wish: Wish,
    done: Sequence[str] = (),
    ticked: frozenset[str] = frozenset(),
) -> str:
    """The list, with the nearest free time of each booking, and the messages to be told by hand.
    `done` says what came of an action, `ticked` are bookings that somebody has ticked.

    The free times are found over all that is sought, so no page proposes a place of another one.
    """
    moment = now()
    with context().database.read() as connection:
        all_moves = propose_moves(connection, office, moment, sought=wish.sought)
        told = message_store.list_newest(
            connection, office.code, [each.ticket.id for each in all_moves]
        )
        groups = count_by_service_and_day(connection, office.code)
        proposed = {each.ticket.id: each.slot for each in all_moves if each.slot}
        open_calls = list_calls(connection, office, proposed, CALLS_SHOWN)
        to_tell = by_hand.count_to_tell(connection, office.code)
        unsent = by_hand.list_unsent(connection, office.code, moment - UNSENT_SHOWN)
        own = {
            kind: find_own(connection, office.code, kind)
            for kind in {each.message.kind for each in open_calls}
        }
        known = {id for id, message in told.items() if knows(message)}
        moves = [each for each in all_moves if wish.keeps(each, known)]
        pages = max(1, -(-len(moves) // PAGE))
        page = min(wish.page, pages)
        part = moves[(page - 1) * PAGE : page * PAGE]
        visitors = list_visitors(connection, office.code, [each.ticket.id for each in part])
    rows = [
        show_move(
            office,
            each,
            visitors.get(each.ticket.id),
            told.get(each.ticket.id),
            ticked=wish.tick_all or each.ticket.id in ticked,
        )
        for each in part
    ]
    total = sum(number for _service, _day, number in groups)
    return render_template(
        "manage/stranded/page.html",
        office=office,
        rows=rows,
        wish=wish,
        page=page,
        pages=pages,
        total=total,
        number=len(moves),
        beyond=len(all_moves) == MOST and total > MOST,
        most=MOST,
        movable=sum(each.slot is not None for each in moves),
        all_ticked=bool(rows) and all(each.ticked for each in rows),
        services=_services(office, {service for service, _day, _number in groups}),
        days=_days({day for _service, day, _number in groups}),
        calls=[show_call(office, each, own[each.message.kind]) for each in open_calls],
        to_tell=to_tell,
        more_calls=to_tell.messages - len(open_calls),
        unsent=[show_unsent(each) for each in unsent],
        errors=errors,
        outcomes=done,
    )


def _services(office: Office, codes: set[str]) -> list[tuple[str, str]]:
    """The services that are concerned, by their names."""
    named = [(code, in_language(service_of(office, code).name)) for code in codes]
    return sorted(named, key=lambda each: each[1].casefold())


def _days(days: set[date]) -> list[tuple[str, str]]:
    """The days that have lost times, in order."""
    language = current_language()
    return [(each.isoformat(), format_date(each, language)) for each in sorted(days)]


@changes.get("/stranded")
@office_page(MANAGERS)
def stranded(office: Office, who: Principal) -> ResponseReturnValue:
    """Bookings that need a new time."""
    return show_stranded(office, {}, read_wish(request.args), done_words(request.args))
