"""What a manager sets for one lobby screen: what it shows, and what it says aloud."""

from __future__ import annotations

from dataclasses import dataclass, field

LAYOUTS = ("main", "halls", "counter", "entry")
"""How a screen is laid out: the main hall; two halls side by side; one counter; the entry. Each
suits a screen that lies and one that stands.
"""

SPOKEN = ("visitor", "both")
"""Which languages a call is spoken in: the visitor's alone, or that one and then the other."""


@dataclass(frozen=True)
class QuietHours:
    """A stretch of each day without sound, in the office's time, as `12:00`. One that ends before
    it starts runs over midnight.
    """

    starts: str
    ends: str


@dataclass(frozen=True)
class DisplayHall:
    """Some counters that a screen shows together, by the names that calls give them; without any,
    all of the office. `name` is the heading by language, empty for none.
    """

    name: dict[str, str] = field(default_factory=dict)
    counters: tuple[str, ...] = ()


@dataclass(frozen=True)
class DisplaySettings:
    """The settings of one screen. `layout` is one of `LAYOUTS`, `spoken` one of `SPOKEN`.

    `halls`: none for the whole office, one for a part of it, two in the layout `halls`. `zone` is
    the place where the screen hangs: of all screens in one zone at most one has the `voice`.
    `languages` stand on the screen in this order. `also_spoken` is the code of a further language,
    such as `jv`, in which each call is said after the others; empty for none. `volume` is in
    percent, `repeats` how often a call is said. `message` is a line of this screen alone, by
    language. `media`: show the local pictures and films of this screen beside the calls.
    `distance_m` is how far the last row of readers stands, `diagonal_inch` the size of the screen.
    `logo` is the office's, as an address that a page can load: for the layout `entry` alone, empty
    without one. `version` names this state of the settings: empty for those that nobody has set.
    """

    layout: str = "main"
    zone: str = ""
    halls: tuple[DisplayHall, ...] = ()
    languages: tuple[str, ...] = ("id", "en")
    voice: bool = True
    spoken: str = "visitor"
    also_spoken: str = ""
    repeats: int = 1
    volume: int = 80
    quiet: tuple[QuietHours, ...] = ()
    message: dict[str, str] = field(default_factory=dict)
    media: bool = False
    distance_m: int = 8
    diagonal_inch: int = 43
    logo: str = ""
    version: str = ""
