"""Managers' pages on the words of messages: which kinds there are, and the words of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import (
    BODY_MAX,
    PLACEHOLDERS,
    SUBJECT_MAX,
    TEXT_MAX,
    Words,
    find_faults,
    tidy_words,
)
from queue_server.domain.office.changes import BesideChange, Change
from queue_server.domain.office.office import Office
from queue_server.store.messages import wording as words_store
from queue_server.store.messages.wording import OwnWords
from queue_server.web.edge.access.principals import Principal
from queue_server.web.edge.access.routes import MANAGERS
from queue_server.web.edge.access.staff_pages import office_page
from queue_server.web.edge.context import context, now
from queue_server.web.edge.forms.errors import Errors
from queue_server.web.edge.locale import LANGUAGE_NAMES, LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.messages.templates import template_of, write_words
from queue_server.web.edge.words.messages.told import message_kind_words
from queue_server.web.pages.manage.change_forms import Typed
from queue_server.web.pages.manage.dry_run import Page, answer_change, read_typed
from queue_server.web.pages.manage.hours import changes

from .sample import Sample, write_sample
from .words import fault_words, list_placeholders, sms_words

LONGEST = 2 * BODY_MAX
"""Characters that are read of a field: more than it may have, so that too much is refused."""


@dataclass(frozen=True)
class LanguagePart:
    """The words of one language as the form has them, and how they look with values."""

    language: str
    name: str
    words: Words
    is_own: bool
    sample: Sample | None
    length: str


@changes.get("/messages")
@office_page(MANAGERS)
def messages(office: Office, who: Principal) -> ResponseReturnValue:
    """The kinds of message, and which of them the office has worded itself."""
    with context().database.read() as connection:
        own = words_store.list_own(connection, office.code)
    done = {
        "saved": _("The words are saved. The next message goes out with them."),
        "reset": _("The standard words are back."),
    }
    return render_template(
        "manage/messages/list.html",
        office=office,
        kinds=[(kind.value, message_kind_words(kind), own.get(kind)) for kind in PLACEHOLDERS],
        errors={},
        done=done.get(request.args.get("done", "")),
    )


def _find_kind(name: str) -> MessageKind:
    for kind in PLACEHOLDERS:
        if kind.value == name:
            return kind
    raise NotFound()


@changes.get("/messages/<kind>")
@office_page(MANAGERS)
def message(office: Office, who: Principal, kind: str) -> ResponseReturnValue:
    """The words of one kind, and how they look."""
    of_kind = _find_kind(kind)
    own = _find_own(office, of_kind)
    return _show(office, of_kind, _present_words(of_kind, own), own, {})


@changes.post("/messages/<kind>")
@office_page(MANAGERS)
def save_message(office: Office, who: Principal, kind: str) -> ResponseReturnValue:
    """Show how the typed words look; or preview or apply them, or the standard ones in their
    place.
    """
    of_kind = _find_kind(kind)

    def read(_settled: Office, typed: Typed) -> tuple[Change | None, Errors]:
        words = _read_words(typed)
        errors = {} if typed.get("reset") else _find_errors(of_kind, words)
        if errors:
            return None, errors
        standard = _present_words(of_kind, {})
        return BesideChange(
            {
                f"message/{kind}/{each}": None
                if typed.get("reset") or words[each] == standard[each]
                else asdict(words[each])
                for each in LANGUAGES
            }
        ), {}

    def show(settled: Office, typed: Typed, errors: Errors) -> str:
        return _show(settled, of_kind, _read_words(typed), _find_own(settled, of_kind), errors)

    if request.form.get("step") == "look":
        # A look only: nothing is done, so it is no answer to a form that was sent.
        typed = read_typed(LONGEST)
        errors = _find_errors(of_kind, _read_words(typed))
        return show(office, typed, errors), 422 if errors else 200
    done = "reset" if request.form.get("reset") else "saved"
    page = Page(
        f"message-{kind}",
        message_kind_words(of_kind),
        read,
        show,
        url_for("changes.save_message", kind=kind),
        url_for("changes.messages", office=office.code, done=done),
        effect=_("Messages that are sent from then on have these words."),
        longest=LONGEST,
    )
    return answer_change(office, who, page)


def _find_own(office: Office, kind: MessageKind) -> Mapping[str, OwnWords]:
    with context().database.read() as connection:
        return words_store.find_own(connection, office.code, kind)


def _present_words(kind: MessageKind, own: Mapping[str, OwnWords]) -> dict[str, Words]:
    return {
        each: own[each].words if each in own else write_words(template_of(kind, each))
        for each in LANGUAGES
    }


def _read_words(typed: Typed) -> dict[str, Words]:
    """The words of a form. What is far too long was cut, and is refused as too long all the
    same.
    """
    return {
        each: tidy_words(*(typed.get(f"{part}_{each}", "") for part in ("subject", "body", "text")))
        for each in LANGUAGES
    }


def _find_errors(kind: MessageKind, typed: Mapping[str, Words]) -> Errors:
    return {
        f"{fault.part}_{language}": fault_words(kind, fault)
        for language, words in typed.items()
        for fault in find_faults(kind, words)
    }


def _show(
    office: Office,
    kind: MessageKind,
    words: Mapping[str, Words],
    own: Mapping[str, OwnWords],
    errors: Errors,
) -> str:
    parts = []
    for language in LANGUAGES:
        sample = None
        if office.services and not find_faults(kind, words[language]):
            url = context().settings.public_url
            sample = write_sample(kind, office, words[language], language, url, now())
        parts.append(
            LanguagePart(
                language,
                LANGUAGE_NAMES[language],
                words[language],
                language in own,
                sample,
                sms_words(sample.length) if sample else "",
            )
        )
    return render_template(
        "manage/messages/edit.html",
        office=office,
        kind=kind.value,
        kind_words=message_kind_words(kind),
        parts=parts,
        placeholders=list_placeholders(kind),
        is_own=bool(own),
        most={"subject": SUBJECT_MAX, "body": BODY_MAX, "text": TEXT_MAX},
        errors=errors,
        done=None,
    )
