"""The record of processing activities (UU PDP article 31): a page, and the same as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.domain.privacy.columns import Group, Lasting, list_columns
from queue_server.domain.privacy.retention import RETENTIONS, DataKind
from queue_server.settings import CONSOLE
from queue_server.store.privacy import purges as purge_store
from queue_server.store.webhooks import endpoints as endpoint_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.reports.beside import make_pdf
from queue_server.web.edge.reports.content import Document
from queue_server.web.edge.reports.sections import Column, Kind, Section
from queue_server.web.edge.words.privacy.kinds import (
    basis_words,
    kept_words,
    kind_words,
    lasting_words,
    purpose_words,
)
from queue_server.web.pages.manage.hours import changes


@changes.get("/privacy/record")
@office_page(MANAGERS)
def record(office: Office, who: Principal) -> ResponseReturnValue:
    """The record as a page."""
    return render_template(
        "manage/privacy/record.html",
        office=office,
        document=write_record(office),
        made=_made(office),
        files=tuple(_WRITERS),
    )


@changes.get("/privacy/record/file")
@office_page(MANAGERS)
def record_file(office: Office, who: Principal) -> ResponseReturnValue:
    """The record as a file."""
    format = request.args.get("format", "")
    if format not in _WRITERS:
        abort(404)
    type, write = _WRITERS[format]
    headers = {
        "Content-Disposition": f'attachment; filename="antrean-{office.code}-record.{format}"',
        "Cache-Control": "no-store",
    }
    return Response(write(write_record(office), office), content_type=type, headers=headers)


def _made(office: Office) -> str:
    moment = format_moment(now(), current_language(), office.zone)
    return _("Made %(time)s", time=moment)


def write_record(office: Office) -> Document:
    """What the office does with personal data, read from its settings and from the declaration of
    every column.
    """
    sections = [
        _responsible(office),
        _activities(office),
        _recipients(office),
        _safeguards(office),
        _columns(),
    ]
    notes = [
        _(
            "Made from the settings and tables of this server. Let the data protection officer "
            "read it and add what the office does elsewhere, such as paper and other systems."
        )
    ]
    title = _("Record of processing")
    return Document(title, office.name, _("Law 27 of 2022, article 31"), notes, sections)


def _texts(*titles: str) -> list[Column]:
    return [Column(title, Kind.TEXT) for title in titles]


def _responsible(office: Office) -> Section:
    rows = [
        (_("Office"), office.name),
        (_("Address"), office.address),
        (_("Telephone"), office.phone),
        (_("Where visitors reach it"), context().settings.public_url),
    ]
    return Section("office", _("Who is responsible"), "", _texts(_("Data"), _("Value")), rows)


def _activities(office: Office) -> Section:
    words, purposes, bases, lasting = (
        kind_words(),
        purpose_words(),
        basis_words(),
        lasting_words(),
    )
    rows = [
        (
            words[kind][0],
            purposes[kind],
            words[kind][1],
            bases[retention.basis],
            kept_words(kind, office.rules),
        )
        for kind, retention in RETENTIONS.items()
    ]
    rows += [
        (each.name, each.purpose, each.what, each.basis, each.kept) for each in lasting.values()
    ]
    columns = _texts(_("Data"), _("Purpose"), _("Kinds of data"), _("Reason"), _("Kept for"))
    return Section("activities", _("What is processed, and why"), "", columns, rows)


def _recipients(office: Office) -> Section:
    settings = context().settings
    rows = [(_("Staff of the office"), _("what their work needs, by role; each look is logged"))]
    if settings.smtp_url:
        host = urlsplit(settings.smtp_url).hostname or "–"
        rows.append((_("Mail server %(host)s", host=host), _("address and words of each e-mail")))
    if settings.gateway_url and settings.gateway_url != CONSOLE:
        host = urlsplit(settings.gateway_url).hostname or "–"
        rows.append(
            (_("Message gateway %(host)s", host=host), _("number and words of each message"))
        )
    with context().database.read() as connection:
        known = endpoint_store.list_of_office(connection, office.code)
    for host in sorted({each.host for each in known}):
        rows.append((_("Program at %(host)s", host=host), _("events without any person")))
    note = _("Nobody else. Nothing leaves the country unless one of these does.")
    return Section(
        "recipients", _("Who is told"), note, _texts(_("Recipient"), _("What they get")), rows
    )


def _safeguards(office: Office) -> Section:
    with context().database.read() as connection:
        last = purge_store.last_finished_at(connection, office.code)
    purged = _("not yet") if last is None else format_moment(last, current_language(), office.zone)
    https = _("yes") if context().settings.is_https else _("no: set PUBLIC_URL to https")
    rows = [
        (_("NIK and passport number"), _("kept as HMAC-SHA256 with a key outside the database")),
        (_("Passwords"), _("kept as Argon2id hashes")),
        (_("Encrypted on the way (https)"), https),
        (
            _("Deletion"),
            _("every night, overwritten on disk, with a proof; last: %(time)s", time=purged),
        ),
        (
            _("Backups"),
            _(
                "encrypted where a key is given; deleted after %(days)s",
                days=kept_words(DataKind.BACKUPS, office.rules),
            ),
        ),
        (_("Log"), _("without personal data of visitors, chained by hashes, never rewritten")),
        (
            _("Access"),
            _("by role and office; closed unless opened; sign-ins are slowed and logged"),
        ),
        (
            _("One person's data"),
            _("shown, given out and erased by managers; at most 10 looks an hour"),
        ),
        (
            _("Incidents"),
            _("antrean incident start: closes access and drafts the notice due in 3 × 24 hours"),
        ),
    ]
    columns = _texts(_("Safeguard"), _("How"))
    return Section("safeguards", _("How it is protected"), "", columns, rows)


def _columns() -> Section:
    words, lasting = kind_words(), lasting_words()
    groups: list[Group] = [*RETENTIONS, *Lasting]
    rows = [
        (
            words[group][0] if isinstance(group, DataKind) else lasting[group].name,
            ", ".join(list_columns(group)),
        )
        for group in groups
        if list_columns(group)
    ]
    note = _("Every column of the database that holds something of a person.")
    columns = _texts(_("Data"), _("Columns"))
    return Section("columns", _("Where it is stored"), note, columns, rows)


def _write_markdown(document: Document, office: Office) -> bytes:
    lines = [f"# {document.title}: {document.subject}", "", document.period, "", _made(office), ""]
    lines += [line for note in document.notes for line in (note, "")]
    for section in document.sections:
        lines += [f"## {section.title}", ""]
        if section.note:
            lines += [section.note, ""]
        lines.append(_row(column.title for column in section.columns))
        lines.append(_row("---" for _column in section.columns))
        lines += [_row(row) for row in section.written()]
        lines.append("")
    return "\n".join(lines).encode()


def _row(cells: Iterable[str]) -> str:
    escaped = [each.replace("|", "\\|").replace("\n", " ") for each in cells]
    return f"| {' | '.join(escaped)} |"


def _write_pdf(document: Document, office: Office) -> bytes:
    return make_pdf(context().beside, document, _made(office), current_language())


def _write_page(document: Document, office: Office) -> bytes:
    page = render_template(
        "manage/privacy/record_file.html",
        document=document,
        made=_made(office),
        language=current_language(),
    )
    return page.encode()


_WRITERS: dict[str, tuple[str, Callable[[Document, Office], bytes]]] = {
    "pdf": ("application/pdf", _write_pdf),
    "html": ("text/html; charset=utf-8", _write_page),
    "md": ("text/markdown; charset=utf-8", _write_markdown),
}
