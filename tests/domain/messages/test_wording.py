"""The words of an office: what may stand in them, what must, and how long they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain.messages.message import MessageKind
from queue_server.domain.messages.wording import (
    NEEDED,
    PLACEHOLDERS,
    TEXT_MAX,
    SmsLength,
    Words,
    find_faults,
    measure_sms,
    tidy_words,
)

KIND = MessageKind.CONFIRMATION
GOOD = Words(
    "Janji di {office}",
    "Halo.\n\n{service}, {time}. 100% gratis.\n\nKode: {code}",
    "{time} {code} {url}",
)


def test_every_kind_but_the_proof_can_be_worded_and_nothing_names_a_person() -> None:
    assert set(PLACEHOLDERS) == set(NEEDED) == set(MessageKind) - {MessageKind.PROVE}
    for kind, names in PLACEHOLDERS.items():
        assert NEEDED[kind] <= names
        assert not names & {"nik", "name", "phone", "email"}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"subject": ""}, [("subject", "missing", "")]),
        ({"subject": "a" * 121}, [("subject", "too_long", "120")]),
        ({"body": "{time} {code} {nik}"}, [("body", "placeholder", "nik")]),
        ({"body": "{time} {code} { office }"}, [("body", "placeholder", " office ")]),
        ({"body": "{time} {code} {}"}, [("body", "placeholder", "")]),
        ({"body": "{time} {code} {number}"}, [("body", "placeholder", "number")]),
        ({"body": "{time} {code} {office"}, [("body", "brace", "")]),
        ({"body": "{time} {code} }"}, [("body", "brace", "")]),
        ({"body": "{{time}} {code}"}, [("body", "brace", "")]),
        ({"body": "{time}"}, [("body", "needed", "code")]),
        ({"text": "{code}"}, [("text", "needed", "time")]),
        ({"text": "{time} {code}" + "a" * TEXT_MAX}, [("text", "too_long", str(TEXT_MAX))]),
        ({"text": "{time} {code} \u202e"}, [("text", "characters", "")]),
        ({"text": "{time} {code} \x00"}, [("text", "characters", "")]),
        (
            {"subject": "", "body": "%(time)s", "text": "{nama}"},
            [
                ("subject", "missing", ""),
                ("body", "needed", "code"),
                ("text", "placeholder", "nama"),
            ],
        ),
    ],
)
def test_faults_are_named_with_their_part(
    changes: dict[str, str], faults: list[tuple[str, str, str]]
) -> None:
    said = find_faults(KIND, replace(GOOD, **changes))
    assert [(each.part, each.reason, each.name) for each in said] == faults


def test_what_is_typed_is_tidied() -> None:
    assert tidy_words(" A\r\n b ", "\r\n Satu \r\n\r\n\r\n\r\nDua\n", "a\nb") == Words(
        "A b", "Satu\n\nDua", "a b"
    )
    assert tidy_words("A\xa0b", "a\tb\xa0c \n d", "").body == "a b c\n d"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("a" * 160, SmsLength(160, 1, True)),
        ("a" * 161, SmsLength(161, 2, True)),
        ("a" * 306, SmsLength(306, 2, True)),
        ("a" * 307, SmsLength(307, 3, True)),
        ("[" * 80, SmsLength(160, 1, True)),
        ("“" + "a" * 69, SmsLength(70, 1, False)),
        ("“" + "a" * 70, SmsLength(71, 2, False)),
        ("😀" * 35, SmsLength(70, 1, False)),
        ("", SmsLength(0, 1, True)),
    ],
)
def test_an_sms_is_measured_as_it_is_paid_for(text: str, length: SmsLength) -> None:
    assert measure_sms(text) == length
