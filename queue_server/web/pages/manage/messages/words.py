"""What the page says of placeholders, and of what is wrong with an office's words."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import PLACEHOLDERS, Fault, SmsLength
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.locale import ngettext


def list_placeholders(kind: MessageKind) -> Sequence[tuple[str, str]]:
    """Each placeholder of a kind as it is written, and what it stands for, in a fixed order."""
    meanings = {
        "office": _("name of the office"),
        "address": _("address of the office"),
        "service": _("the service"),
        "time": _("day and time of the visit"),
        "old_time": _("the time before, if it was moved"),
        "until": _("until when the place is kept"),
        "number": _("the ticket number"),
        "counter": _("the counter"),
        "code": _("the code of the visit"),
        "url": _("the address of the visitor's ticket page"),
        "bring": _("what to bring for the service"),
        "urgent": _("the reason of an urgent visit, and what shows it"),
    }
    return [
        (f"{{{name}}}", words) for name, words in meanings.items() if name in PLACEHOLDERS[kind]
    ]


def fault_words(kind: MessageKind, fault: Fault) -> str:
    """What is wrong with a part of the words, and what to do."""
    name = f"{{{fault.name}}}"
    match fault.reason:
        case "missing":
            return _("Write something here, or bring the standard words back")
        case "too_long":
            return _("Write at most %(most)s characters", most=fault.name)
        case "characters":
            return _("Remove the characters that cannot be shown, or type this anew")
        case "placeholder":
            known = ", ".join(each for each, _meaning in list_placeholders(kind))
            return _("%(name)s is not known here. You may use: %(known)s", name=name, known=known)
        case "brace":
            return _("A brace { needs its placeholder and its }, for example {office}")
    return _("%(name)s must stand here: without it nobody can act on the message", name=name)


def sms_words(length: SmsLength) -> str:
    """How long a text is as SMS, and why it may be longer than it looks."""
    parts = ngettext(
        "%(characters)s characters: %(num)s SMS.",
        "%(characters)s characters: %(num)s SMS, each of which is paid for.",
        length.parts,
        characters=length.characters,
    )
    if length.is_plain:
        return parts
    return parts + " " + _("A letter or sign in it halves what fits into one SMS.")
