"""What managers do with the devices of an office: approve, name, order, cut off."""

from __future__ import annotations

import re
from typing import Annotated

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, StringConstraints

from queue_server.domain.errors import BadInput, Changed, NoPrinter, PairingExpired, UnknownDevice
from queue_server.domain.office.devices.orders import OrderKind
from queue_server.domain.office.office import Office
from queue_server.services.access import device_orders
from queue_server.services.access import devices as device_service
from queue_server.services.access.sessions import new_secret
from queue_server.services.idempotency import Answer
from queue_server.store.access import devices as device_store
from queue_server.store.access.devices import Device
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, draw_key, run_once
from queue_server.web.edge.forms.reading import FormLine, read_form
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.refusals import refusal_words
from queue_server.web.pages.manage.settings.undo_offer import tell_revision

from .page import manage, render_devices, show_device


class ApprovalForm(BaseModel):
    """The code on a device's screen, as it is read off there, and where the device stands."""

    code: Annotated[str, StringConstraints(min_length=1)]
    name: Annotated[FormLine, StringConstraints(min_length=1)]


class SensorForm(BaseModel):
    """Which door a sensor watches."""

    sensor_name: Annotated[FormLine, StringConstraints(min_length=1)]


class NameForm(BaseModel):
    """What a device is called from now on."""

    new_name: Annotated[FormLine, StringConstraints(min_length=1)]


def find_device(who: Principal, device_id: str) -> Device:
    """A device of an office this manager works for. Raises `UnknownDevice` for any other, so that
    ids teach nothing.
    """
    with context().database.read() as connection:
        device = device_store.find(connection, device_id, None)
    if device.office is None or not who.may_work_in(device.office):
        raise UnknownDevice(device=device_id)
    return device


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
@confirmed
@office_page(MANAGERS, in_person=True)
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
@confirmed
@office_page(MANAGERS, in_person=True)
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
        "manage/devices/revoke.html", office=office, device=show_device(device, office, frozenset())
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


@manage.get("/devices/<device_id>/rename")
@manage.get("/devices/<device_id>/order")
@office_page(MANAGERS, of=find_device)
def back_to_device(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """As `back_to_devices`, for the forms of one device."""
    return redirect(url_for("manage.devices", office=office.code, lang=request.args.get("lang")))


@manage.post("/devices/<device_id>/rename")
@office_page(MANAGERS, of=find_device)
def rename_device(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Give a device another name."""
    name, moment = request.form.get("new_name", "").strip()[:60], now()
    _form, errors = read_form(
        NameForm, {"new_name": name}, lambda *_why: _("Enter where the device stands")
    )

    def rename(tx: Transaction) -> object:
        seen = request.form.get("seen")
        return device_orders.rename(tx, office.code, device.id, name, who.id, moment, seen)

    def act() -> str:
        answer = run_once(
            "rename",
            who.id,
            [device.id, name],
            [today_at(office)],
            lambda tx: tell_revision(tx, office.code, rename),
        )
        made = answer.get("revision")
        return url_for("manage.devices", office=office.code, done="renamed", change=made)

    return answer_form(
        errors,
        act,
        lambda wrong: render_devices(office, {}, wrong),
        (Changed,),
        lambda refused: {"": refusal_words(refused.code, refused.facts)},
    )


@manage.post("/devices/<device_id>/order")
@office_page(MANAGERS, of=find_device)
def give_order(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Have a device do something: answer for a slip, begin a new roll, print a test."""
    wanted, job, moment = request.form.get("order", ""), request.form.get("job", "")[:80], now()
    if wanted not in set(OrderKind):
        raise BadInput(field="order", reason="choice")
    seen_on = "manage.displays" if wanted == OrderKind.TEST_CALL else "manage.devices"

    def act() -> str:
        run_once(
            "order",
            who.id,
            [device.id, wanted, job],
            [today_at(office)],
            lambda tx: device_orders.order_device(
                tx, office.code, device.id, OrderKind(wanted), job, who.id, moment
            ),
        )
        return url_for(seen_on, office=office.code, done="ordered")

    return answer_form(
        {},
        act,
        lambda wrong: render_devices(office, {}, wrong),
        (Changed, NoPrinter),
        lambda refused: {"": refusal_words(refused.code, refused.facts)},
    )
