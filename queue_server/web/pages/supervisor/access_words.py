"""What happened to accounts, programs, devices, webhooks and the words of messages, in sentences
for the audit page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.devices.orders import OrderKind
from queue_server.domain.reports.period import Step
from queue_server.services.privacy.wiping import BY as UPKEEP
from queue_server.services.webhooks.owing import BY
from queue_server.web.edge.locale import current_language, format_date, ngettext
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.codes import role_words
from queue_server.web.edge.words.log.events import event_words
from queue_server.web.edge.words.messages.told import message_kind_words


def actor_words(by: str, names: Mapping[str, str]) -> str:
    """Who did it; "" where nobody is known, as with a wrong password."""
    if by in (BY, UPKEEP):
        return _("the server")
    return _("the command line of the server") if by == COMMAND_LINE else names.get(by, by)


def access_sentence(event: Event, names: Mapping[str, str], devices: Mapping[str, str]) -> str:
    """One event as a sentence. `names` are users' and `devices` devices' by id; who is not known
    there stands as the id.
    """
    user, role = str(event.facts.get("user", "")), str(event.facts.get("role", ""))
    who, program = names.get(user, user), str(event.facts.get("token", ""))
    device = devices.get(str(event.facts.get("device", "")), str(event.facts.get("device", "")))
    count, host = int(event.facts.get("count", 0)), str(event.facts.get("host", ""))
    match event.type:
        case EventType.SIGNED_IN:
            return _signed_in(event.facts.get("way"))
        case EventType.SECOND_FACTOR_ADDED:
            return (
                _("Added a passkey")
                if event.facts.get("kind") == "passkey"
                else _("Added an app as second factor")
            )
        case EventType.SECOND_FACTOR_REMOVED:
            return (
                _("Removed a passkey")
                if event.facts.get("kind") == "passkey"
                else _("Stopped using the app as second factor")
            )
        case EventType.SECOND_FACTOR_RESET:
            return _("Reset the second factor of %(name)s", name=who)
        case EventType.RECOVERY_CODES_MADE:
            return _("Made new recovery codes")
        case EventType.RECOVERY_CODE_USED:
            return _("Used a recovery code; %(num)s are left", num=count)
        case EventType.SESSIONS_ENDED:
            return _("Ended %(num)s log-ins of %(name)s", num=count, name=who)
        case EventType.STEP_UP_REFUSED:
            return _(
                "%(name)s was asked “Is it you?” and gave %(num)s wrong answers within the last "
                "hour",
                num=count,
                name=who,
            )
        case EventType.IDENTITY_LINKED:
            return _("Linked the account of %(name)s to the office’s sign-in service", name=who)
        case EventType.IDENTITY_UNLINKED:
            return _("Unlinked the account of %(name)s from the sign-in service", name=who)
        case EventType.SIGNED_OUT:
            return _("Signed out")
        case EventType.REPORT_MAIL_ADDED:
            return (
                _("Sends the report of each week to one more address")
                if event.facts.get("every") == Step.WEEK
                else _("Sends the report of each month to one more address")
            )
        case EventType.REPORT_MAIL_REMOVED:
            return _("Stopped sending reports to an address")
        case EventType.BACKED_UP:
            return (
                _("Made an encrypted backup of everything")
                if event.facts.get("encrypted")
                else _("Made a backup of everything")
            )
        case EventType.RESTORED:
            return _(
                "Restored the database from the backup of %(moment)s",
                moment=event.facts.get("made_at", "–"),
            )
        case EventType.SIGN_IN_REFUSED if event.facts.get("way") == "code":
            return _(
                "%(num)s wrong codes for %(name)s within the last hour, after the right password",
                num=count,
                name=who,
            )
        case EventType.SIGN_IN_REFUSED:
            return _(
                "%(num)s wrong passwords for %(name)s within the last hour", num=count, name=who
            )
        case EventType.ACCOUNT_ADDED:
            return _("Added the account of %(name)s (%(role)s)", name=who, role=role_words(role))
        case EventType.ACCOUNT_CHANGED:
            return _change_sentence(event, who, role)
        case EventType.ACCOUNT_CLOSED:
            return _("Closed the account of %(name)s (%(role)s)", name=who, role=role_words(role))
        case EventType.ACCOUNT_REOPENED:
            return _(
                "Opened the account of %(name)s (%(role)s) again", name=who, role=role_words(role)
            )
        case EventType.PASSWORD_DISTRUSTED:
            return _("Asked %(name)s for a new password after an incident", name=who)
        case EventType.PASSWORD_RESET:
            return _("Set a new password for %(name)s", name=who)
        case EventType.PASSWORD_CHANGED:
            return _("Changed the own password")
        case EventType.TOKEN_ADDED if event.facts.get("scope"):
            return _("Made a personal token: %(id)s", id=program)
        case EventType.TOKEN_ADDED:
            return _(
                "Made a token for a program: %(id)s (%(role)s)", id=program, role=role_words(role)
            )
        case EventType.TOKEN_REVOKED:
            return _("Revoked a token: %(id)s", id=program)
        case EventType.DEVICE_APPROVED:
            return _("Approved the device %(name)s", name=device)
        case EventType.DEVICE_REVOKED:
            return _("Cut off the device %(name)s", name=device)
        case EventType.DEVICE_RENAMED:
            return _("Gave the device %(name)s its name", name=device)
        case EventType.DEVICE_ORDERED:
            what = _order_words(str(event.facts.get("order", "")))
            return _("Had the device %(name)s do something: %(what)s", name=device, what=what)
        case EventType.DISPLAY_SET:
            return _("Changed what the screen %(name)s shows", name=device)
        case EventType.WEBHOOK_ADDED:
            return _("Added the webhook to %(host)s", host=host)
        case EventType.WEBHOOK_CHANGED:
            return _("Changed the webhook to %(host)s", host=host)
        case EventType.WEBHOOK_REMOVED:
            return _("Removed the webhook to %(host)s", host=host)
        case EventType.WEBHOOK_TESTED:
            return _("Tested the webhook to %(host)s", host=host)
        case EventType.WEBHOOK_ROTATED:
            return _("Gave the webhook to %(host)s a new secret", host=host)
        case EventType.WEBHOOK_STARTED:
            return _("Switched the webhook to %(host)s on", host=host)
        case EventType.WEBHOOK_STOPPED:
            return _("Switched the webhook to %(host)s off", host=host)
        case EventType.WEBHOOK_RESENT:
            return _("Sent %(num)s webhooks to %(host)s again", num=count, host=host)
        case EventType.MESSAGE_WORDED:
            kind = message_kind_words(MessageKind(event.facts["kind"]))
            return _("Changed the words of the message “%(kind)s”", kind=kind)
    return _privacy_sentence(event)


def _privacy_sentence(event: Event) -> str:
    """What happened to personal data; never whose."""
    facts = event.facts
    match event.type:
        case EventType.PURGE_FINISHED:
            return ngettext(
                "Finished the nightly purge: %(num)s row deleted",
                "Finished the nightly purge: %(num)s rows deleted",
                int(facts.get("rows", 0)),
            )
        case EventType.PERSON_LOOKED_UP:
            return _("Looked at one person's data")
        case EventType.PERSON_EXPORTED:
            return _("Gave out one person's data as a file")
        case EventType.PERSON_ERASED:
            return _(
                "Erased one person's data (receipt %(number)s)", number=facts.get("receipt", "–")
            )
        case EventType.INCIDENT_STARTED:
            return _("Closed access because of the incident %(id)s", id=facts.get("incident", "–"))
        case EventType.INCIDENT_SECURED:
            return _("Took all steps of the incident %(id)s", id=facts.get("incident", "–"))
        case EventType.ACTS_EXPORTED:
            return _(
                "Took the manual actions from %(first)s to %(last)s away as a file (%(format)s)",
                first=_date(facts.get("first")),
                last=_date(facts.get("last")),
                format=str(facts.get("format", "")).upper(),
            )
    return event_words().get(event.type, "–")


def _date(text: object) -> str:
    day = date.fromisoformat(str(text)) if text else None
    return "–" if day is None else format_date(day, current_language(), weekday=False)


def _change_sentence(event: Event, who: str, role: str) -> str:
    """Of an account whose role or offices were changed."""
    sentence = _(
        "Changed the account of %(name)s from %(was)s to %(role)s",
        name=who,
        was=role_words(str(event.facts.get("was", ""))),
        role=role_words(role),
    )
    if role == event.facts.get("was"):
        sentence = _("Changed the offices of %(name)s (%(role)s)", name=who, role=role_words(role))
    if "offices" not in event.facts:
        return sentence
    return _(
        "%(change)s; offices before: %(before)s, after: %(after)s",
        change=sentence,
        before=event.facts["offices_were"] or _("all"),
        after=event.facts["offices"] or _("all"),
    )


def _signed_in(way: object) -> str:
    return {
        "app": _("Signed in with password and code"),
        "recovery": _("Signed in with password and recovery code"),
        "passkey": _("Signed in with a passkey"),
        "service": _("Signed in through the sign-in service"),
    }.get(str(way), _("Signed in"))


def _order_words(order: str) -> str:
    """What a device was made to do."""
    known: Mapping[str, str] = {
        OrderKind.CAME_OUT: _("note that a slip came out"),
        OrderKind.NOT_OUT: _("print a slip again that did not come out"),
        OrderKind.ROLL_CHANGED: _("note a new roll of paper"),
        OrderKind.TEST_PRINT: _("print a test slip"),
        OrderKind.TEST_CALL: _("say a test call"),
    }
    return known.get(order, "–")
