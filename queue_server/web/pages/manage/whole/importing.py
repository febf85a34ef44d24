"""The page that takes in the file of an office: first a dry run in words, then the office."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import partial
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import (
    BadInput,
    Changed,
    CounterIdTaken,
    DomainError,
    OfficeCodeTaken,
    UnknownOffice,
)
from queue_server.domain.office.office import Office
from queue_server.domain.office.whole.faults import admit_code
from queue_server.services import upkeep
from queue_server.services.office.whole.creating import (
    create_office,
    preview_replacing,
    replace_office,
)
from queue_server.services.office.whole.files import Described, read_office_file
from queue_server.services.office.whole.yaml_text import BYTES_MAX
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import ADMINISTRATORS
from queue_server.web.edge.access.staff_pages import server_page
from queue_server.web.edge.bodies.sizes import brings_file
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import mark_of, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.office_file import (
    difference_words,
    fault_words,
    new_office_words,
    stranded_words,
)
from queue_server.web.edge.words.refusals import refusal_words

from .page import read_typed, whole

FORM_BYTES_MAX = BYTES_MAX + 20_000
"""A file as large as may be, and the other fields."""

FAULTS_SHOWN = 30
_READ = f"{read_office_file.__module__}:{read_office_file.__name__}"


@dataclass(frozen=True)
class DryRun:
    """What a file would do, in words. `revision` None: it would make a new office."""

    code: str
    name: str
    lines: tuple[str, ...]
    stranded: str = ""
    revision: int | None = None


@whole.get("/import")
@server_page(ADMINISTRATORS)
def import_office(who: Principal) -> ResponseReturnValue:
    """The form for a file."""
    return _show({}, {}, [])


@whole.post("/import")
@brings_file(FORM_BYTES_MAX)
@server_page(ADMINISTRATORS)
def do_import(who: Principal) -> ResponseReturnValue:
    """Show what a file would do, or do it once that was seen."""
    typed = read_typed("as_code", "revision")
    content = _read_content()
    if not content:
        return _show(typed, {"file": _("Choose a file")}, []), 422
    as_code = typed["as_code"] or None
    try:
        if as_code is not None:
            admit_code(as_code)
    except BadInput:
        wrong = _("Use up to 20 letters, digits and hyphens for the code, without spaces")
        return _show(typed, {"as_code": wrong}, []), 422
    described = cast(Described, context().beside.compute(_READ, content, as_code))
    if described.office is None:
        faults = [fault_words(each) for each in described.faults]
        wrong = _("The file is not taken, and nothing was changed")
        return _show(typed, {"file": wrong}, faults), 422
    seal = mark_of("import-office", [content.decode(), as_code, typed["revision"]])
    was_seen = hmac.compare_digest(request.form.get("seal", "").encode(), seal.encode())
    try:
        if request.form.get("step") == "apply" and was_seen:
            return _apply(described, who, content.decode(), typed)
        return _review(described, content.decode(), typed)
    except (BadInput, Changed, OfficeCodeTaken, CounterIdTaken) as refused:
        return _show(typed, {"file": _say(refused)}, []), 409


def _read_content() -> bytes:
    """The file that was sent, or the same on its way from the dry run."""
    sent = request.files.get("file")
    given: bytes = (
        request.form.get("content", "").encode() if sent is None else sent.read(BYTES_MAX + 1)
    )
    # In a form line breaks are two characters each.
    return given.replace(b"\r\n", b"\n")


def _find(code: str) -> Office | None:
    try:
        return context().database.find_office(code)
    except UnknownOffice:
        return None


def _review(described: Described, content: str, typed: dict[str, str]) -> str:
    office = described.office
    assert office is not None, "a file without an office was refused"
    before = _find(office.code)
    if before is None:
        lines = tuple(new_office_words(office))
        dry_run = DryRun(office.code, office.name, lines)
    else:
        with context().database.read() as connection:
            differences, days = preview_replacing(connection, before, office, now())
        dry_run = DryRun(
            office.code,
            office.name,
            tuple(difference_words(each, before, office) for each in differences),
            stranded_words(sum(len(day.stranded) for day in days)),
            before.revision,
        )
    revision = "" if dry_run.revision is None else str(dry_run.revision)
    as_code = typed["as_code"] or None
    return render_template(
        "manage/whole/import_review.html",
        dry_run=dry_run,
        content=content,
        as_code=typed["as_code"],
        revision=revision,
        seal=mark_of("import-office", [content, as_code, revision]),
    )


def _apply(
    described: Described, who: Principal, content: str, typed: dict[str, str]
) -> ResponseReturnValue:
    office, moment = described.office, now()
    assert office is not None, "a file without an office was refused"
    if typed["revision"]:
        command = partial(
            replace_office,
            after=office,
            room=described.room,
            by=who.id,
            now=moment,
            revision=int(typed["revision"]),
        )
        days = [today_at(context().database.find_office(office.code))]
    else:
        command = partial(create_office, office=office, room=described.room, by=who.id, now=moment)
        days = []

    def run(tx: Transaction) -> dict[str, str]:
        return {"code": command(tx).code}

    run_once("import-office", who.id, [content, sorted(typed.items())], days, run)
    upkeep.plan_office(context().database, office.code, moment)
    return redirect(url_for("whole.show", office=office.code, done="imported"), 303)


def _say(refused: DomainError) -> str:
    if isinstance(refused, BadInput):
        return fault_words(refused.facts)
    return refusal_words(refused.code, refused.facts)


def _show(typed: dict[str, str], errors: Errors, faults: list[str]) -> str:
    return render_template(
        "manage/whole/import.html",
        values=typed,
        errors=errors,
        faults=faults[:FAULTS_SHOWN],
        more=max(0, len(faults) - FAULTS_SHOWN),
        file_mb=BYTES_MAX // 1_000_000,
    )
