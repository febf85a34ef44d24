"""All server-rendered pages, put into an app in one call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader

from queue_server.web.edge import assets, compression, locale
from queue_server.web.edge.access.passkey_site import has_passkeys
from queue_server.web.edge.access.staff import may_open, staff_bar
from queue_server.web.edge.forms.commands import draw_key
from queue_server.web.edge.indentation import Indentation
from queue_server.web.edge.managing.sidebar import make_sidebar
from queue_server.web.edge.words.codes import channel_words, mode_name_words, role_words
from queue_server.web.edge.words.location import show_way
from queue_server.web.edge.words.opening import show_coming, show_standing, weekday_name
from queue_server.web.edge.words.tickets import counter_words
from queue_server.web.pages.citizen.booking.choices import SlotChoice

from . import account, citizen, counter, door, manage, province, reception, setup, supervisor
from .account.factors.service import has_service
from .gallery import gallery

PAGES = Path(__file__).parent
TEMPLATES = PAGES.parent / "edge" / "templates"


def first_free(slots: Iterable[SlotChoice]) -> str | None:
    """The id of the first time that can be taken: where an error about the times leads."""
    return next((each.id for each in slots if each.free > 0), None)


def install(app: Flask, *, demo: bool, https: bool) -> None:
    """Register languages, static files and pages; the gallery only in the demo. Access rules are
    `access.routes`' matter.
    """
    app.jinja_loader = FileSystemLoader([PAGES, TEMPLATES])
    app.jinja_env.add_extension(Indentation)
    locale.install(app, https=https)
    assets.install(app)
    compression.install(app)
    for folder in (citizen, account, counter, reception, door, manage, setup, province, supervisor):
        for blueprint in folder.BLUEPRINTS:
            app.register_blueprint(blueprint)
    if demo:
        app.register_blueprint(gallery)
    app.jinja_env.globals.update(
        channel_words=channel_words,
        counter_words=counter_words,
        first_free=first_free,
        form_key=draw_key,
        has_passkeys=has_passkeys,
        has_service=has_service,
        may_open=may_open,
        managers_sidebar=make_sidebar,
        role_words=role_words,
        staff_bar=staff_bar,
        show_way=show_way,
        standing=show_standing,
        coming=show_coming,
        mode_name=mode_name_words,
        weekday_name=weekday_name,
    )
