"""What happened to accounts, programs, devices, webhooks and the words of messages, in sentences
for the audit page.
"""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain.access.accounts import COMMAND_LINE
from queue_server.domain.events import Event, EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.services.privacy.wiping import BY as UPKEEP
from queue_server.services.webhooks.owing import BY
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext
from queue_server.web.edge.words.codes import role_words
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
            return _("Signed in")
        case EventType.SIGNED_OUT:
            return _("Signed out")
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
        case EventType.SIGN_IN_REFUSED:
            return _(
                "%(num)s wrong passwords for %(name)s within the last hour", num=count, name=who
            )
        case EventType.ACCOUNT_ADDED:
            return _("Added the account of %(name)s (%(role)s)", name=who, role=role_words(role))
        case EventType.ACCOUNT_CLOSED:
            return _("Closed the account of %(name)s (%(role)s)", name=who, role=role_words(role))
        case EventType.ACCOUNT_REOPENED:
            return _(
                "Opened the account of %(name)s (%(role)s) again", name=who, role=role_words(role)
            )
        case EventType.PASSWORD_RESET:
            return _("Set a new password for %(name)s", name=who)
        case EventType.PASSWORD_CHANGED:
            return _("Changed the own password")
        case EventType.TOKEN_ADDED:
            return _(
                "Made a token for a program: %(id)s (%(role)s)", id=program, role=role_words(role)
            )
        case EventType.TOKEN_REVOKED:
            return _("Revoked a program's token: %(id)s", id=program)
        case EventType.DEVICE_APPROVED:
            return _("Approved the device %(name)s", name=device)
        case EventType.DEVICE_REVOKED:
            return _("Cut off the device %(name)s", name=device)
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
    return event.type.value
