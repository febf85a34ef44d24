"""Offices whose boards are hard to draw: many queues with long names, many counters, everything out
of the usual at once.
"""

from __future__ import annotations

from typing import Any

from queue_server.protocol.displays import DisplaySettings
from queue_server.protocol.messages import BoardCall, BoardStream, WaitRange
from tests.display.pages import call, notice, stream

NAMES = [
    ("Perekaman KTP-el", "ID card enrolment"),
    ("Pencatatan kelahiran dan kematian penduduk", "Registration of births and deaths"),
    ("Kartu keluarga dan perpindahan penduduk antarkabupaten", "Family card and moving house"),
    ("Akta perkawinan dan perceraian", "Marriage and divorce certificates"),
    ("Konsultasi dan pengaduan", "Advice and complaints from all residents of the province"),
    ("Legalisasi dokumen kependudukan", "Legalising civil documents"),
    ("Kartu identitas anak", "Children's identity card"),
    ("Pemutakhiran data", "Updating of data"),
    ("Layanan prioritas lansia, disabilitas dan ibu hamil", "Priority for elderly and disabled"),
    ("Pengambilan dokumen", "Collecting documents"),
]
WAITS = [WaitRange(20, 35), WaitRange(240, 240), WaitRange(0, 10), None, WaitRange(120, 180)]
LONG_COUNTER = "Konsultasi, pengaduan dan pelayanan terpadu"

EVERYTHING: dict[str, Any] = {
    "office_name": "Dinas Kependudukan dan Pencatatan Sipil Kota Tangerang Selatan",
    "mode": "URGENT_ONLY",
    "inside": 118,
    "limit": 120,
    "entering": ("A015", "A016", "B017", "C018", "A019", "A020", "A021", "A022"),
    "notices": (
        notice(
            "Loket 3 tutup pukul 12.00–13.00 untuk istirahat.",
            "Counter 3 is closed from 12.00 to 13.00.",
        ),
    ),
}
MESSAGE = DisplaySettings(message={"id": "Harap tenang.", "en": "Please be quiet."})


def queues(count: int) -> tuple[BoardStream, ...]:
    return tuple(
        stream("ABCDEFGHJK"[place], *NAMES[place], waiting=3 + 31 * place, wait=WAITS[place % 5])
        for place in range(count)
    )


def calls(
    count: int,
    counters: int = 20,
    *,
    age_s: float = 90,
    letters: str = "A0",
    long_names: bool = False,
) -> list[BoardCall]:
    """Calls to so many counters, newest first, each a second older than the one before it."""
    return [
        call(
            f"{letters}{12 + place:02d}",
            LONG_COUNTER if long_names and place % 2 == 0 else str(1 + place % counters),
            age_s=age_s + place,
        )
        for place in range(count)
    ]
