"""Managers' page on what their office adds to its printed slips, with the slip as it would be."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from queue_server.domain.errors import BadInput
from queue_server.domain.office.changes import Change, SlipChange
from queue_server.domain.office.office import Office
from queue_server.domain.office.roll import ROLL_LAST, roll_number
from queue_server.domain.office.slip_design import LINES_MAX, UPLOAD_BYTES_MAX, NewLogo, SlipDesign
from queue_server.protocol import messages
from queue_server.services.office.slip_design import view_design
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.documents.logo import make_logo
from queue_server.web.edge.documents.number_roll import DRAWING_JOB, ON_SHEET, SHEETS_MAX
from queue_server.web.edge.forms.errors import Errors, check_line
from queue_server.web.edge.locale import LANGUAGE_NAMES, LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.descriptions import refused_description
from queue_server.web.pages.manage.change_forms import Typed, one_line
from queue_server.web.pages.manage.dry_run import (
    Page,
    answer_change,
    done_url,
    done_words,
    read_typed,
)
from queue_server.web.pages.manage.hours import changes

from .sample import PAPERS, draw_sample

LONGEST = 20_000
"""Characters that are read of a field: those of the largest logo, as the form keeps it."""
LINE_LONGEST = 1_000
"""Of a line: more than it may have, so that too much is refused."""


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
            line = one_line(typed, field)[:LINE_LONGEST]
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
    """Show how the typed lines look; or preview or apply them on all slips from now on."""
    if request.form.get("step") == "look":
        return _show(office, read_typed(LONGEST), {})
    sent, wrong = _take_picture()

    def read(_settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        told, errors = read_design(typed)
        errors |= wrong
        logo = NewLogo(None) if typed.get("no_logo") else None
        if sent["picture"]:
            logo = NewLogo(base64.b64decode(sent["picture"]))
        return None if errors else SlipChange(told.header, told.footer, logo), errors

    page = Page(
        "slip",
        _("Printed slip"),
        read,
        _show,
        url_for("changes.save_slip"),
        done_url("changes.slip", office),
        say=_say_refusal,
        longest=LONGEST,
        effect=_("Every slip that is printed from then on looks so."),
        sent=sent,
    )
    return answer_change(office, who, page)


def _take_picture() -> tuple[Typed, Errors]:
    """The logo made from the file of the form, or from what a form before it has kept of one, for
    the next form to keep. Made anew each time: whatever a form brings was written by its sender.
    """
    file = request.files.get("logo")
    try:
        content = file.read() if file is not None else b""
        content = content or base64.b64decode(request.form.get("picture", "")[:LONGEST])
        return {"picture": base64.b64encode(make_logo(content)).decode() if content else ""}, {}
    except ValueError:
        return {"picture": ""}, {"logo": _picture_words()}
    except BadInput as refused:
        return {"picture": ""}, _say_refusal(refused)


def _picture_words() -> str:
    return _("Choose a picture as PNG or JPEG, of at most 12 megapixels")


def _say_refusal(refused: BadInput) -> Errors:
    field = str(refused.facts["field"])
    if field != "logo":
        return {field: refused_description(refused.facts)}
    if refused.facts["reason"] == "length":
        return {field: _("Choose a file of at most %(num)s KB", num=UPLOAD_BYTES_MAX // 1000)}
    return {field: _picture_words()}


def _show(office: Office, typed: Typed, errors: Errors) -> str:
    lines: dict[str, Any] = {
        name: typed.get(name, "")[:LINE_LONGEST] for name in write_design(office.slip)
    }
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
        picture=typed.get("picture", ""),
        errors=errors,
        samples=samples,
        longest=LINES_MAX,
        file_kb=UPLOAD_BYTES_MAX // 1000,
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
