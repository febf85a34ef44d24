"""The words of mails about alerts: to the office at once, to the province when nobody has seen one.
In both languages, because nobody knows who reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from queue_server.domain.office.office import Office
from queue_server.domain.supervisor.alerts import DEVICE_KINDS, AlertKind
from queue_server.store.supervisor.announcements import Alert
from queue_server.store.supervisor.escalations import Escalation
from queue_server.web.edge.locale import LANGUAGES, catalog, format_moment, speaking
from queue_server.web.edge.words.devices.troubles import trouble_names, trouble_sentences
from queue_server.web.edge.words.log.alerts import alert_sentence

from .letters import Letter

Say = Callable[[str], str]
Parts = tuple[str, list[str]]
"""A subject, and the lines of a body."""


def write_alert_letter(office: Office, alert: Alert, public_url: str) -> Letter:
    """What an office is told by mail of an alert, in both languages: nobody knows who reads it."""
    say = (
        _trouble_parts
        if alert.kind in DEVICE_KINDS
        else {AlertKind.OVER_LIMIT: _over_parts}.get(alert.kind, _other_parts)
    )
    return _join(
        [say(catalog(tongue).gettext, tongue, office, alert, public_url) for tongue in LANGUAGES]
    )


def _join(parts: Sequence[Parts]) -> Letter:
    return Letter(
        parts[0][0], "\n\n---\n\n".join("\n\n".join(lines) for _subject, lines in parts) + "\n"
    )


def write_escalation_letter(office: Office, passed: Escalation, public_url: str) -> Letter:
    """What the province is told of an alert that nobody in the office has seen."""
    alert = passed.alert
    minutes = int((passed.at - alert.raised_at).total_seconds()) // 60
    return _join(
        [
            _escalation_parts(
                catalog(tongue).gettext,
                _words(tongue, office, alert, f"{public_url}/province") | {"minutes": minutes},
            )
            for tongue in LANGUAGES
        ]
    )


def _escalation_parts(_: Say, words: Mapping[str, object]) -> Parts:
    lines = [
        _("%(what)s."),
        _(
            "This was seen at %(office)s on %(time)s, and for %(minutes)s minutes nobody there has "
            "said that they know."
        ),
        _("Please ring the office, or press “I have seen it” on the province board: %(url)s"),
        _("You are told of this once."),
    ]
    return _("Nobody sees to it: %(office)s, %(what)s") % words, [each % words for each in lines]


def _words(tongue: str, office: Office, alert: Alert, url: str) -> dict[str, object]:
    with speaking(tongue):
        what = alert_sentence(alert.kind, alert.facts)
    return {
        "office": office.name,
        "what": what.rstrip("."),
        "time": format_moment(alert.raised_at, tongue, office.zone),
        "url": url,
    }


def _other_parts(_: Say, tongue: str, office: Office, alert: Alert, public_url: str) -> Parts:
    words = _words(tongue, office, alert, f"{public_url}/supervise?office={office.code}")
    lines = [
        _("%(what)s."),
        _("This was seen on %(time)s at %(office)s."),
        _("How it stands now: %(url)s"),
    ]
    return _("%(office)s: %(what)s") % words, [each % words for each in lines]


def _trouble_parts(_: Say, tongue: str, office: Office, alert: Alert, public_url: str) -> Parts:
    """What is said of an alert about a device: what is wrong with it, and what to do next."""
    name = str(alert.facts["name"])
    with speaking(tongue):
        sentence = trouble_sentences()[str(alert.facts["code"])].format(
            name=name, left=alert.facts.get("left", 0)
        )
        trouble = trouble_names()[str(alert.facts["code"])]
    words = {
        "office": office.name,
        "name": name,
        "trouble": trouble,
        "time": format_moment(alert.raised_at, tongue, office.zone),
        "url": f"{public_url}/manage/devices?office={office.code}",
    }
    lines = [
        sentence,
        _("This was seen on %(time)s at %(office)s.") % words,
        _("How it stands now: %(url)s") % words,
    ]
    return _("%(name)s at %(office)s: %(trouble)s") % words, lines


def _over_parts(_: Say, tongue: str, office: Office, alert: Alert, public_url: str) -> Parts:
    words = {
        "office": office.name,
        "time": format_moment(alert.raised_at, tongue, office.zone),
        "inside": alert.facts["inside"],
        "limit": alert.facts["limit"],
        "url": f"{public_url}/supervise?office={office.code}",
    }
    lines = [
        _(
            "%(inside)s people are inside %(office)s, and %(limit)s are allowed. This was seen on "
            "%(time)s."
        ),
        _(
            "The system lets nobody in until the number has fallen. Please see that nobody else "
            "goes in and that people keep apart."
        ),
        _("If the number is wrong, let the guard press “Count anew”."),
        _("How it stands now: %(url)s"),
    ]
    return _("Over the limit at %(office)s: %(inside)s of %(limit)s people") % words, [
        each % words for each in lines
    ]
