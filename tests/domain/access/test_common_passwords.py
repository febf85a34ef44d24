"""Which passwords are tried first by whoever guesses."""

from __future__ import annotations

import pytest

from queue_server.domain.access.common_passwords import is_common
from queue_server.services.access.accounts import draw_password

COMMON = [
    "password123",
    "P@ssw0rd2026!",
    "passwordpassword",
    "rahasia123",
    "rahasia rahasia",
    "bismillah1",
    "sayangku2025",
    "4dm1n-4dm1n",
    "admin12345",
    "qwertyuiop",
    "qwerty12345",
    "asdfghjkl1",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "jakarta2026!",
    "Merdeka-1945",
    "aaaaaaaaaa",
    "1234567890",
    "9876543210",
    "081298765432",
    "3674014507880042",
    "abcdefghij",
    "ababababab",
    "!!!!!!!!!!!!",
    "selamat-pagi",
    "dukcapil2026",
    "antrean-2026",
    "loket-antrean",
    "kantor.camat1",
    "iloveyou!!",
    "Sukséskan123"[:6] + "semangat",
    "puskesmas-01",
]
UNCOMMON = [
    "kuda-baterai-staples-9",
    "sandi-yang-baru",
    "hujan deras turun",
    "k7mf-x2qp-9rtd-4hwn",
    "T4bg!qZ82mLw",
    "кошка-стол-12",
    "penggaris melompat",
    "long-enough-1",
    "sandi-yang-baru-sekali",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_every_guesser_tries_is_common_however_it_is_dressed_up(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", UNCOMMON)
def test_words_that_do_not_belong_together_are_not(password: str) -> None:
    assert not is_common(password)


@pytest.mark.parametrize(
    "password", ["Wulandari-1988", "rini.wulandari", "r1n1wul4nd4r1", "cikupa-2026"]
)
def test_ones_own_names_are_tried_first_as_well(password: str) -> None:
    assert is_common(password, ("rini", "Rini Wulandari", "Kecamatan Cikupa"))
    assert not is_common(
        password + " meloncat girang", ("rini", "Rini Wulandari", "Kecamatan Cikupa")
    )


def test_no_drawn_password_is_common() -> None:
    assert not any(is_common(draw_password(), ("siti", "Siti Aminah")) for _ in range(300))
