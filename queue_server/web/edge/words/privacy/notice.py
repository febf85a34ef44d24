"""The draft of the notice that the law asks for after an incident: to the persons, and to the
agency.
"""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain.office.office import Office
from queue_server.domain.privacy.incident import Incident
from queue_server.web.edge.locale import format_moment, ngettext, speaking
from queue_server.web.edge.locale import gettext as _

GAP = "[…]"
"""What only people know: they fill it in before the notice goes out."""


def write_notice(
    incident: Incident,
    offices: Mapping[str, Office],
    persons: Mapping[str, int],
    forgotten: Mapping[str, int],
    language: str,
) -> str:
    """The draft in Markdown. `persons` and `forgotten` are counts by office."""
    zone = next((each.zone for each in offices.values()), "Asia/Jakarta")
    with speaking(language):

        def at(moment: object) -> str:
            return format_moment(moment, language, zone)  # type: ignore[arg-type]  # a datetime

        law = _("3 × 24 hours, Law 27 of 2022, article 46")
        lines = [
            "# " + _("Notice of a failure of personal data protection"),
            "",
            _("Draft. It must have reached the persons and the agency in writing by:"),
            "",
            f"**{at(incident.notice_due_at)}** ({law})",
            "",
            "## " + _("What happened"),
            "",
            GAP,
            "",
            _("Noticed: %(time)s", time=at(incident.noticed_at)),
            "",
            _("Data may have been reachable since: %(time)s", time=at(incident.since)),
            "",
            "## " + _("Which data"),
            "",
            _(
                "Name, telephone number, e-mail address where given, help needed on the spot, the "
                "last four characters of the NIK or passport, and times and services of visits. "
                "The NIK itself is not stored; what is stored instead cannot be turned back "
                "without a key that is kept apart."
            ),
            "",
            "## " + _("Whose data"),
            "",
            *_whose(offices, persons, forgotten),
            "",
            "## " + _("What was done at once"),
            "",
            *_done(incident, zone, language),
            "",
            "## " + _("What you can do"),
            "",
            _(
                "Nobody from the office asks for a password, a code or money. If somebody calls "
                "you about your visit, call the office back at its own number."
            ),
            "",
            "## " + _("Whom to ask"),
            "",
            *(f"- {office.name}: {office.phone}" for office in offices.values()),
            "- " + _("Data protection officer: %(name)s", name=GAP),
            "",
        ]
    return "\n".join(lines)


def _whose(
    offices: Mapping[str, Office], persons: Mapping[str, int], forgotten: Mapping[str, int]
) -> list[str]:
    lines = []
    for code in sorted({*persons, *forgotten}):
        name = offices[code].name if code in offices else code
        number = persons.get(code, 0)
        line = f"- {name}: " + ngettext("%(num)s entry", "%(num)s entries", number)
        gone = forgotten.get(code, 0)
        if gone:
            line += "; " + ngettext(
                "%(num)s more was deleted meanwhile and cannot be told any more",
                "%(num)s more were deleted meanwhile and cannot be told any more",
                gone,
            )
        lines.append(line)
    return lines or ["- " + _("Nobody's: no personal data were stored.")]


def _done(incident: Incident, zone: str, language: str) -> list[str]:
    words = {
        "sessions": _("All sign-ins of the staff were ended."),
        "tokens": _("The access of all programs was revoked."),
        "passwords": _("The passwords of the staff are no longer good by themselves."),
        "second_factors": _("The second factors of the staff were reset."),
        "devices": _("The access of all devices was revoked."),
        "secret_key": _("The key of sign-ins and links was replaced."),
        "nik_key": _("The key of the fingerprints was replaced."),
    }
    started = format_moment(incident.started_at, language, zone)
    done = [f"- {words[step.value]}" for step in incident.steps if step.value in words]
    return ["- " + _("Begun: %(time)s", time=started), *done, f"- {GAP}"]
