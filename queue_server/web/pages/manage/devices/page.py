"""The devices of an office: how each is, what is wrong with it, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from queue_server.domain.office.devices.health import PrinterCode, judge_hearing, read_printer
from queue_server.domain.office.devices.orders import JOB_FACT
from queue_server.domain.office.devices.troubles import Trouble, TroubleCode
from queue_server.domain.office.office import Office
from queue_server.services.access.device_sight import find_silent, view_troubles
from queue_server.services.access.displays import DISPLAY
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import kind_words
from queue_server.web.edge.words.devices.troubles import hearing_words, printer_words, trouble_words
from queue_server.web.pages.manage.kiosks.rows import list_leases
from queue_server.web.pages.manage.settings.undo_offer import find_offer

manage = Blueprint("manage", __name__, url_prefix="/manage")

_STATE_ORDER = ("PAIRED", "APPROVED", "PENDING", "REVOKED")


@dataclass(frozen=True)
class TroubleLine:
    """A trouble in a sentence, and since when."""

    words: str
    urgent: bool
    since: str


@dataclass(frozen=True)
class DeviceCard:
    """A device as the page shows it. `job`: the print job for which staff have to answer first,
    `job_number` the number on its slip. `has_printer`: it can be told of a roll, and print a test.
    `is_screen`: it has settings of its own.
    """

    id: str
    name: str
    kind_words: str
    badges: Sequence[tuple[str, str]]
    troubles: Sequence[TroubleLine]
    facts: Sequence[tuple[str, str]]
    revocable: bool
    has_printer: bool
    job: str
    job_number: str
    is_screen: bool


def show_device(device: Device, office: Office, silent: frozenset[str]) -> DeviceCard:
    """A device in words. `silent`: the ids of those that are not heard."""
    is_paired = device.state == "PAIRED"
    said: Mapping[str, Any] = device.health or {} if is_paired else {}
    troubles = view_troubles(device, office, now(), device.id in silent) if is_paired else ()
    printer = read_printer(said)
    return DeviceCard(
        device.id,
        device.name,
        kind_words(device.kind),
        _badges(device, office, troubles, printer),
        [_say_trouble(each, device.name or kind_words(device.kind), office) for each in troubles],
        _say_facts(device, said, office),
        device.state != "REVOKED",
        printer not in (None, PrinterCode.NONE),
        str(said.get(JOB_FACT, "")),
        str(said.get("unconfirmed_number", "")),
        is_paired and device.kind == DISPLAY,
    )


def _badges(
    device: Device, office: Office, troubles: Sequence[Trouble], printer: PrinterCode | None
) -> list[tuple[str, str]]:
    if device.state != "PAIRED":
        return [
            {
                "PENDING": (_("Waiting for approval"), "info"),
                "APPROVED": (_("Approved, being set up"), "info"),
                "REVOKED": (_("Revoked"), "late"),
            }[device.state]
        ]
    hearing = hearing_words(judge_hearing(device.seen_at, now(), office.rules))
    if any(each.code is TroubleCode.SILENT for each in troubles):
        hearing = (_("Not connected"), "late")
    words = printer_words(printer)
    return [hearing, words] if words[0] else [hearing]


def _say_trouble(trouble: Trouble, name: str, office: Office) -> TroubleLine:
    since = ""
    if trouble.since is not None:
        since = _("since {time}").format(
            time=format_moment(trouble.since, current_language(), office.zone)
        )
    return TroubleLine(trouble_words(trouble, name), trouble.code.is_urgent, since)


def _say_facts(device: Device, said: Mapping[str, Any], office: Office) -> list[tuple[str, str]]:
    seen = format_moment(device.seen_at, current_language(), office.zone) if device.seen_at else "–"
    counted = [
        (_("Slips left on the roll"), said.get("roll_left")),
        (_("Slips waiting to be printed"), said.get("print_queued", said.get("queued"))),
        (_("Numbers in store"), said.get("lease_left")),
        (_("Numbers not yet reported"), said.get("outbox")),
    ]
    return [
        (_("Last heard from"), seen),
        *(
            (label, str(count))
            for label, count in counted
            if type(count) is int and (count > 0 or (count == 0 and label != counted[3][0]))
        ),
        *([(_("Version"), str(said["build"])[:12])] if said.get("build") else []),
    ]


def list_cards(office: Office) -> list[DeviceCard]:
    """The devices of an office: those at work first, and of them those that need a hand."""
    with context().database.read() as connection:
        known = device_store.list_of_office(connection, office.code)
        silent = find_silent(connection, office, now())
    cards = [(each, show_device(each, office, silent)) for each in known]

    def rank(pair: tuple[Device, DeviceCard]) -> tuple[int, bool, bool]:
        device, card = pair
        urgent = any(each.urgent for each in card.troubles)
        return _STATE_ORDER.index(device.state), not urgent, not card.troubles

    return [card for _device, card in sorted(cards, key=rank)]


def mark_of(cards: Sequence[DeviceCard]) -> str:
    """A short mark of everything on the page but when each device was heard: it changes when
    something does.
    """
    said = [(each.id, each.name, each.badges, each.troubles, each.job) for each in cards]
    return sha256(repr(said).encode()).hexdigest()[:16]


@manage.get("/devices")
@office_page(MANAGERS)
def devices(office: Office, who: Principal) -> ResponseReturnValue:
    """The devices of the office."""
    return render_devices(office, {}, {})


@manage.get("/devices/mark")
@office_page(MANAGERS)
def devices_mark(office: Office, who: Principal) -> Response:
    """What the page compares with its own mark every few seconds."""
    return jsonify({"mark": mark_of(list_cards(office))})


def render_devices(
    office: Office,
    values: dict[str, str],
    errors: dict[str, str],
    *,
    sensor_token: str | None = None,
) -> str:
    """The list with the forms to approve one more and to add a sensor; `sensor_token` is a new
    sensor's, shown this once.
    """
    done = {
        "approved": _("The device is approved. It starts by itself within a few seconds."),
        "revoked": _("The device is cut off."),
        "replaced": _("The new installation gets its numbers within a minute."),
        "renamed": _("The device has its new name."),
        "ordered": _("The device is told within ten seconds."),
    }
    cards = list_cards(office)
    with context().database.read() as connection:
        leases = list_leases(
            connection, office.code, {each.id: each.name for each in cards}, context().secret_key
        )
    return render_template(
        "manage/devices/page.html",
        office=office,
        devices=cards,
        page_mark=mark_of(cards),
        values=values,
        errors=errors,
        done=done.get(request.args.get("done", "")) if not errors else None,
        undo=find_offer(office),
        sensor_token=sensor_token,
        leases=leases,
        count_url=f"{context().settings.public_url}/api/v1/offices/{office.code}/door-counts",
    )
