"""The page of the report, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from queue_server.domain.office.office import Office
from queue_server.domain.reports.period import Step
from queue_server.services.reports.report import Report
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import OVERSEERS, READERS, confirmed_file
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, list_offices, now
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.reports.beside import find_report, make_pdf, make_workbook
from queue_server.web.edge.reports.content import Document, write_report
from queue_server.web.edge.reports.csv_file import write_csv
from queue_server.web.edge.reports.drawing import draw
from queue_server.web.edge.reports.sections import Kind, Section
from queue_server.web.edge.reports.svg import render_svg
from queue_server.web.pages.manage.hours import changes

from .asking import Wish, read_wish

ALL = "all"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


@dataclass(frozen=True)
class ShownSection:
    """A section as the page shows it."""

    section: Section
    rows: Sequence[Sequence[str]]
    total: Sequence[str] | None
    numeric: Sequence[bool]
    chart: Markup | None


@changes.get("/reports")
@office_page(READERS)
def reports(office: Office, who: Principal) -> ResponseReturnValue:
    """The report of a day, week, month, year, or from one date to another."""
    wish, several, report = _make(office, who)
    document = write_report(report)
    scope = {"scope": ALL} if several else {}
    chosen = (
        {"span": wish.span.value, "on": wish.period.first.isoformat()}
        if wish.span is not None
        else dict(wish.typed)
    )
    return render_template(
        "manage/reports/page.html",
        office=office,
        document=document,
        sections=[_show(each) for each in document.sections],
        wish=wish,
        spans=_spans(),
        errors=wish.errors,
        scope=scope,
        kept={"office": office.code, **scope},
        chosen={**chosen, **scope},
        one_office=chosen,
        today=office.date_at(now()),
        may_see_all=who.only_office is None,
        is_overseer=who.role in OVERSEERS,
        made=format_moment(now(), current_language(), office.zone),
        files=tuple(TYPES),
    )


@changes.get("/reports/file")
@confirmed_file("changes.reports")
@office_page(READERS)
def report_file(office: Office, who: Principal) -> ResponseReturnValue:
    """The same report as a file; a wrong date is none of a page."""
    format = request.args.get("format", "")
    if format not in TYPES:
        abort(404)
    wish, several, report = _make(office, who)
    if wish.errors:
        abort(422)
    content = _write_file(format, write_report(report), office)
    first, last = wish.period.first.isoformat(), wish.period.last.isoformat()
    name = f"antrean-{ALL if several else office.code}-{first}-{last}.{format}"
    return Response(
        content,
        content_type=TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _make(office: Office, who: Principal) -> tuple[Wish, bool, Report]:
    wish = read_wish(request.args, office.date_at(now()))
    several = request.args.get("scope") == ALL and who.only_office is None
    known = list_offices() if several else [office]
    offices = [each for each in known if who.may_work_in(each.code)]
    return wish, several, find_report(offices, wish.period, wish.step)


def _write_file(format: str, document: Document, office: Office) -> bytes:
    if format == "csv":
        return write_csv(document)
    if format == "xlsx":
        return make_workbook(document, now())
    language = current_language()
    made = format_moment(now(), language, office.zone)
    return make_pdf(context().beside, document, _("Made %(time)s", time=made), language)


def _show(section: Section) -> ShownSection:
    written = section.written()
    has_total = section.total is not None
    drawing = None if section.chart is None else draw(section.chart)
    return ShownSection(
        section,
        written[:-1] if has_total else written,
        written[-1] if has_total else None,
        [each.kind is not Kind.TEXT and each.kind is not Kind.DATE for each in section.columns],
        None if drawing is None else render_svg(drawing, section.key, section.title, section.said),
    )


def _spans() -> dict[Step, str]:
    return {Step.DAY: _("Day"), Step.WEEK: _("Week"), Step.MONTH: _("Month"), Step.YEAR: _("Year")}
