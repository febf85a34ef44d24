"""NIK, name and proof of ownership. The NIKs here are synthetic: kecamatan 00 does not exist."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput
from queue_server.domain.office.office import IdentityKind
from queue_server.domain.visit.identity import (
    Document,
    Identity,
    KeyFault,
    Visitor,
    find_key_fault,
    fingerprint_nik,
    identify_key,
    parse_identity,
    parse_name,
    parse_nik,
    parse_passport,
    proves_ownership,
)
from queue_server.domain.visit.ticket import Ticket
from tests.domain.examples import TODAY

WOMAN = "3674004112900001"


def reason(text: str, today: date = TODAY) -> str | None:
    try:
        parse_nik(text, today)
    except BadInput as refused:
        assert refused.facts["field"] == "nik"
        return str(refused.facts["reason"])
    return None


@given(
    region=st.integers(11, 96),
    born=st.dates(date(1927, 1, 1), TODAY),
    female=st.booleans(),
    serial=st.integers(1, 9999),
    separator=st.sampled_from(["", " ", ".", "-"]),
)
def test_a_well_formed_nik_is_read_in_any_spelling(
    region: int, born: date, female: bool, serial: int, separator: str
) -> None:
    parts = [f"{region:02d}7400", f"{born.day + 40 * female:02d}{born:%m%y}", f"{serial:04d}"]
    assert parse_nik(separator.join(parts), TODAY) == "".join(parts)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (WOMAN, None),
        ("3674000102000001", None),
        ("367400290200 0001", None),  # 29 February 2000
        ("", "length"),
        ("367400411290000", "length"),
        ("A1234567", "passport"),
        ("2C11JE1234-T", "passport"),
        ("36740041129000011", "length"),
        ("36740041129O0001", "length"),
        ("٣٦٧٤٠٠٤١١٢٩٠٠٠٠١", "length"),
        ("1074004112900001", "region"),
        ("9774004112900001", "region"),
        ("3674000012900001", "birth_date"),
        ("3674003212900001", "birth_date"),
        ("3674004012900001", "birth_date"),
        ("3674007212900001", "birth_date"),
        ("3674004113900001", "birth_date"),
        ("3674002902010001", "birth_date"),
        ("3674004112900000", "serial"),
    ],
)
def test_typing_errors_are_named(text: str, why: str | None) -> None:
    assert reason(text) == why


def test_nobody_is_born_in_the_future() -> None:
    """29 February 2028 has not come, and 1928 was a leap year too; of 29 February 2000 only one
    century had the day.
    """
    assert reason("3674002902000001", date(2000, 2, 28)) == "birth_date"
    assert reason("3674002902000001", date(2000, 2, 29)) is None


def test_it_stops_typing_errors_not_impostors() -> None:
    """The share of random 16-digit strings that pass, as the reference measured it: 6.3 %."""
    random = Random(1)
    passed = sum(reason(f"{random.randrange(10**16):016d}") is None for _ in range(20_000))
    assert 0.058 < passed / 20_000 < 0.068


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert reason(text) in {
        None,
        "passport",
        "length",
        "region",
        "district",
        "birth_date",
        "serial",
    }


def test_a_fingerprint_needs_the_key() -> None:
    one = fingerprint_nik(WOMAN, b"key")
    assert one == fingerprint_nik(WOMAN, b"key")
    assert len(one) == 64
    assert one != fingerprint_nik(WOMAN, b"another")
    assert one != fingerprint_nik("3674004112900002", b"key")
    assert WOMAN not in one


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sukarno", "Sukarno"),
        ("  Siti \t Aminah\n", "Siti Aminah"),
        ("Ma'ruf", "Ma'ruf"),
        ("X Æ A-12", "X Æ A-12"),
        ("\u202eSiti\u202c \u200fAminah\ufeff", "Siti Aminah"),
    ],
)
def test_names_are_taken_as_people_have_them(text: str, name: str) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "missing"),
        (" \n ", "missing"),
        ("a" * 81, "too_long"),
        ("A\x00B", "characters"),
        ("1234", "characters"),
        ("Siti 😀", "characters"),
        ("👍🏽", "characters"),
        ("\u200f", "missing"),
    ],
)
def test_what_is_no_name(text: str, why: str) -> None:
    with pytest.raises(BadInput) as told:
        parse_name(text)
    assert told.value.facts == {"field": "name", "reason": why}


class TestProof:
    visitor = Visitor("Siti", "f" * 64, "0001", "+6281218319931")

    @pytest.mark.parametrize("digits", ["0001", "9931", " 99 31", "00-01"])
    def test_the_last_four_of_nik_or_phone_prove(self, digits: str) -> None:
        assert proves_ownership(self.visitor, digits)

    @given(
        st.integers(0, 9999)
        .map("{:04d}".format)
        .filter(lambda digits: digits not in {"0001", "9931"})
    )
    def test_other_digits_do_not(self, digits: str) -> None:
        assert not proves_ownership(self.visitor, digits)

    @pytest.mark.parametrize(
        "digits", ["", "1", "001", "10001", "6281218319931", "３６７４", "abcd"]
    )
    def test_only_four_digits_do(self, digits: str) -> None:
        assert not proves_ownership(self.visitor, digits)

    @given(st.text())
    def test_nothing_proves_a_visitor_who_is_wiped(self, text: str) -> None:
        assert not proves_ownership(Visitor("", "", ""), text)
        assert not proves_ownership(Visitor("", "", "", phone=""), text)


def test_no_field_of_a_visitor_is_a_field_of_the_ticket() -> None:
    assert not {each.name for each in fields(Ticket)} & {each.name for each in fields(Visitor)}


def test_born_today_is_born() -> None:
    assert reason(f"367400{TODAY:%d%m%y}0001") is None


def test_an_office_may_refuse_invented_people() -> None:
    """No district has the number 00, so a NIK with it is nobody's."""
    with pytest.raises(BadInput) as refused:
        parse_nik(WOMAN, TODAY, synthetic=False)
    assert refused.value.facts == {"field": "nik", "reason": "district"}
    assert parse_nik("3674014112900001", TODAY, synthetic=False) == "3674014112900001"


