"""Every managers' page with its name and what it is for, in the groups of the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queue_server.web.edge.locale import gettext as _


@dataclass(frozen=True)
class ManagersPage:
    """A page of the sidebar. `also` are other words, in any language, by which people look for it;
    `below` is the address of pages that belong to it and do not begin with its own.
    """

    endpoint: str
    icon: str
    title: str
    about: str
    also: tuple[str, ...] = ()
    below: str = ""


@dataclass(frozen=True)
class PageGroup:
    """Pages about one matter."""

    title: str
    pages: Sequence[ManagersPage]


def page_groups() -> list[PageGroup]:
    """All groups, in the order of the sidebar."""
    return [
        PageGroup(_("Office"), _office_pages()),
        PageGroup(_("Services and queues"), _service_pages()),
        PageGroup(_("Places and hours"), _place_pages()),
        PageGroup(_("Messages"), _message_pages()),
        PageGroup(_("Devices and screens"), _device_pages()),
        PageGroup(_("People"), _people_pages()),
        PageGroup(_("Reports"), _report_pages()),
        PageGroup(_("Watch"), _watch_pages()),
    ]


def _office_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "changes.overview",
            "grid",
            _("Overview"),
            _("Everything a manager sets, with what waits for somebody."),
        ),
        ManagersPage(
            "settings.details",
            "paper",
            _("Name, time zone and languages"),
            _("What the office is called, in which time zone its clocks are, which languages."),
            ("WIB WITA WIT", "jam", "clock", "bahasa", "language"),
        ),
        ManagersPage(
            "descriptions.place",
            "place",
            _("Address and access"),
            _("Where the office is, wheelchairs, parking and how to get there."),
            ("telepon", "phone", "peta", "map", "parkir", "kursi roda"),
        ),
        ManagersPage(
            "setup.steps",
            "ok",
            _("First set-up"),
            _("What an office needs before its first visitor, step by step."),
            ("set-up", "mulai", "langkah", "steps"),
            "/setup/steps",
        ),
        ManagersPage(
            "whole.show",
            "share",
            _("The office as a whole"),
            _("Its file to download, a copy of it, closing and deleting it."),
            ("yaml", "export", "import", "copy", "salin", "tutup", "hapus"),
        ),
        ManagersPage(
            "settings.history",
            "clock",
            _("History of changes"),
            _("Who changed which setting when, from what to what; and taking it back."),
            ("undo", "batal", "urungkan", "riwayat", "audit"),
        ),
    )


def _service_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "descriptions.services",
            "paper",
            _("Services"),
            _("Add, describe, arrange and retire services; their minutes and search words."),
            ("layanan", "syarat", "requirements", "catalogue", "katalog"),
            "/manage/service",
        ),
        ManagersPage(
            "settings.streams",
            "people",
            _("Queues"),
            _("The queues with their letters and names."),
            ("stream", "huruf", "letter", "antrean", "loket"),
        ),
        ManagersPage(
            "settings.counters",
            "desk",
            _("Counters"),
            _("The counters with their names and the queues that each serves."),
            ("loket", "skills", "meja", "desk"),
        ),
        ManagersPage(
            "changes.remote",
            "phone",
            _("By phone and video"),
            _("Which services visitors may have from home, and which counters ring them."),
            ("telepon", "panggilan", "daring", "call", "remote", "WFH"),
        ),
        ManagersPage(
            "changes.rules",
            "paper",
            _("Queue rules"),
            _("Limits per person, call order, calls, waiting list, targets and alerts."),
            ("aturan", "policy"),
        ),
    )


def _place_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "changes.hours",
            "clock",
            _("Opening hours"),
            _("The week, seasons such as Ramadan, single days and public holidays."),
            ("jam buka", "libur", "holidays", "closed", "tutup", "istirahat", "break"),
        ),
        ManagersPage(
            "changes.mode",
            "info",
            _("Service mode"),
            _("Normal, online first, urgent cases only or closed, for the office or one service."),
            ("tutup", "closed", "mendesak", "urgent", "daring"),
        ),
        ManagersPage(
            "changes.limit",
            "people",
            _("Limit and shares"),
            _("How many may be inside, and which part of the places is booked ahead."),
            ("kuota", "quota", "kapasitas", "capacity", "jatah"),
        ),
        ManagersPage(
            "room.show",
            "grid",
            _("Room limit"),
            _("Describe the room and see how many people it can hold."),
            ("kursi", "seats", "jarak", "distance", "kapasitas", "capacity"),
        ),
    )


def _message_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "changes.messages",
            "bell",
            _("Messages to visitors"),
            _("What visitors are told, in your own words, and how it looks."),
            ("surel", "e-mail", "SMS", "WhatsApp", "pengingat", "reminder"),
        ),
        ManagersPage(
            "changes.webhooks",
            "share",
            _("Webhooks"),
            _("Other programs that are told at once what happens in the office."),
            ("API", "program"),
        ),
    )


def _device_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "manage.devices",
            "screen",
            _("Devices"),
            _("Approve a kiosk, a TV or a printer by its pairing code."),
            ("anjungan", "mesin", "printer", "pairing", "kode"),
        ),
        ManagersPage(
            "manage.displays",
            "screen",
            _("Screens"),
            _("What each lobby screen shows, its layout, its voice, and a test call."),
            ("TV", "suara", "voice", "layar"),
        ),
        ManagersPage(
            "changes.slip",
            "print",
            _("Printed slip"),
            _("What is printed on every slip, with an example."),
            ("karcis", "struk", "logo", "kertas", "paper"),
        ),
    )


def _people_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "accounts.staff",
            "key",
            _("Staff accounts"),
            _("Add somebody, set a new password, or close the account of somebody who left."),
            ("petugas", "akun", "kata sandi", "password", "user"),
        ),
        ManagersPage(
            "changes.privacy",
            "key",
            _("Personal data"),
            _("How long data of visitors are kept, one person's data, and the record."),
            ("privasi", "privacy", "retensi", "hapus", "NIK", "UU PDP"),
        ),
    )


def _report_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "changes.reports",
            "grid",
            _("Report"),
            _("How many came, waited and were served, by day, week, month or year."),
            ("laporan", "statistik", "statistics", "Excel", "PDF"),
        ),
        ManagersPage(
            "changes.triage",
            "people",
            _("Advice before the visit"),
            _("What visitors were advised, and how many came anyway."),
            ("saran", "triage"),
        ),
        ManagersPage(
            "changes.cancelled",
            "paper",
            _("Cancelled visits"),
            _("How many were cancelled in the last 30 days, and why."),
            ("pembatalan",),
        ),
    )


def _watch_pages() -> tuple[ManagersPage, ...]:
    return (
        ManagersPage(
            "changes.stranded",
            "ticket",
            _("Bookings to rearrange"),
            _("Bookings that have lost their time, and visitors who are to be told by hand."),
            ("pindah", "call list"),
        ),
        ManagersPage(
            "changes.anomalies",
            "warn",
            _("Suspicious bookings"),
            _("Many bookings from one phone, browser or address, in the names of many persons."),
            ("calo", "touts", "robot"),
        ),
        ManagersPage(
            "supervise.dashboard",
            "people",
            _("Supervisor"),
            _("Who waits, which counters are open, and what needs a hand now."),
        ),
    )
