"""The eight offices of Banten: counters, hours, room and holidays. Addresses and telephones are
invented and marked CONTOH.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from queue_server.domain.office.devices.displays import ScreenSettings
from queue_server.domain.office.hours import DayHours, Hours, Opening
from queue_server.domain.office.location import Coordinates, Location, WheelchairAccess
from queue_server.domain.office.office import Counter, Office
from queue_server.domain.office.rules import BookingRules, Rules
from queue_server.services.office.holidays import list_holidays

from .catalogue import SERVICES, STREAMS, URGENT_LETTER

HOME = "3674"
"""The office for which the demonstration runs a kiosk and a display."""

SCREEN = ScreenSettings(
    zone="Ruang tunggu utama",
    voice=True,
    spoken="both",
    message={
        "id": "Semua layanan gratis. Jangan gunakan calo.",
        "en": "All services are free of charge. Do not use touts.",
    },
)
"""How the office has set its display: it speaks to visitors of both languages."""

COUNTRY = "ID"

_MONDAY_TO_THURSDAY, _FRIDAY, _SATURDAY = range(4), 4, 5

_SKILLS = ("A", "C", "FZ", "UX", "F", "CAU", "Z", "A", "FC", "X")
"""Streams of the counters that do not serve them all, in order; taken again from the start where
there are more.
"""

_LETTERS = tuple(each.letter for each in STREAMS)
"""Two counters of each office serve every stream: the last, and the first, which whoever tries the
demonstration opens.
"""


@dataclass(frozen=True)
class _Site:
    """What differs from office to office."""

    code: str
    name: str
    street: str
    counters: int
    people_limit: int
    coordinates: Coordinates
    wheelchair: WheelchairAccess = WheelchairAccess.FULL
    open_saturday: bool = False


PARKING = {
    "id": "Parkir motor dan mobil di halaman depan, gratis. (CONTOH)",
    "en": "Free parking for motorcycles and cars in front of the office. (EXAMPLE)",
}
DIRECTIONS = {
    "id": "Angkot berhenti di depan gerbang. Pintu masuk di sebelah kiri gedung. (CONTOH)",
    "en": "Minibuses stop at the gate. The entrance is on the left of the building. (EXAMPLE)",
}

_SITES = (
    _Site(
        "3601",
        "Disdukcapil Kabupaten Pandeglang",
        "Jl. Contoh Berkah 1, Pandeglang",
        6,
        16,
        Coordinates(-6.3084, 106.1067),
        wheelchair=WheelchairAccess.WITH_HELP,
    ),
    _Site(
        "3602",
        "Disdukcapil Kabupaten Lebak",
        "Jl. Contoh Multatuli 2, Rangkasbitung",
        6,
        16,
        Coordinates(-6.3573, 106.2491),
    ),
    _Site(
        "3603",
        "Disdukcapil Kabupaten Tangerang",
        "Jl. Contoh Gemilang 3, Tigaraksa",
        12,
        30,
        Coordinates(-6.2716, 106.4697),
    ),
    _Site(
        "3604",
        "Disdukcapil Kabupaten Serang",
        "Jl. Contoh Ciruas 4, Serang",
        8,
        20,
        Coordinates(-6.1245, 106.2358),
        wheelchair=WheelchairAccess.WITH_HELP,
    ),
    _Site(
        "3671",
        "Disdukcapil Kota Tangerang",
        "Jl. Contoh Cisadane 5, Tangerang",
        12,
        30,
        Coordinates(-6.1781, 106.6319),
        open_saturday=True,
    ),
    _Site(
        "3672",
        "Disdukcapil Kota Cilegon",
        "Jl. Contoh Baja 6, Cilegon",
        5,
        14,
        Coordinates(-6.0174, 106.0538),
    ),
    _Site(
        "3673",
        "Disdukcapil Kota Serang",
        "Jl. Contoh Surosowan 7, Serang",
        7,
        18,
        Coordinates(-6.1149, 106.1502),
    ),
    _Site(
        "3674",
        "Disdukcapil Kota Tangerang Selatan",
        "Jl. Contoh Anggrek 8, Serpong",
        10,
        20,
        Coordinates(-6.3180, 106.6643),
    ),
)


def offices(years: Iterable[int]) -> tuple[Office, ...]:
    """The offices, closed on the public holidays and common leave days of these years."""
    closed = {day: own for year in years for day, own in list_holidays(COUNTRY, year).items()}
    return tuple(_office(site, closed) for site in _SITES)


def _office(site: _Site, closed: Mapping[date, DayHours]) -> Office:
    return Office(
        code=site.code,
        name=site.name,
        address=f"{site.street} (CONTOH)",
        phone=f"(021) 0000-{site.code} (CONTOH)",
        zone="Asia/Jakarta",
        people_limit=site.people_limit,
        rules=Rules(booking=BookingRules(urgent_letter=URGENT_LETTER, synthetic_niks=True)),
        streams=STREAMS,
        services=SERVICES,
        counters=tuple(_counters(site)),
        hours=Hours(week=tuple(_openings(site)), days=closed),
        location=Location(site.coordinates, site.wheelchair, PARKING, DIRECTIONS),
    )


def _counters(site: _Site) -> Iterable[Counter]:
    for index in range(site.counters):
        serves_all = index in (0, site.counters - 1)
        letters = _LETTERS if serves_all else tuple(_SKILLS[index % len(_SKILLS)])
        yield Counter(f"{site.code}-{index + 1}", str(index + 1), letters)


def _openings(site: _Site) -> Iterable[Opening]:
    for day in (*_MONDAY_TO_THURSDAY, _FRIDAY):
        yield Opening(day, time(8), time(11, 30) if day == _FRIDAY else time(12))
        yield Opening(day, time(13), time(15))
    if site.open_saturday:
        yield Opening(_SATURDAY, time(8), time(12))