def test_an_id_tells_keys_apart_and_is_no_fingerprint() -> None:
    keys = [bytes([number]) * 32 for number in range(50)]
    ids = {identify_key(each) for each in keys}
    assert len(ids) == 50 and all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)
    assert not any(
        fingerprint_nik("9101014507880042", each).startswith(identify_key(each)) for each in keys
    )


@pytest.mark.parametrize(
    ("kept", "own", "fingerprints", "fault"),
    [
        (None, None, 0, None),
        (None, None, 1, KeyFault.MISSING),
        ("a", None, 0, KeyFault.MISSING),
        ("a", None, 9, KeyFault.MISSING),
        (None, "a", 0, None),
        (None, "a", 9, None),
        ("a", "a", 9, None),
        ("a", "b", 0, KeyFault.OTHER),
        ("a", "b", 9, KeyFault.OTHER),
    ],
)
def test_a_key_is_believed_made_or_refused(
    kept: str | None, own: str | None, fingerprints: int, fault: KeyFault | None
) -> None:
    assert find_key_fault(kept, own, fingerprints) is fault


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("A1234567", "A1234567"),
        (" a 123-4567 ", "A1234567"),
        ("123456789", "123456789"),
        ("C4ME7X91K", "C4ME7X91K"),
        ("2C11JE1234-T", "2C11JE1234T"),
        ("2D21 AF 0123-AT", "2D21AF0123AT"),
    ],
)
def test_passports_and_permits_are_read_in_any_spelling(text: str, number: str) -> None:
    assert parse_passport(text) == number


@pytest.mark.parametrize(
    "text",
    ["ABCDEF", "A12", "A12345678901234", "1234567890", "А1234567", "A12345\u200e!", "😀123456"],
)
def test_what_is_no_passport(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_passport(text)
    assert refused.value.facts == {"field": "passport", "reason": "format"}


@given(st.text())
def test_no_text_breaks_a_passport(text: str) -> None:
    try:
        assert parse_passport(text).isascii()
    except BadInput as refused:
        assert refused.facts["reason"] in ("missing", "format")


def test_one_field_tells_a_nik_from_a_passport() -> None:
    both, passport = IdentityKind.NIK_OR_PASSPORT, IdentityKind.PASSPORT
    assert parse_identity(WOMAN, both, TODAY) == Identity(Document.NIK, WOMAN)
    assert parse_identity("A1234567", both, TODAY) == Identity(Document.PASSPORT, "A1234567")
    assert parse_identity("123456789", both, TODAY).document is Document.PASSPORT
    with pytest.raises(BadInput):
        parse_identity(WOMAN, passport, TODAY)
    with pytest.raises(BadInput) as refused:
        parse_identity(WOMAN[:-1], both, TODAY)
    assert refused.value.facts["field"] == "nik", "so many digits were meant to be a NIK"


def test_a_passport_is_never_the_same_person_as_a_nik() -> None:
    key = b"key"
    marks = {Identity(each, WOMAN).fingerprint(key) for each in Document}
    assert len(marks) == 2 and fingerprint_nik(WOMAN, key) in marks
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in marks)


@pytest.mark.parametrize("typed", ["567X", "56-7x", " 567x "])
def test_the_last_four_of_a_passport_prove(typed: str) -> None:
    visitor = Visitor("John", "f" * 64, "567X", document=Document.PASSPORT)
    assert proves_ownership(visitor, typed)
    assert not proves_ownership(visitor, "567") and not proves_ownership(visitor, "567Y")
