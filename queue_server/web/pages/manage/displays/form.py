"""The form of a screen's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_server.domain.errors import BadInput
from queue_server.domain.office.devices.displays import (
    DIAGONAL_INCH,
    DISTANCE_M,
    REPEATS,
    VOLUME,
    Hall,
    Quiet,
    ScreenSettings,
    admit_settings,
)
from queue_server.domain.office.office import Office
from queue_server.web.edge.forms.errors import Errors, check_line
from queue_server.web.edge.locale import LANGUAGES
from queue_server.web.edge.locale import gettext as _
from queue_server.web.pages.manage.change_forms import Typed, one_line, read_count

QUIET_SHOWN = 2
"""Stretches of quiet hours that the form has room for: lunch and the night."""

_COUNTS = {
    "repeats": REPEATS,
    "volume": VOLUME,
    "distance_m": DISTANCE_M,
    "diagonal_inch": DIAGONAL_INCH,
}


def write_screen(settings: ScreenSettings) -> Typed:
    """The form of settings as they are."""
    typed = {
        "layout": settings.layout,
        "zone": settings.zone,
        "languages": ",".join(settings.languages),
        "voice": "1" if settings.voice else "",
        "spoken": settings.spoken,
        "also_spoken": settings.also_spoken,
        "media": "1" if settings.media else "",
        **{name: str(getattr(settings, name)) for name in _COUNTS},
        **{f"message_{language}": text for language, text in settings.message.items()},
    }
    for number, hall in enumerate(settings.halls, 1):
        typed |= {f"hall_{number}_name_{language}": text for language, text in hall.name.items()}
        typed |= {f"counter_{id}": str(number) for id in hall.counters}
    for number, each in enumerate(settings.quiet[:QUIET_SHOWN], 1):
        typed |= {f"quiet_{number}_from": each.starts, f"quiet_{number}_to": each.ends}
    return typed


def read_screen(
    typed: Typed, office: Office, before: ScreenSettings
) -> tuple[ScreenSettings, Errors]:
    """The settings of a form, and what is wrong with them. Quiet hours that the form has no room
    for stay.
    """
    errors: Errors = {}
    counts = {}
    for name, (low, high) in _COUNTS.items():
        counts[name] = read_count(typed.get(name, ""))
        if counts[name] is None:
            errors[name] = _range_words(low, high)
    quiet = {}
    for number in range(1, QUIET_SHOWN + 1):
        starts, ends = (typed.get(f"quiet_{number}_{each}", "").strip() for each in ("from", "to"))
        if starts or ends:
            quiet[f"quiet_{number}"] = Quiet(starts, ends)
    settings = ScreenSettings(
        layout=typed.get("layout", ""),
        zone=_read_line(typed, "zone", errors),
        halls=_read_halls(typed, office, errors),
        languages=tuple(typed.get("languages", "").split(",")),
        voice=bool(typed.get("voice")),
        spoken=typed.get("spoken", ""),
        also_spoken=typed.get("also_spoken", "").strip().lower(),
        quiet=(*quiet.values(), *before.quiet[QUIET_SHOWN:]),
        message=_read_words(typed, "message", errors),
        media=bool(typed.get("media")),
        **{name: value or 0 for name, value in counts.items()},
    )
    if not errors:
        try:
            admit_settings(settings, {each.id for each in office.counters})
        except BadInput as refused:
            # The form may have left out the first stretch: what is refused is found by its place.
            places = {f"quiet_{n}": name for n, name in enumerate(quiet, 1)}
            field = str(refused.facts["field"])
            errors |= refused_screen({**refused.facts, "field": places.get(field, field)})
    return settings, errors


def _read_halls(typed: Typed, office: Office, errors: Errors) -> tuple[Hall, ...]:
    """The halls of the form. Without counters there is none: the whole office is shown."""
    layout = typed.get("layout", "")
    halls = []
    for number in (1, 2) if layout == "halls" else (1,):
        chosen = [
            each.id for each in office.counters if typed.get(f"counter_{each.id}") == str(number)
        ]
        halls.append(Hall(_read_words(typed, f"hall_{number}_name", errors), tuple(chosen)))
    if layout in ("halls", "counter"):
        return tuple(halls)
    return tuple(each for each in halls if each.counters)


def _read_words(typed: Typed, name: str, errors: Errors) -> dict[str, str]:
    words = {language: _read_line(typed, f"{name}_{language}", errors) for language in LANGUAGES}
    return {language: text for language, text in words.items() if text}


def _read_line(typed: Typed, name: str, errors: Errors) -> str:
    line = one_line(typed, name)
    problem = check_line(line)
    if problem:
        errors[name] = problem
    return line


def _range_words(low: object, high: object) -> str:
    return _("Enter a whole number from %(low)s to %(high)s", low=low, high=high)


def refused_screen(facts: Mapping[str, Any]) -> Errors:
    """What is wrong with a field of a screen's settings, from the facts of its `BadInput`."""
    field, reason = str(facts.get("field", "")), facts.get("reason")
    if reason == "length":
        return {field: _("Write at most %(num)s characters", num=facts.get("high"))}
    if reason == "range":
        return {field: _range_words(facts.get("low"), facts.get("high"))}
    if field.startswith("quiet"):
        words = (
            _("The quiet hours begin and end at the same time. Change one of them")
            if reason == "empty"
            else _("Enter both times, such as 12:00 and 13:00, or leave both empty")
        )
        return {f"{field}_from": words}
    return {
        {"hall_1": "counters", "hall_2": "counters"}.get(field, field): {
            "missing": _("Choose at least one counter for each of the two halls"),
            "one": _("Choose the one counter whose number is shown"),
            "language": _("Enter the two or three letters of a language, such as jv"),
        }.get(str(reason), _("Choose anew what the screen shows"))
    }
