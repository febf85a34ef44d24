"""What the tests of the page put on the fake server: a whole catalogue, and a guide."""

from __future__ import annotations

import dataclasses

from queue_server.demo.catalogue import SERVICES, STREAMS
from queue_server.protocol.guide import (
    GuideAdvice,
    GuideAnswer,
    GuideQuestion,
    KioskGuide,
    ServiceGuide,
)
from queue_server.protocol.messages import OpenHours, ServiceOffer, WaitRange
from tests.protocol.fake_server import OFFICE, FakeServer

ONLINE = "https://layanan.example/kk"
EMPTY = {"id": "", "en": ""}


def both(text: str) -> dict[str, str]:
    """The same text in both languages, so that a test need not say which is shown."""
    return {"id": text, "en": text}


def offer_everything(server: FakeServer, **changes: object) -> None:
    """The fourteen services of a civil registry under their real, long names."""
    services = tuple(
        ServiceOffer(
            each.code,
            each.letter,
            dict(each.name),
            dict(each.summary),
            each.minutes,
            each.channel.value,
            True,
            None,
            100 + number,
            WaitRange(180, 240),
            urgent_open=True,
        )
        for number, each in enumerate(SERVICES)
    )
    values: dict[str, object] = {
        "services": services,
        "streams": {each.letter: dict(each.name) for each in STREAMS},
        "hours": (OpenHours("08:00", "12:00"), OpenHours("13:00", "15:00")),
        "limit": 20,
        "inside": 20,
        "full": True,
        "outside_wait": WaitRange(15, 25),
        "guide": "guide-1",
        **changes,
    }
    server.offer = dataclasses.replace(server.offer, **values)  # type: ignore[arg-type]
    server.guide = make_guide()


def make_guide(version: str = "guide-1") -> KioskGuide:
    """One service that is asked about, one had online, one urgent only; evidence for two."""
    elsewhere = GuideAdvice(
        "ELSEWHERE",
        both("Ke kantor polisi dulu"),
        both("Kartu pengganti dibuat setelah ada surat kehilangan."),
        both("Minta surat kehilangan.\nLalu ke sini."),
        EMPTY,
        url="https://antrean.example/o/3674/triage?service=CTK",
    )
    visit = GuideAdvice("VISIT", both("Perlu datang"), both("Begitu."), EMPTY, both("KK."))
    online = GuideAdvice(
        "ONLINE",
        both("Anda tidak perlu datang"),
        both("Dikirim berupa PDF."),
        both("Isi formulir.\nUnggah berkas.\nCetak sendiri."),
        both("KK lama."),
        url=ONLINE,
    )
    urgent = GuideAdvice(
        "URGENT", both("Jalur mendesak"), both("Tidak bisa menunggu."), EMPTY, EMPTY, "hospital"
    )
    letter = GuideQuestion(
        both("Apakah KTP hilang?"),
        both("Surat ini gratis."),
        (GuideAnswer(both("Hilang"), "police"), GuideAnswer(both("Rusak"), "visit")),
    )
    reason = GuideQuestion(
        both("Apakah mendesak?"),
        EMPTY,
        (GuideAnswer(both("Berobat sekarang"), "urgent"), GuideAnswer(both("Tidak"), "online")),
    )
    page = "https://antrean.example/o/3674/triage?service="
    return KioskGuide(
        version,
        OFFICE,
        "(021) 0000",
        "https://antrean.example",
        {
            "hospital": both("Bawa: surat dari rumah sakit"),
            "court": both("Bawa: surat dari pengadilan"),
        },
        (
            ServiceGuide(
                "CTK", "letter", {"letter": letter}, {"police": elsewhere, "visit": visit}, page
            ),
            ServiceGuide("KK", "online", {}, {"online": online}, page, ONLINE),
            ServiceGuide(
                "LEG", "reason", {"reason": reason}, {"urgent": urgent, "online": online}, page
            ),
        ),
    )
