"""Managers' page on one person: what is held, given out as a file, erased. A number that is typed
becomes its fingerprint at once; what the next page needs of it travels sealed, for a while.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import random

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, DomainError, LimitReached, UnknownCode
from queue_server.domain.office.office import IdentityKind, Office
from queue_server.domain.privacy.looking import By, StillLive
from queue_server.domain.privacy.retention import DataKind
from queue_server.domain.visit.identity import mask_name, parse_identity
from queue_server.services.privacy import person as people
from queue_server.services.privacy.person import Sought
from queue_server.store.privacy.persons import Held
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS, confirmed
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.contacts import parse_phone
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.field_words import bad_input_words
from queue_server.web.edge.forms.sealing import seal, unseal
from queue_server.web.edge.locale import current_language, format_moment
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.reports.beside import make_pdf
from queue_server.web.edge.words.privacy.kinds import kept_words
from queue_server.web.pages.manage.hours import changes

from .held import write_document

HANDLE_LASTS = timedelta(minutes=15)
TYPED_MAX = 60


def _show_search(office: Office, errors: Errors, by: str = By.NUMBER.value) -> str:
    return render_template(
        "manage/privacy/person.html", office=office, errors=errors, by=by, ways=_ways()
    )


def _ways() -> list[tuple[str, str]]:
    return [
        (By.NUMBER.value, _("NIK, passport or KITAS number")),
        (By.PHONE.value, _("Telephone number")),
        (By.CODE.value, _("Code of the booking")),
    ]


@changes.get("/privacy/person")
@office_page(MANAGERS)
def person(office: Office, who: Principal) -> ResponseReturnValue:
    """The form that finds somebody."""
    return _show_search(office, {})


@changes.post("/privacy/person")
@confirmed
@office_page(MANAGERS, in_person=True)
def find_person(office: Office, who: Principal) -> ResponseReturnValue:
    """Look for somebody. The look is in the log, whatever comes of it."""
    by, handle = request.form.get("by", ""), request.form.get("handle")
    try:
        sought = (
            _read_sought(office, by, request.form.get("typed", "")[:TYPED_MAX])
            if handle is None
            else Sought(By.NUMBER, _open_handle(office, who, handle))
        )
        fingerprints = people.look_up(context().database, office.code, sought, who.id, now())
    except BadInput as refused:
        words = bad_input_words(str(refused.facts["field"]), str(refused.facts["reason"]))
        return _show_search(office, {"typed": words}, by), 422
    except LimitReached as refused:
        words = _(
            "You have looked for %(num)s persons within an hour. Try again later; each look is in "
            "the log.",
            num=refused.facts["limit"],
        )
        return _show_search(office, {"": words}, by), 429
    if not fingerprints:
        words = _("Nothing is held of this person. Check what you typed, or say so to the person.")
        return _show_search(office, {"typed": words}, by), 404
    if len(fingerprints) > 1:
        return _show_several(office, who, fingerprints)
    return _show_held(office, who, fingerprints[0])


@changes.get("/privacy/person/erase")
@changes.get("/privacy/person/file")
@office_page(MANAGERS)
def back_to_person(office: Office, who: Principal) -> ResponseReturnValue:
    """The address of a form, opened anew: nothing of the person is in it."""
    return redirect(url_for("changes.person", office=office.code), 303)


def _read_sought(office: Office, by: str, typed: str) -> Sought:
    """Who is looked for. Raises `BadInput`."""
    match by:
        case By.PHONE:
            return Sought(By.PHONE, parse_phone(typed))
        case By.CODE:
            return Sought(By.CODE, typed.strip().upper().replace("-", "").replace(" ", ""))
    identity = parse_identity(typed, IdentityKind.NIK_OR_PASSPORT, office.date_at(now()))
    return Sought(By.NUMBER, identity.fingerprint(context().nik_key))


def _handle(office: Office, who: Principal, fingerprint: str) -> str:
    until = (now() + HANDLE_LASTS).timestamp()
    return seal(_handle_key(), json.dumps([office.code, who.id, fingerprint, until]))


def _handle_key() -> bytes:
    return hmac.digest(context().secret_key, b"person shown to a manager", "sha256")


def _open_handle(office: Office, who: Principal, handle: str) -> str:
    """The fingerprint that was sealed for this manager and office a while ago; else there is no
    such page.
    """
    text = unseal(_handle_key(), handle[:2_000])
    code, by, fingerprint, until = json.loads(text) if text else ("", "", "", 0.0)
    if (code, by) != (office.code, who.id) or now() > datetime.fromtimestamp(until, UTC):
        abort(404)
    return str(fingerprint)


def _load(office: Office, fingerprint: str) -> Held:
    with context().database.read() as connection:
        return people.load(connection, office.code, fingerprint, context().nik_key)


def _show_several(office: Office, who: Principal, fingerprints: list[str]) -> str:
    """Several persons gave one number: their names only as far as they tell them apart."""
    rows = []
    for fingerprint in fingerprints:
        held = _load(office, fingerprint)
        visitor = held.visits[-1][1] if held.visits else held.wishes[0].visitor
        rows.append((mask_name(visitor.name), visitor.nik_last4, _handle(office, who, fingerprint)))
    return render_template("manage/privacy/several.html", office=office, rows=rows)


def _show_held(
    office: Office, who: Principal, fingerprint: str, errors: Errors | None = None
) -> str:
    held = _load(office, fingerprint)
    if held.is_empty:
        abort(404)
    return render_template(
        "manage/privacy/held.html",
        office=office,
        document=write_document(office, held),
        standing=people.standing_of(held),
        handle=_handle(office, who, fingerprint),
        errors=errors or {},
    )


@changes.post("/privacy/person/file")
@confirmed
@office_page(MANAGERS, in_person=True)
def person_file(office: Office, who: Principal) -> ResponseReturnValue:
    """What is held of the person, as a file for the person."""
    fingerprint = _open_handle(office, who, request.form.get("handle", ""))
    held, format = _load(office, fingerprint), request.form.get("format", "")
    writers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "json": ("application/json", lambda: _write_json(office, held)),
        "pdf": ("application/pdf", lambda: _write_pdf(office, held)),
    }
    if held.is_empty or format not in writers:
        abort(404)
    type, write = writers[format]
    content = write()
    people.note_export(context().database, office.code, who.id, format, now())
    headers = {
        "Content-Disposition": f'attachment; filename="antrean-{office.code}-person.{format}"',
        "Cache-Control": "no-store",
    }
    return Response(content, content_type=type, headers=headers)


def _write_json(office: Office, held: Held) -> bytes:
    told = {"office": office.name, "made_at": now().isoformat(), **people.write_held(held)}
    return json.dumps(told, indent=2, ensure_ascii=False).encode()


def _write_pdf(office: Office, held: Held) -> bytes:
    language = current_language()
    made = _("Made %(time)s", time=format_moment(now(), language, office.zone))
    return make_pdf(context().beside, write_document(office, held), made, language)


@changes.post("/privacy/person/erase")
@confirmed
@office_page(MANAGERS, in_person=True)
def erase_person(office: Office, who: Principal) -> ResponseReturnValue:
    """Ask whether the person is to be forgotten, and then forget them."""
    handle = request.form.get("handle", "")
    fingerprint = _open_handle(office, who, handle)
    if request.form.get("what") != "erase":
        held = _load(office, fingerprint)
        if held.is_empty:
            abort(404)
        return render_template(
            "manage/privacy/erase.html",
            office=office,
            standing=people.standing_of(held),
            handle=handle,
        )
    try:
        receipt = people.erase(
            context().database,
            office.code,
            fingerprint,
            context().nik_key,
            who.id,
            random(),
            now(),
            cancelling_first=request.form.get("cancel") == "1",
        )
    except StillLive as refused:
        return _show_held(office, who, fingerprint, {"": _live_words(refused)}), 409
    except UnknownCode:
        abort(404)
    backups = kept_words(DataKind.BACKUPS, office.rules)
    return render_template(
        "manage/privacy/receipt.html", office=office, receipt=receipt, backups=backups
    )


def _live_words(refused: DomainError) -> str:
    if refused.facts["present"]:
        return _("The visitor is here now. Finish the visit first, then erase.")
    return _(
        "There are visits ahead. Tick that they are cancelled first, or wait until after them."
    )
