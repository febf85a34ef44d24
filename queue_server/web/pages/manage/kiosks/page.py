"""Letting another installation of a kiosk go on in place of the first one."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.office.office import Office
from queue_server.services.door import leasing
from queue_server.store.access.devices import Device
from queue_server.store.door import leases as lease_store
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.commands import run_once
from queue_server.web.pages.manage.devices.acts import find_device
from queue_server.web.pages.manage.devices.page import manage


@manage.get("/devices/<device_id>/replace")
@office_page(MANAGERS, of=find_device)
def replace_kiosk(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Ask before the numbers of the first installation are given up."""
    return render_template("manage/kiosks/replace.html", office=office, device=device)


@manage.post("/devices/<device_id>/replace")
@office_page(MANAGERS, of=find_device)
def do_replace_kiosk(office: Office, who: Principal, device: Device) -> ResponseReturnValue:
    """Give up what the first installation holds, so that the other one gets its own."""
    moment = now()
    with context().database.read() as connection:
        alive = lease_store.list_active(connection, device.id, office.code)
    run_once(
        "replace-kiosk",
        who.id,
        [device.id],
        [(office.code, each.date) for each in alive],
        lambda tx: leasing.replace_installation(tx, office.code, device.id, who.id, moment),
    )
    return redirect(url_for("manage.devices", office=office.code, done="replaced"), 303)
