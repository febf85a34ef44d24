"""Whole slips as text, to be read at a glance when the layout changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from printer.device.profile import find_profile
from printer.slip.text import render_text
from queue_server.protocol.messages import Slip, WaitRange

USUAL = Slip(
    id="0193a1b2",
    code="7F3K9Q2M0ABC",
    number="A012",
    stream="A",
    stream_name="KTP-el",
    office="3674",
    office_name="Disdukcapil Kota Tangerang Selatan",
    service="ktp",
    service_name="Perekaman KTP-el",
    issued_at="2026-11-23T10:15:00+07:00",
    place="OUTSIDE",
    url="http://antrean.lan/t/7F3K9Q2M0ABC",
    ahead=5,
    wait=WaitRange(15, 30),
)
EVERYTHING = replace(
    USUAL,
    language="en",
    party_size=3,
    wait=WaitRange(240, 480),
    copy=1,
    offline=True,
    urgency="Departure within 7 days",
    evidence="Bring: the ticket or the letter that sends you",
    header="Jalan Maruga Raya 1",
    footer="Complaints: 0812-0000-0000",
)
GOLDEN = {
    "usual": """\
   Disdukcapil Kota Tangerang
            Selatan

       Nomor antrean Anda

              A012

        Perekaman KTP-el

 Silakan tunggu di luar sampai
        dipanggil masuk

Antrean                 A KTP-el
Di depan Anda            5 orang
Perkiraan tunggu     15–30 menit
Kembali paling lambat  10.30 WIB
--------------------------------
 Senin, 23 November 2026 10.15
              WIB

HTTP://ANTREAN.LAN/T/7F3K9Q2M0ABC
 Pindai untuk memantau giliran
              Anda

Kode tiket        7F3K-9Q2M-0ABC
--------------------------------
       Layanan ini GRATIS
          Waspada calo
  Karcis ini tidak memuat data
            pribadi.
""",
    "everything": """\
        SALINAN / COPY 1

   Disdukcapil Kota Tangerang
            Selatan
      Jalan Maruga Raya 1

       Your queue number

              A012

        Perekaman KTP-el

Please wait outside until called
               in

Queue                   A KTP-el
Ahead of you            5 people
Expected wait  more than 4 hours
Be back by             14:15 WIB
Party                   3 people
Urgent: Departure within 7 days
Bring: the ticket or the letter
         that sends you
--------------------------------
 Monday, 23 November 2026 10:15
              WIB
Numbers are not always called in
             order

HTTP://ANTREAN.LAN/T/7F3K9Q2M0ABC
    Scan to follow your turn

Ticket code       7F3K-9Q2M-0ABC
--------------------------------
      This service is FREE
        Beware of touts
   Complaints: 0812-0000-0000
  This slip holds no personal
             data.
""",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_slip_reads_as_before(name: str) -> None:
    slip = {"usual": USUAL, "everything": EVERYTHING}[name]
    assert render_text(slip, find_profile("generic-58")) == GOLDEN[name]
