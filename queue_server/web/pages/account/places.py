"""What a form says of somebody's role and offices, and what it offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from queue_server.domain.access.accounts import User, roles_given_by
from queue_server.domain.access.workplaces import place_in
from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import Office
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.context import list_offices
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import role_words

from .words import account_error_words, role_hint

ALL = "all"
"""What the form says for all offices, instead of a code."""


@dataclass(frozen=True)
class Place:
    """A role, and the offices in which somebody has it, as `User` has them."""

    role: str
    office: str | None
    also: tuple[str, ...]


@dataclass(frozen=True)
class PlaceChoices:
    """What a form offers. `offices` are codes and names; without any, it is about the office of the
    page. `everywhere`: all offices may be chosen, later ones too.
    """

    roles: Sequence[tuple[str, str, str]]
    offices: Sequence[tuple[str, str]]
    everywhere: bool


def offer_places(who: Principal) -> PlaceChoices:
    """What somebody may hand out."""
    theirs = [] if who.only_office is not None else list_offices()
    return PlaceChoices(
        [
            (each.value, role_words(each.value), role_hint(each.value))
            for each in roles_given_by(who)
        ],
        [(each.code, each.name) for each in theirs if who.may_work_in(each.code)],
        who.office is None,
    )


def typed_offices() -> list[str]:
    """The offices of the form at hand, as ticked."""
    return [each[:60] for each in request.form.getlist("offices")]


def read_place(who: Principal, office: Office, user: User | None = None) -> tuple[Place, Errors]:
    """The role and the offices of the form at hand, and what is wrong with them. The office that is
    somebody's stays theirs while it is chosen; else it is that of the page.
    """
    choices, role = offer_places(who), request.form.get("role", "").strip()
    chosen, errors = typed_offices(), {}
    if role not in [each for each, *_more in choices.roles]:
        errors["role"] = account_error_words(BadInput(field="role", reason="choice"))
    if not choices.offices:
        return Place(role, office.code, ()), errors
    if ALL in chosen and choices.everywhere:
        return Place(role, None, ()), errors
    known = [code for code, _name in choices.offices if code in chosen]
    if not known:
        errors["offices"] = _("Choose at least one office")
    first = [each for each in (user.office if user else None, office.code) if each in known]
    place, also = place_in([*first[:1], *known])
    return Place(role, place, also), errors


def office_words(user: User | Place, names: Mapping[str, str]) -> str:
    """In which offices somebody works, by name."""
    if user.office is None:
        return _("all offices")
    return ", ".join(names.get(each, each) for each in (user.office, *user.also))
