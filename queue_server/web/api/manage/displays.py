"""The screens of an office: how they are, and how they are set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from queue_server.domain import errors
from queue_server.domain.office.devices.displays import Hall, Quiet, ScreenSettings
from queue_server.domain.office.office import Office
from queue_server.services.access.display_sight import (
    Screens,
    ScreenView,
    list_screens,
    view_screen,
)
from queue_server.services.access.displays import find_settings, set_display
from queue_server.store.writer.transaction import Transaction
from queue_server.web.api.operations import operation
from queue_server.web.api.performing import perform_kept
from queue_server.web.edge.access.principals import admit_office
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.bodies.displays import DisplayBody
from queue_server.web.edge.context import context, find_office, now, today_at


@operation(
    "GET",
    "/offices/{office}/displays",
    access=MANAGERS,
    tag="staff",
    answers={200: Screens},
    refusals=[errors.UnknownOffice],
)
def list_displays(office: str) -> Screens:
    """List the screens of an office: how each is set, how it is, what it shows."""
    admit_office(office)
    the_office = find_office(office)
    return Screens(office, tuple(_view_all(the_office)))


@operation(
    "GET",
    "/offices/{office}/displays/{device}",
    access=MANAGERS,
    tag="staff",
    answers={200: ScreenView},
    refusals=[errors.UnknownOffice, errors.UnknownDevice],
)
def show_display(office: str, device: str) -> ScreenView:
    """Show a screen: how it is set, how it is, what it shows."""
    admit_office(office)
    return _view(find_office(office), device)


@operation(
    "PUT",
    "/offices/{office}/displays/{device}",
    access=MANAGERS,
    tag="staff",
    body=DisplayBody,
    answers={200: ScreenView},
    refusals=[errors.UnknownOffice, errors.UnknownDevice, errors.BadInput, errors.Changed],
)
def set_display_settings(office: str, device: str, body: DisplayBody) -> ScreenView:
    """Set a screen. A voice that is switched on silences the other screen of its zone."""
    who, moment, the_office = admit_office(office), now(), find_office(office)

    def command(tx: Transaction) -> dict[str, Any]:
        before = find_settings(tx, tx.office(office), device)
        told = _read(before, body)
        set_display(tx, office, device, told, who.id, moment, body.version)
        return {"device": device}

    perform_kept([today_at(the_office)], command)
    return _view(the_office, device)


def _view_all(office: Office) -> list[ScreenView]:
    with context().database.read() as connection:
        screens = list_screens(connection, office, context().heard, now())
    return [view_screen(office, each) for each in screens]


def _view(office: Office, device: str) -> ScreenView:
    for each in _view_all(office):
        if each.id == device:
            return each
    raise errors.UnknownDevice(device=device)


def _read(before: ScreenSettings, body: DisplayBody) -> ScreenSettings:
    """The settings with those of the body in place of the ones before."""
    given = {
        name: value
        for name in body.model_fields_set - {"version", "halls", "quiet"}
        if (value := getattr(body, name)) is not None
    }
    if body.halls is not None:
        given["halls"] = tuple(Hall(_plain(each.name), tuple(each.counters)) for each in body.halls)
    if body.quiet is not None:
        given["quiet"] = tuple(Quiet(each.starts, each.ends) for each in body.quiet)
    if body.languages is not None:
        given["languages"] = tuple(str(each) for each in body.languages)
    if body.message is not None:
        given["message"] = _plain(body.message)
    return replace(before, **given)


def _plain(words: Any) -> dict[str, str]:
    return {str(language): text for language, text in words.items() if text.strip()}
