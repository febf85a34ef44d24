"""What a screen last said of itself, in words."""

from __future__ import annotations

from datetime import datetime

from queue_server.domain.office.devices.displays import ScreenSettings
from queue_server.domain.office.devices.health import Hearing
from queue_server.domain.office.devices.troubles import TroubleCode
from queue_server.domain.office.office import Office
from queue_server.services.access.display_sight import Screen, ScreenShows, is_silent
from queue_server.services.shown import counter_name
from queue_server.web.edge.locale import current_language, format_moment, ngettext
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.words.devices.layouts import layout_words
from queue_server.web.edge.words.devices.troubles import hearing_words

SECONDS_SAID = 120
"""So long ago is told in seconds; what was said earlier, by the clock."""


def sound_words(sound: str) -> str:
    """How the sound of a screen is."""
    return {
        "ok": _("on"),
        "off": _("no voice, as set here"),
        "quiet": _("quiet hours"),
        "blocked": _("blocked by the browser"),
        "missing": _("no loudspeaker"),
    }.get(sound, _("unknown"))


def shown_words(shows: ScreenShows | None) -> str:
    """What stands in large letters."""
    if shows is None:
        return "–"
    return {
        "pairing": _("pairing code"),
        "starting": _("connecting"),
        "standstill": _("standstill"),
    }.get(shows.screen) or (
        shows.showing
        or (layout_words()["entry"][0] if shows.layout == "entry" else _("no call yet"))
    )


def board_words(shows: ScreenShows | None) -> str:
    """Whether a screen shows the present board."""
    if shows is None or shows.board is None:
        return _("none yet")
    if shows.behind is None:
        return _("of another day")
    if shows.behind:
        return ngettext("%(num)s change behind", "%(num)s changes behind", shows.behind)
    return _("up to date")


def said_words(screen: Screen, office: Office, now: datetime) -> str:
    """When a screen was heard last."""
    seen_at = screen.device.seen_at
    if seen_at is None:
        return _("This screen has not said anything yet")
    seconds = max(0, int((now - seen_at).total_seconds()))
    if seconds <= SECONDS_SAID:
        return ngettext(
            "What the screen last said, %(num)s second ago",
            "What the screen last said, %(num)s seconds ago",
            seconds,
        )
    return _("What the screen last said, {time}").format(
        time=format_moment(seen_at, current_language(), office.zone)
    )


def hearing_of(screen: Screen) -> tuple[str, str]:
    """Whether a screen is heard, and how its badge looks."""
    if screen.device.seen_at is None:
        return hearing_words(Hearing.NEVER)
    return hearing_words(Hearing.SILENT if is_silent(screen) else Hearing.HEARD)


def state_of(screen: Screen) -> str:
    """How the little picture looks: on, old (what it shows is not true any more) or off."""
    codes = {each.code for each in screen.troubles}
    if is_silent(screen) or TroubleCode.PAGE_DEAD in codes:
        return "off"
    return "old" if TroubleCode.BOARD_BEHIND in codes else "on"


def summary_of(settings: ScreenSettings, office: Office) -> list[tuple[str, str]]:
    """How a screen is set, in short."""
    counters = [counter_name(office, id) for hall in settings.halls for id in hall.counters]
    voice = _("speaks, volume {n} %").format(n=settings.volume) if settings.voice else _("silent")
    return [
        (_("Layout"), layout_words()[settings.layout][0]),
        (_("Zone"), settings.zone or _("the whole office")),
        (_("Counters"), ", ".join(counters) or _("all")),
        (_("Voice"), voice),
    ]
