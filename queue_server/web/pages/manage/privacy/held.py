"""What is held of one person, in words and tables: for the page and for the PDF."""

from __future__ import annotations

from queue_server.domain.office.office import Office
from queue_server.domain.privacy.retention import DataKind
from queue_server.domain.visit.identity import Document as IdentityDocument
from queue_server.domain.visit.identity import Visitor
from queue_server.services.shown import service_of
from queue_server.store.privacy.persons import Held
from queue_server.web.edge.locale import current_language, format_moment, in_language, ngettext
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.reports.content import Document
from queue_server.web.edge.reports.sections import Column, Kind, Section, Value
from queue_server.web.edge.words.codes import staff_need_words
from queue_server.web.edge.words.messages.told import channel_way_words, message_kind_words
from queue_server.web.edge.words.privacy.kinds import kept_words, kind_words
from queue_server.web.edge.words.tickets import state_words


def write_document(office: Office, held: Held) -> Document:
    """Everything in tables; what is empty is left out."""
    notes = [
        _(
            "The number of the NIK or passport itself is not kept: only a keyed fingerprint of it, "
            "and its last four characters."
        )
    ]
    sections = [
        _person(held),
        _visits(office, held),
        _wishes(office, held),
        _notes(office, held),
        _messages(office, held),
        _marks(office, held),
    ]
    filled = [each for each in sections if each.rows]
    return Document(_("Data of one person"), office.name, _until(office), notes, filled)


def _until(office: Office) -> str:
    kept = kept_words(DataKind.VISITORS, office.rules)
    return _("Deleted by itself %(days)s after each visit.", days=kept)


def _texts(*titles: str) -> list[Column]:
    return [Column(title, Kind.TEXT) for title in titles]


def _person(held: Held) -> Section:
    people = [visitor for _ticket, visitor in held.visits]
    people += [each.visitor for each in held.wishes]
    rows: list[tuple[Value, ...]] = []
    for visitor in dict.fromkeys(people):
        rows += [row for row in _describe(visitor) if row not in rows]
    return Section("person", _("The person"), "", _texts(_("Data"), _("Kept")), rows)


def _describe(visitor: Visitor) -> list[tuple[Value, ...]]:
    document = (
        _("NIK ends with")
        if visitor.document is IdentityDocument.NIK
        else _("Passport or KITAS number ends with")
    )
    told: list[tuple[str, str | None]] = [
        (_("Name"), visitor.name),
        (document, visitor.nik_last4),
        (_("Telephone"), visitor.phone),
        (_("E-mail address"), visitor.email),
        (_("Help needed"), ", ".join(staff_need_words()[each.value] for each in visitor.needs)),
        (_("Somebody else comes"), _("yes") if visitor.represented else None),
        (_("Wants reminders"), _("yes") if visitor.reminders else None),
    ]
    return [(label, value) for label, value in told if value]


def _visits(office: Office, held: Held) -> Section:
    language = current_language()
    rows = [
        (
            format_moment(ticket.slot, language, office.zone) if ticket.slot else ticket.date,
            in_language(service_of(office, ticket.service).name),
            state_words().get(ticket.state.value, ticket.state.value),
            ticket.number or "–",
            ticket.code,
        )
        for ticket, _visitor in held.visits
    ]
    columns = _texts(_("Time"), _("Service"), _("State"), _("Number"), _("Code"))
    return Section("visits", _("Visits"), "", columns, rows)


def _wishes(office: Office, held: Held) -> Section:
    language = current_language()
    rows = [
        (
            format_moment(each.created_at, language, office.zone),
            in_language(service_of(office, each.service).name),
            each.code,
        )
        for each in held.wishes
    ]
    columns = _texts(_("Since"), _("Service"), _("Code"))
    return Section("waitlist", _("Waitlist"), "", columns, rows)


def _notes(office: Office, held: Held) -> Section:
    language = current_language()
    rows = [(format_moment(each.at, language, office.zone), each.text) for each in held.notes]
    columns = _texts(_("Time"), _("Note"))
    return Section("notes", kind_words()[DataKind.NOTES][0], "", columns, rows)


def _messages(office: Office, held: Held) -> Section:
    language = current_language()
    rows = [
        (
            format_moment(each.created_at, language, office.zone),
            message_kind_words(each.kind),
            channel_way_words(each.channel),
        )
        for each in held.messages
    ]
    columns = _texts(_("Time"), _("About"), _("Way"))
    return Section("messages", kind_words()[DataKind.MESSAGES][0], "", columns, rows)


def _marks(office: Office, held: Held) -> Section:
    """What is kept as keyed marks alone, from which nothing can be read."""
    words = kind_words()
    counts = (
        (DataKind.NO_SHOWS, len(held.missed_at)),
        (DataKind.CONTACTS, len(held.contacts)),
        (DataKind.SOURCES, held.sources),
    )
    rows = [
        (
            words[kind][0],
            ngettext("%(num)s row", "%(num)s rows", number),
            kept_words(kind, office.rules),
        )
        for kind, number in counts
        if number
    ]
    columns = _texts(_("Data"), _("Kept"), _("Kept for"))
    return Section("marks", _("Keyed marks"), "", columns, rows)
