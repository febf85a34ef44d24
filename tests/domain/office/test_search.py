"""What people type is led to the service they mean, slips included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.demo.catalogue import SERVICES
from queue_server.domain.office.search import (
    LONGEST_QUERY,
    is_one_slip,
    likeness,
    search_services,
    words_of,
)

LETTERS = "abcdefghij"
WORDS = st.text(LETTERS, min_size=1, max_size=9)


def codes(query: str) -> list[str]:
    return [each.code for each in search_services(SERVICES, query)]


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("ktp ilang", "CTK"),
        ("legalisasi akta", "LEG"),
        ("KTP hilang", "CTK"),
        ("kehilangan e-KTP", "CTK"),
        ("ktp-el patah", "CTK"),
        ("I lost my ID card", "CTK"),
        ("kk", "KK"),
        ("kartu keluaraga", "KK"),
        ("ubah nama di KK", "KK"),
        ("bpjs gak aktif", "SNK"),
        ("BPJS nonaktif", "SNK"),
        ("nik tdk terdaftar di bank", "SNK"),
        ("akte lahir", "AKL"),
        ("akta kelahirn", "AKL"),
        ("birth certificate", "AKL"),
        ("pindah alamat", "PIN"),
        ("mau pindahan rumah", "PIN"),
        ("bikin ktp baru", "REK"),
        ("ambil ktp", "AMB"),
        ("ktp anak", "KIA"),
        ("orang meninggal", "AKM"),
        ("cerai", "AKP"),
        ("leaglisir", "LEG"),
        ("paspor", "WNA"),
        ("kena pungli", "PGD"),
        ("ktp digital", "IKD"),
    ],
)
def test_the_service_that_is_meant_comes_first(query: str, service: str) -> None:
    assert codes(query)[0] == service


@pytest.mark.parametrize(
    "query", ["", "   ", "saya mau urus", "xyzzy", "🙂", "\u202e", "3674011234567890"]
)
def test_what_names_no_task_leads_nowhere(query: str) -> None:
    assert codes(query) == []


def test_a_word_of_several_services_lists_them_all_and_no_others() -> None:
    assert set(codes("ktp")) == {"REK", "CTK", "IKD", "AMB", "KIA"}
    assert codes("ktp hilang") == ["CTK"]


def test_search_words_of_the_office_itself_count() -> None:
    [first, *_] = SERVICES
    assert first.code not in codes("sunatan")
    changed = type(first)(**{**vars(first), "search_words": ("sunatan massal",)})
    assert search_services([changed, *SERVICES[1:]], "sunatan") == (changed,)


def test_how_a_word_is_written_does_not_matter() -> None:
    assert words_of("Akté  LAHIR!") == words_of("akta lahir") == ("akta", "lahir")
    assert words_of("e-KTP") == words_of("KTP el") == words_of("ktp-el") == ("ktp",)


@given(WORDS, WORDS)
def test_a_slip_is_one_letter_more_less_or_other_or_two_exchanged(first: str, second: str) -> None:
    """The same as trying every single slip."""
    one_off = {
        each
        for at in range(len(first) + 1)
        for each in (
            first[:at] + first[at + 1 :],
            first[:at] + first[at + 1 : at + 2] + first[at : at + 1] + first[at + 2 :],
            *(first[:at] + letter + first[at:] for letter in LETTERS),
            *(first[:at] + letter + first[at + 1 :] for letter in LETTERS if at < len(first)),
        )
    } - {first}
    assert is_one_slip(first, second) == (second in one_off)
    assert is_one_slip(first, second) == is_one_slip(second, first)


@given(st.text(LETTERS, min_size=5, max_size=9), st.data())
def test_one_slip_in_a_long_word_is_forgiven_and_in_a_short_one_never(
    word: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    assert likeness(word[:at] + word[at + 1 :], word) > 0
    assert likeness(word[:3], word[:2] + "z") == 0


@given(st.text(max_size=200))
def test_any_text_is_answered_with_services_once_each(query: str) -> None:
    matches = codes(query)
    assert len(matches) == len(set(matches))
    assert matches == codes(query + " "), "white space says nothing"
    assert codes("ktp hilang" + " " * LONGEST_QUERY + query) == codes("ktp hilang")


@pytest.mark.parametrize("service", SERVICES, ids=lambda each: each.code)
def test_every_service_is_found_by_its_names_and_by_each_of_its_search_words(service) -> None:
    for text in (*service.name.values(), *service.search_words):
        assert service.code in codes(text), text
