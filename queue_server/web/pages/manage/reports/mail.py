"""The managers' page on reports by mail: who gets them, one more address, one less."""

from __future__ import annotations

import secrets
from typing import Annotated

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints

from queue_server.domain.errors import BadInput, DomainError
from queue_server.domain.office.office import Office
from queue_server.domain.reports.mailing import MAILS_MAX, RHYTHMS
from queue_server.domain.reports.period import Step
from queue_server.services.reports import mailing
from queue_server.store.reports import mails as mail_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.contacts import parse_email
from queue_server.web.edge.context import context, now, today_at
from queue_server.web.edge.forms.commands import answer_form, run_once
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.forms.reading import admitted_by, read_form
from queue_server.web.edge.locale import LANGUAGES, current_language
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.messages.told import failure_words
from queue_server.web.pages.manage.hours import changes

EMAIL_LENGTH_MAX = 254
_FIELDS = ("email", "every", "language")


class MailForm(BaseModel):
    """An address, how often it gets the report, and in which language."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, StringConstraints(max_length=EMAIL_LENGTH_MAX), admitted_by(parse_email)]
    every: Step
    language: Annotated[str, StringConstraints(pattern="^(" + "|".join(LANGUAGES) + ")$")]


@changes.get("/reports/mail")
@office_page(MANAGERS)
def report_mails(office: Office, who: Principal) -> ResponseReturnValue:
    """Who gets the report, how that went, and the form for one more address."""
    usual = {"email": "", "every": Step.MONTH.value, "language": current_language()}
    return _show(office, usual, {})


@changes.post("/reports/mail")
@office_page(MANAGERS)
def save_report_mail(office: Office, who: Principal) -> ResponseReturnValue:
    """Send one more address the report, or one less: at once, as it is added again in a moment."""
    if "mail" in request.form:
        return _remove(office, who, request.form["mail"][:40])
    return _add(office, who)


def _add(office: Office, who: Principal) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "")[: EMAIL_LENGTH_MAX + 1] for name in _FIELDS}
    form, errors = read_form(MailForm, typed, _say)
    drawn, moment = secrets.token_hex(8), now()

    def command(tx: Transaction) -> None:
        assert form is not None
        email = parse_email(form.email)
        about = (email, form.every, form.language, who.id, moment)
        mailing.add(tx, office.code, drawn, *about)

    def act() -> str:
        asked = [office.code, *typed.values()]
        run_once("report-mail-add", who.id, asked, [today_at(office)], command)
        return url_for("changes.report_mails", office=office.code, done="added")

    return answer_form(errors, act, lambda wrong: _show(office, typed, wrong), (BadInput,), _refuse)


def _remove(office: Office, who: Principal, id: str) -> ResponseReturnValue:
    moment = now()

    def act() -> str:
        run_once(
            "report-mail-remove",
            who.id,
            [office.code, id],
            [today_at(office)],
            lambda tx: mailing.remove(tx, office.code, id, who.id, moment),
        )
        return url_for("changes.report_mails", office=office.code, done="removed")

    return answer_form({}, act, lambda wrong: _show(office, {}, wrong))


def _show(office: Office, typed: dict[str, str], errors: Errors) -> str:
    with context().database.read() as connection:
        known = mail_store.list_of_office(connection, office.code)
    done = {
        "added": _("The address gets the report from now on."),
        "removed": _("The address gets no more reports."),
    }.get(request.args.get("done", ""))
    return render_template(
        "manage/reports/mail.html",
        office=office,
        mails=[(each, failure_words(each.last_error or "")) for each in known],
        is_full=len(known) >= MAILS_MAX,
        has_server=context().settings.smtp_url is not None,
        rhythms=[(each.value, rhythm_words(each)) for each in RHYTHMS],
        languages=[("id", "Bahasa Indonesia"), ("en", "English")],
        rhythm_of=rhythm_words,
        typed=typed,
        errors=errors,
        done=None if errors else done,
    )


def rhythm_words(every: Step) -> str:
    """How often a report is sent."""
    return _("every week, on Monday") if every is Step.WEEK else _("every month, on the first day")


def _refuse(refused: DomainError) -> Errors:
    field = str(refused.facts["field"])
    return {field: _say(field, str(refused.facts["reason"]))}


def _say(field: str, reason: str) -> str:
    if field != "email":
        return _("Choose one of these")
    return {
        "known": _("This address gets this report already"),
        "too_many": _("Ten addresses get reports. Remove one first."),
    }.get(reason) or _("Enter an e-mail address like nama@contoh.go.id")
