"""All server-rendered pages, put into an app in one call."""
from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from . import (
    assets,
    booking,
    booking_details,
    contact_proof,
    earliest_page,
    locale,
    manage_anomalies,
    manage_mode,
    manage_rules,
    manage_staff,
    manage_stranded,
    own_password,
    rules_page,
    ticket_move,
    ticket_page,
    turns,
    waitlist,
)
from .booking import SlotChoice
from .desk import desk
from .door import door
from .gallery import gallery
from .manage import manage
from .manage_changes import changes
from .manage_room import manage_room
from .opening_words import show_coming, show_standing, weekday_name
from .public import pages
from .reception import reception
from .supervise import supervise
from .wording import channel_words, counter_words, mode_name_words, role_words

__all__ = [
    "booking", "booking_details", "contact_proof", "earliest_page", "install", "manage_anomalies", "manage_mode", "manage_rules",
    "manage_staff", "manage_stranded", "own_password", "rules_page", "ticket_move", "ticket_page", "turns", "waitlist",
]


def first_free(slots: Iterable[SlotChoice]) -> str | None:
    """The id of the first time that can be taken: where an error about the times leads."""
    return next((each.id for each in slots if each.free > 0), None)


def install(app: Flask, *, demo: bool, https: bool) -> None:
    """Register languages, static files and pages; the gallery only in the demo. Access rules are `auth.install`'s matter."""
    locale.install(app, https=https)
    assets.install(app)
    for blueprint in (pages, desk, reception, door, manage, manage_room, changes, supervise, *((gallery,) if demo else ())):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        channel_words=channel_words, counter_words=counter_words, first_free=first_free, role_words=role_words, standing=show_standing,
        coming=show_coming, mode_name=mode_name_words, weekday_name=weekday_name,
    )
