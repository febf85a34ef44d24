"""The words for codes: channels, modes, messages, roles and kinds of devices."""

from __future__ import annotations

from queue_server.domain.visit.identity import Need
from queue_server.services.access.sessions import Role
from queue_server.web.edge.locale import gettext as _


def channel_words(channel: str) -> tuple[str, str]:
    """A service's channel as (badge kind, words)."""
    return {
        "MUST_COME": ("warn", _("Visit needed")),
        "HYBRID": ("info", _("Apply online, collect at the office")),
        "EITHER": ("ok", _("Online or in a visit")),
        "ONLINE": ("ok", _("Can be done online")),
    }[channel]


def mode_words(mode: str) -> tuple[str, str, str] | None:
    """An office's mode as (notice kind, title, sentence); None when everything is normal."""
    return {
        "ONLINE_FIRST": (
            "info",
            _("Online first"),
            _("Services that can be had online are not offered at the counter for now."),
        ),
        "URGENT_ONLY": (
            "warn",
            _("Urgent cases only"),
            _(
                "For now this office serves only urgent cases in person. Please use the online "
                "services for everything else."
            ),
        ),
        "CLOSED": (
            "error",
            _("The office is closed until further notice. Please do not come yet."),
            _("What can be done online goes on as usual."),
        ),
    }.get(mode)


def mode_name_words(mode: str) -> str:
    """What a service mode is called."""
    return {
        "NORMAL": _("Normal"),
        "ONLINE_FIRST": _("Online first"),
        "URGENT_ONLY": _("Urgent cases only"),
        "CLOSED": _("Closed"),
    }[mode]


def role_words(role: str) -> str:
    """What a member of staff is called."""
    return {
        Role.ADMIN.value: _("Province administrator"),
        Role.PROVINCE.value: _("Province overseer"),
        Role.AUDITOR.value: _("Auditor"),
        Role.MANAGER.value: _("Manager"),
        Role.SUPERVISOR.value: _("Supervisor"),
        Role.CLERK.value: _("Clerk"),
        Role.RECEPTION.value: _("Receptionist"),
        Role.GUARD.value: _("Door guard"),
    }.get(role, role)


def kind_words(kind: str) -> str:
    """What a device is called."""
    return {
        "kiosk": _("Kiosk"),
        "display": _("Lobby TV"),
        "printer": _("Printer"),
        "sensor": _("Counting sensor"),
    }.get(kind, kind)


def staff_need_words() -> dict[str, str]:
    """Each kind of help that a visitor may need -> a short word for the staff."""
    words = {
        Need.WHEELCHAIR: _("Wheelchair"),
        Need.HEARING: _("Hearing: sign or write"),
        Need.SEEING: _("Seeing: lead and read aloud"),
        Need.COMPANION: _("With a companion"),
    }
    return {need.value: words[need] for need in Need}
