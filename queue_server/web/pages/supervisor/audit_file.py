"""The manual actions as a file: the same acts as the page, in the reader's language. That somebody
took them away is itself in the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from flask import Response, abort, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.services.counter.overrides import DayCalls, note_export, page_acts, work_out_calls
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import READERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import current_language, format_date, format_moment, speaking
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.long_work.pauses import pause
from queue_server.web.edge.reports.beside import make_workbook
from queue_server.web.edge.reports.content import Document
from queue_server.web.edge.reports.csv_file import stream_csv
from queue_server.web.edge.reports.sections import Column, Kind, Section, Value
from queue_server.web.edge.words.log.kinds import kind_words

from .audit_asking import Asked, read_asked
from .audit_rows import ActRow, Known, find_known, show_act
from .page import supervise

AT_ONCE = 100
"""Acts that are read and written in one go, in about 10 ms; then others are answered."""
WORKBOOK_MAX = 20_000
"""Acts in one workbook, which is held as a whole; the file of values has no such end."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@supervise.get("/audit/file")
@office_page(READERS)
def back_to_audit(office: Office, who: Principal) -> ResponseReturnValue:
    """This address only takes a form; who comes back to it sees the page."""
    return redirect(url_for("supervise.audit", office=office.code, lang=request.args.get("lang")))


@supervise.post("/audit/file")
@confirmed
@office_page(READERS)
def audit_file(office: Office, who: Principal) -> ResponseReturnValue:
    """The acts that the page shows, all of them. It goes into the log, so it is asked for by
    POST.
    """
    format = request.form.get("format", "")
    if format not in TYPES:
        abort(404)
    known, moment = find_known(office, who), now()
    asked = read_asked(request.form, office.date_at(moment), known.doers, known.locations)
    if asked.errors:
        abort(422)
    with context().database.read() as connection:
        calls = work_out_calls(connection, office, asked.sought)
    rest = _read_parts(asked, known, calls)
    # Begun before it is noted, the file does not tell of itself.
    parts = chain([next(rest)], rest)
    note_export(context().database, office, asked.sought, format, who.id, moment)
    if format == "csv":
        content: Iterator[bytes] | bytes = stream_with_context(
            stream_csv(_write_csv(asked, known, parts, current_language()))
        )
    else:
        content = make_workbook(_write_document(asked, known, parts), moment)
    dates = f"{asked.sought.first.isoformat()}-{asked.sought.last.isoformat()}"
    return Response(
        content,
        content_type=TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="antrean-{office.code}-{dates}.{format}"',
            "Cache-Control": "no-store",
        },
    )


def _read_parts(asked: Asked, known: Known, calls: DayCalls | None) -> Iterator[list[ActRow]]:
    """All acts, newest first, part by part. What is noted after the first part does not move the
    others.
    """
    before = None
    while True:
        with context().database.read() as connection:
            acts, before = page_acts(connection, known.office, asked.sought, calls, AT_ONCE, before)
        yield [show_act(each, known) for each in acts]
        if before is None:
            return
        pause()


def _columns() -> tuple[str, ...]:
    return (
        _("Date"),
        _("Time"),
        _("Kind"),
        _("What"),
        _("Counter or device"),
        _("Who"),
        _("Why"),
        _("Out of turn"),
        _("Day of the log"),
        _("Number in the log"),
    )


def _write_row(row: ActRow, kinds: dict[str, str]) -> tuple[Value, ...]:
    return (
        row.at.date(),
        _clock(row.at),
        kinds[row.kind],
        row.what,
        row.where,
        row.who,
        row.why,
        _("yes") if row.is_out_of_order else "",
        row.act.mark[0],
        row.act.seq,
    )


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}"


def _kinds() -> dict[str, str]:
    return {each.value: words for each, words in kind_words().items()}


def _dates(asked: Asked) -> str:
    ends = dict.fromkeys((asked.sought.first, asked.sought.last))
    return " – ".join(format_date(each, current_language(), weekday=False) for each in ends)


def _write_csv(
    asked: Asked, known: Known, parts: Iterator[list[ActRow]], language: str
) -> Iterator[list[tuple[Value, ...]]]:
    """The head, the rows, and a last line by which a file that was cut off is told."""
    number = 0
    with speaking(language):
        kinds, columns = _kinds(), _columns()
        head: list[tuple[Value, ...]] = [
            (_("Manual actions"), known.office.name, _dates(asked)),
            columns,
        ]
    yield head
    for part in parts:
        number += len(part)
        with speaking(language):
            rows = [_write_row(each, kinds) for each in part]
        yield rows
    with speaking(language):
        end = _("End of the list: %(num)s acts", num=number)
    yield [(end,)]


def _write_document(asked: Asked, known: Known, parts: Iterator[list[ActRow]]) -> Document:
    kinds = _kinds()
    rows = list(islice(chain.from_iterable(parts), WORKBOOK_MAX + 1))
    is_cut = len(rows) > WORKBOOK_MAX
    language = current_language()
    notes = [_("Made %(time)s", time=format_moment(now(), language, known.office.zone))]
    if is_cut:
        notes.append(
            _(
                "Only the newest %(num)s are in this file; the CSV file has all of them.",
                num=WORKBOOK_MAX,
            )
        )
    kind_of = {0: Kind.DATE, 8: Kind.DATE, 9: Kind.COUNT}
    columns = [
        Column(title, kind_of.get(index, Kind.TEXT)) for index, title in enumerate(_columns())
    ]
    section = Section(
        "acts",
        _("Manual actions"),
        "",
        columns,
        [_write_row(each, kinds) for each in rows[:WORKBOOK_MAX]],
    )
    return Document(_("Manual actions"), known.office.name, _dates(asked), notes, [section])
