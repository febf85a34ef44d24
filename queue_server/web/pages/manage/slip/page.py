"""Managers' page on what their office adds to its printed slips, with the slip as it would be."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput, Changed, DomainError
from queue_server.domain.office.office import Office
from queue_server.domain.office.roll import ROLL_LAST, roll_number
from queue_server.domain.office.slip_design import LINES_MAX, UPLOAD_BYTES_MAX, SlipDesign
from queue_server.protocol import messages
from queue_server.services.office.slip_design import NewLogo, design_slip, name_logo, view_design
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, find_office, now, today_at
from queue_server.web.edge.documents.logo import make_logo
from queue_server.web.edge.documents.number_roll import DRAWING_JOB, ON_SHEET, SHEETS_MAX
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors, check_line
from queue_server.web.edge.locale import LANGUAGE_NAMES, LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.descriptions import refused_description
from queue_server.web.pages.manage.change_forms import Typed, one_line
from queue_server.web.pages.manage.dry_run import done_url, done_words, read_typed
from queue_server.web.pages.manage.hours import changes

from .sample import PAPERS, draw_sample

_TYPED_MAX = 1_000
"""Characters that are read of a field: more than it may have, so that too much is refused."""


def write_design(design: SlipDesign) -> Typed:
    """The form of a design as it is."""
    return {
        f"{name}_{language}": words.get(language, "")
        for name, words in (("header", design.header), ("footer", design.footer))
        for language in LANGUAGES
    }


def read_design(typed: Typed) -> tuple[SlipDesign, Errors]:
    """The lines of a form, each without needless white space, and what is wrong with them."""
    errors = {}
    words: dict[str, dict[str, str]] = {"header": {}, "footer": {}}
    for name, texts in words.items():
        for language in LANGUAGES:
            field = f"{name}_{language}"
            line = one_line(typed, field)
            problem = check_line(line)
            if problem:
                errors[field] = problem
            elif line:
                texts[language] = line
    return SlipDesign(words["header"], words["footer"]), errors


@changes.get("/slip")
@office_page(MANAGERS)
def slip(office: Office, who: Principal) -> ResponseReturnValue:
    """What the office adds to its slips, and how they look."""
    return _show(office, write_design(office.slip), {})


@changes.post("/slip")
@office_page(MANAGERS)
def save_slip(office: Office, who: Principal) -> ResponseReturnValue:
    """Show how the typed lines look, or print all slips with them from now on."""
    typed, moment = read_typed(_TYPED_MAX), now()
    if "lang" in request.args or request.form.get("what") != "save":
        return _show(office, typed, {})
    told, errors = read_design(typed)
    logo = _read_logo(typed, errors)
    revision = request.form.get("revision", 0, type=int)

    def design(tx: Transaction) -> object:
        return design_slip(tx, office.code, told, logo, who.id, moment, revision).code

    def act() -> str:
        asked = [office.code, revision, sorted(typed.items())]
        if logo is not None:
            asked.append(name_logo(logo.picture))
        run_once("slip-design", who.id, asked, [today_at(office)], design)
        return done_url("changes.slip", office)

    return answer_form(
        errors, act, lambda wrong: _show(office, typed, wrong), (BadInput, Changed), _say_refusal
    )


def _read_logo(typed: Typed, errors: Errors) -> NewLogo | None:
    sent = request.files.get("logo")
    content = sent.read() if sent is not None else b""
    if content:
        try:
            return NewLogo(make_logo(content))
        except BadInput as refused:
            errors.update(_say_refusal(refused))
            return None
    return NewLogo(None) if typed.get("no_logo") else None


def _say_refusal(refused: DomainError) -> Errors:
    if isinstance(refused, Changed):
        return {
            "": _(
                "Somebody else has changed this office's settings meanwhile. Save again to use "
                "what is written here."
            )
        }
    field = str(refused.facts["field"])
    if field != "logo":
        return {field: refused_description(refused.facts)}
    if refused.facts["reason"] == "length":
        return {field: _("Choose a file of at most %(num)s KB", num=UPLOAD_BYTES_MAX // 1000)}
    return {field: _("Choose a picture as PNG or JPEG, of at most 12 megapixels")}


def _show(office: Office, typed: Typed, errors: Errors) -> str:
    lines: dict[str, Any] = {name: typed.get(name, "") for name in write_design(office.slip)}
    samples = [
        (
            language,
            LANGUAGE_NAMES[language],
            paper,
            url_for(
                "changes.slip_sample",
                **{**lines, "office": office.code, "paper": paper, "language": language},
            ),
        )
        for language in LANGUAGES
        for paper in PAPERS
    ]
    return render_template(
        "manage/slip/page.html",
        office=office,
        values=lines,
        errors=errors,
        samples=samples,
        longest=LINES_MAX,
        file_kb=UPLOAD_BYTES_MAX // 1000,
        revision=find_office(office.code).revision if "" in errors else office.revision,
        first_roll=roll_number(office, 1),
        done=None if errors else done_words(office),
    )


@changes.get("/slip/roll.pdf")
@office_page(MANAGERS)
def slip_roll(office: Office, who: Principal) -> ResponseReturnValue:
    """Numbers to cut and give out by hand, for an office without a machine."""
    first = request.args.get("first", 1, type=int)
    sheets = request.args.get("sheets", 1, type=int)
    if not (1 <= first <= ROLL_LAST and 1 <= sheets <= SHEETS_MAX):
        abort(404)
    numbers = [
        roll_number(office, each)
        for each in range(first, min(first + sheets * ON_SHEET, ROLL_LAST + 1))
    ]
    content = context().beside.compute(DRAWING_JOB, office.name, numbers)
    return Response(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{numbers[0]}.pdf"'},
    )


@changes.get("/slip/sample.png")
@office_page(MANAGERS)
def slip_sample(office: Office, who: Principal) -> ResponseReturnValue:
    """A slip with the lines of the address and the office's logo, as the printer draws it."""
    paper, language = request.args.get("paper", ""), request.args.get("language", "")
    if paper not in PAPERS or language not in LANGUAGES or not office.services:
        abort(404)
    typed = {name: request.args.get(name, "")[:LINES_MAX] for name in write_design(office.slip)}
    told, _errors = read_design(typed)
    with context().database.read() as connection:
        kept = view_design(connection, office)
    design = messages.SlipDesign(dict(told.header), dict(told.footer), kept.logo, kept.picture)
    picture = draw_sample(office, design, paper, language, now())
    return Response(picture, content_type="image/png", headers={"Cache-Control": "no-store"})
