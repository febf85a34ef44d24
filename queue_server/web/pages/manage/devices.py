"""Managers' pages: the devices of an office."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, StringConstraints

from queue_server.domain.errors import BadInput, PairingExpired, UnknownDevice
from queue_server.domain.office.device_health import judge_hearing, read_printer
from queue_server.domain.office.office import Office
from queue_server.services.access import devices as device_service
from queue_server.services.access.sessions import new_secret
from queue_server.services.idempotency import Answer
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, draw_key, run_once
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import kind_words
from queue_server.web.edge.words.devices import hearing_words, printer_words
from queue_server.web.edge.words.refusals import refusal_words

from .kiosks.rows import list_leases

manage = Blueprint("manage", __name__, url_prefix="/manage")


class ApprovalForm(BaseModel):
    """The code on a device's screen, as it is read off there, and where the device stands."""

    code: Annotated[str, StringConstraints(min_length=1)]
    name: Annotated[FormLine, StringConstraints(min_length=1)]


class SensorForm(BaseModel):
    """Which door a sensor watches."""

    sensor_name: Annotated[FormLine, StringConstraints(min_length=1)]


@dataclass(frozen=True)
class DeviceRow:
    """A device as the list shows it."""

    id: str
    name: str
    kind_words: str
    state_words: str
    state_badge: str
    seen_words: str
    revocable: bool
    printer_words: str
    printer_badge: str


def show_device(device: Device, office: Office) -> DeviceRow:
    """A device's state in words."""
    words, badge = {
        "PENDING": (_("Waiting for approval"), "info"),
        "APPROVED": (_("Approved, being set up"), "info"),
        "REVOKED": (_("Revoked"), "late"),
    }.get(device.state, ("", ""))
    if device.state == "PAIRED":
        words, badge = hearing_words(judge_hearing(device.seen_at, now(), office.rules))
    printer, look = (
        printer_words(read_printer(device.health)) if device.state == "PAIRED" else ("", "")
    )
    seen = format_moment(device.seen_at, current_language(), office.zone) if device.seen_at else "–"
    return DeviceRow(
        device.id,
        device.name,
        kind_words(device.kind),
        words,
        badge,
        seen,
        device.state != "REVOKED",
        printer,
        look,
    )


def find_device(who: Principal, device_id: str) -> Device:
    """A device of an office this manager works for. Raises `UnknownDevice` for any other, so that
    ids teach nothing.
    """
    with context().database.read() as connection:
        device = device_store.find(connection, device_id, who.office)
    if device.office is None:
        raise UnknownDevice(device=device_id)
    return device


@manage.get("/devices")
@office_page(MANAGERS)
def devices(office: Office, who: Principal) -> ResponseReturnValue:
    """The devices of the office."""
    return render_devices(office, {}, {})


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
    with context().database.read() as connection:
        known = device_store.list_of_office(connection, office.code)
        names = {each.id: each.name for each in known}
        leases = list_leases(connection, office.code, names, context().secret_key)
    done = {
        "approved": _("The device is approved. It starts by itself within a few seconds."),
        "revoked": _("The device is cut off."),
        "replaced": _("The new installation gets its numbers within a minute."),
    }
    return render_template(
        "manage/devices.html",
        office=office,
        devices=[show_device(each, office) for each in known],
        values=values,
        errors=errors,
        done=done.get(request.args.get("done", "")) if not errors else None,
        sensor_token=sensor_token,
        leases=leases,
        count_url=f"{context().settings.public_url}/api/v1/offices/{office.code}/door-counts",
    )


def _say_approval(field: str, _reason: str) -> str:
    return {
        "code": _("Enter the pairing code from the device's screen"),
        "name": _("Enter where the device stands"),
    }[field]


@manage.get("/devices/approve")
@manage.get("/devices/sensor")
@office_page(MANAGERS)
def back_to_devices(office: Office, who: Principal) -> ResponseReturnValue:
    """These addresses only take forms; who comes back to one, after signing in anew say, sees the
    devices.
    """
    return redirect(url_for("manage.devices", office=office.code, lang=request.args.get("lang")))


@manage.post("/devices/approve")
@office_page(MANAGERS)
def approve_device(office: Office, who: Principal) -> ResponseReturnValue:
    """Let the device that shows this code work for the office."""
    values = {name: request.form.get(name, "").strip()[:60] for name in ("code", "name")}
    _form, errors = read_form(ApprovalForm, values, _say_approval)
    code, name, moment = re.sub(r"[- ]", "", values["code"]), values["name"], now()

    def act() -> str:
        run_once(
            "approve",
            who.id,
            [office.code, code, name],
            [today_at(office)],
            lambda tx: device_service.approve(tx, code, office.code, name, who.id, moment),
        )
        return url_for("manage.devices", office=office.code, done="approved")

    return answer_form(
        errors,
        act,
        lambda wrong: render_devices(office, values, wrong),
        (UnknownDevice, PairingExpired, BadInput),
        lambda refused: {"code": refusal_words(refused.code, refused.facts)},
    )


@manage.post("/devices/sensor")
@office_page(MANAGERS)
def add_sensor(office: Office, who: Principal) -> ResponseReturnValue:
    """Add a counting sensor. It has no screen to show a pairing code on, so its token is shown
    here, once.
    """
    name = request.form.get("sensor_name", "").strip()[:60]
    _form, errors = read_form(
        SensorForm, {"sensor_name": name}, lambda *_why: _("Enter which door the sensor watches")
    )
    token, moment = new_secret(), now()

    request_id = draw_key()

    def command(tx: Transaction) -> Answer:
        device_service.add_sensor(tx, office.code, name, token, who.id, moment)
        return {"request": request_id}

    def act() -> ResponseReturnValue:
        added = run_once("sensor", who.id, [office.code, name], [today_at(office)], command)
        # Sent twice, the token has been shown before, and is kept nowhere.
        return (
            make_response(render_devices(office, {}, {}, sensor_token=token))
            if added["request"] == request_id
            else url_for("manage.devices", office=office.code)
        )

    return answer_form(
        errors, act, lambda wrong: render_devices(office, {"sensor_name": name}, wrong)
    )


@manage.get("/devices/<device_id>/revoke")
@office_page(MANAGERS, of=find_device)
def revoke_device(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Ask before cutting a device off."""
    return render_template(
        "manage/device_revoke.html", office=office, device=show_device(device, office)
    )


@manage.post("/devices/<device_id>/revoke")
@office_page(MANAGERS, of=find_device)
def do_revoke_device(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Cut a device off."""
    moment = now()

    run_once(
        "revoke",
        who.id,
        [device.id],
        [today_at(office)],
        lambda tx: device_service.revoke(tx, office.code, device.id, who.id, moment),
    )
    return redirect(url_for("manage.devices", office=office.code, done="revoked"), 303)
