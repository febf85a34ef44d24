"""The words of the log: every kind of event, every reason and fact that our own code writes, in
both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from queue_server.domain.access.accounts import OF_PEOPLE
from queue_server.domain.audit.acts import EVENTS_OF, SHOWN_KINDS, ActKind
from queue_server.domain.events import EventType
from queue_server.domain.messages.message import MessageKind
from queue_server.domain.office.devices.orders import OrderKind
from queue_server.domain.office.modes import ServiceMode
from queue_server.domain.office.office import Office
from queue_server.domain.office.rule_ranges import EDITABLE
from queue_server.domain.reports.period import Step
from queue_server.domain.supervisor.alerts import AlertKind
from queue_server.domain.visit.booker import Where
from queue_server.domain.visit.transitions import UNDOABLE
from queue_server.protocol.codes import URGENCIES
from queue_server.services.counter.overrides import Act
from queue_server.store.tables import IS_NO_STEP
from queue_server.web.edge.assets import list_files
from queue_server.web.edge.words.log import events as event_words
from queue_server.web.edge.words.log.kinds import kind_words
from queue_server.web.edge.words.rules.groups import rule_labels
from queue_server.web.edge.words.urgency import urgency_words
from queue_server.web.pages.supervisor.audit_rows import Known, show_act
from tests.fixtures.application import HOME, HOST, House, at, make_office

LANGUAGES = ("id", "en")
CALL = {"number": "A012", "by": "clerk", "direct": True, "changed": {"counter": [None, "3674-1"]}}
COUNTER = {"name": "9", "letters": ["A"]}
SAMPLES: Mapping[EventType, list[dict[str, Any]]] = {
    EventType.UNDONE: [{"undid": each.value, "number": "A012"} for each in UNDOABLE],
    EventType.OCCUPANCY_CORRECTED: [{"delta": -2}, {"persons": 7}],
    EventType.SERVICE_PAUSED: [
        {"changed": {"paused": [None, kind]}} for kind in ("PAUSE", "EVACUATION")
    ],
    EventType.COUNTER_STREAMS_CHANGED: [
        {"counter": f"{HOME}-1", "changed": {"letters": ["A", "B"]}}
    ],
    EventType.COUNTER_RELEASED: [
        {"counter": f"{HOME}-1", "number": number} for number in (None, "A012")
    ],
    EventType.MODE_CHANGED: [{"mode": each.value} for each in ServiceMode],
    EventType.LIMIT_CHANGED: [
        {"changed": {"limit": [None, 12]}},
        {"changed": {"booking.online_share": [0.4, 0.5]}},
    ],
    EventType.RULES_CHANGED: [{"changed": {"calling.grace_minutes": [10, 5]}}],
    EventType.BOOKER_SHOWN: [
        {"number": number, "where": where.value} for number in (None, "A012") for where in Where
    ],
    EventType.VOIDED: [{"number": number} for number in (None, "A012")],
    EventType.PRIORITY_SET: [
        {"number": "A012", "changed": {"priority": [not given, given]}} for given in (True, False)
    ],
    EventType.REMOTE_SET: [
        {"services": {"KTP": [[], ["PHONE", "VIDEO"]]}, "counters": {f"{HOME}-1": "home"}}
    ],
    EventType.ROOM_DESCRIBED: [
        {"added": ["hall"], "removed": [], "altered": {}, "building_limit": [None, 40]}
    ],
    EventType.OFFICE_CHANGED: [{"added": [["services", "REK"]], "changed": ["hours", "room"]}],
    EventType.OFFICE_DELETED: [{"deleted": "9199"}],
    EventType.OFFICE_DESCRIBED: [{"told": ["address", "phone", "location"]}],
    EventType.SERVICE_DESCRIBED: [
        {"service": "REK", "told": ["summary", "requirements", "channel", "online", "search_words"]}
    ],
    EventType.SLIP_DESIGNED: [
        {"changed": {"header": [{}, {"id": "Halo"}], "footer": [{}, {}], "logo": ["", "ab12"]}}
    ],
    EventType.OFFICE_RESTRUCTURED: [
        {"changed": {"service/REK/minutes": [10, 15], "counter/9-1": [None, COUNTER]}}
    ],
    EventType.ANNOUNCED: [{"text": {"id": "Halo", "en": "Hello"}}],
    EventType.ANNOUNCEMENT_ENDED: [{"text": {"id": "Halo", "en": "Hello"}}],
    EventType.ALERT_ACKNOWLEDGED: [{"kind": each.value} for each in AlertKind],
    EventType.PARTY_CHANGED: [{"number": "A012", "changed": {"party_size": [1, 3]}}],
    EventType.MADE_URGENT: [{"number": "A012", "urgency": each} for each in URGENCIES],
    EventType.PRIORITY_SET: [
        {"number": "A012", "changed": {"priority": each}} for each in ([False, True], [True, False])
    ],
    EventType.LET_PAST: [{"number": "A012", "due_number": "A009"}],
    EventType.NAMES_SEARCHED: [{"found": 3}],
    EventType.DAY_LISTED: [{"date": "2026-11-24", "listed": 3}],
    EventType.CALLS_LISTED: [{"listed": 3, "format": "pdf"}],
    EventType.ACTS_EXPORTED: [{"first": "2026-11-01", "last": "2026-11-23", "format": "csv"}],
    EventType.CALLED: [{**CALL, "reason": ""}, {**CALL, "reason": "needs_help"}],
    EventType.SIGNED_IN: [{"way": each} for each in ("app", "recovery", "passkey", "service", "")],
    EventType.SIGN_IN_REFUSED: [
        {"user": "clerk", "count": 5},
        {"user": "clerk", "count": 5, "way": "code"},
    ],
    EventType.SECOND_FACTOR_ADDED: [{"kind": "passkey"}, {"kind": "app"}],
    EventType.SECOND_FACTOR_REMOVED: [{"kind": "passkey"}, {"kind": "app"}],
    EventType.ACCOUNT_ADDED: [{"user": "clerk", "role": each} for each in OF_PEOPLE],
    EventType.ACCOUNT_CHANGED: [
        {"user": "clerk", "role": "clerk", "was": "manager"},
        {"user": "clerk", "role": "clerk", "was": "clerk", "offices": "3674", "offices_were": ""},
    ],
    EventType.ACCOUNT_CLOSED: [{"user": "clerk", "role": "clerk"}],
    EventType.ACCOUNT_REOPENED: [{"user": "clerk", "role": "clerk"}],
    EventType.TOKEN_ADDED: [{"token": "t1", "role": "manager"}, {"token": "t1", "scope": "read"}],
    EventType.DEVICE_ORDERED: [{"device": "d1", "order": each.value} for each in OrderKind],
    EventType.MESSAGE_WORDED: [{"kind": each.value} for each in MessageKind],
    EventType.REPORT_MAIL_ADDED: [{"every": each.value} for each in (Step.WEEK, Step.MONTH)],
    EventType.BACKED_UP: [{"encrypted": True}, {"encrypted": False}],
    EventType.RESTORED: [{"made_at": "2026-11-22"}],
    EventType.PERSON_ERASED: [{"receipt": "R1"}],
    EventType.INCIDENT_STARTED: [{"incident": "I1"}],
    EventType.INCIDENT_SECURED: [{"incident": "I1"}],
}
"""Facts as the services write them; without an entry here an event is looked at without any."""


@pytest.fixture
def office() -> Office:
    return make_office(HOME)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, house: House) -> Iterator[str]:
    """A request in one language."""
    with house.application.flask.test_request_context(f"/?lang={request.param}"):
        yield request.param


def say(type: EventType, facts: Mapping[str, Any], office: Office) -> str:
    because = str(facts.get("reason", ""))
    act = Act((at(9).date(), 1), at(9), type, None, "manager", because, facts)
    counters = {each.id: f"#{each.name}" for each in office.counters}
    names = {"clerk": "Ani", "manager": "Budi"}
    return show_act(act, Known(office, names, counters, {"d1": "Kios 1"})).what


def in_both(house: House, make: Any) -> dict[str, str]:
    """What a function says in each language."""
    found = {}
    for name in LANGUAGES:
        with house.application.flask.test_request_context(f"/?lang={name}"):
            found[name] = make()
    return found


def test_every_event_has_words(language: str) -> None:
    missing = sorted(each.name for each in EventType if each not in event_words.event_words())
    assert not missing, (
        "event_words() in queue_server/web/edge/words/log/events.py needs words for "
        f"{', '.join(missing)}"
    )
    assert all(event_words.event_words().values())


def test_the_words_of_an_event_are_of_the_language(house: House) -> None:
    said = in_both(house, event_words.event_words)
    same = {each.name for each in EventType if said["id"].get(each) == said["en"].get(each)}
    assert not same, f"without Indonesian words: {', '.join(sorted(same))}"


def test_every_event_belongs_to_one_kind_of_act() -> None:
    listed = [type for types in EVENTS_OF.values() for type in types]
    missing = sorted(each.name for each in set(EventType) - set(listed))
    assert not missing, (
        "EVENTS_OF in queue_server/domain/audit/acts.py needs a kind for " + ", ".join(missing)
    )
    assert len(listed) == len(set(listed)), "an event stands under two kinds"
    assert set(EVENTS_OF) == set(ActKind)


def test_every_kind_of_act_has_a_name(house: House) -> None:
    said = in_both(house, kind_words)
    assert set(said["id"]) == set(SHOWN_KINDS)
    assert {each for each in SHOWN_KINDS if said["id"][each] == said["en"][each]} == set()


def test_what_the_index_of_acts_leaves_out_is_no_act() -> None:
    left_out = set(re.findall(r"'(\w+)'", IS_NO_STEP))
    steps = {each.value for each in EVENTS_OF[ActKind.COURSE]}
    assert left_out and left_out <= steps | {EventType.CALLED.value}


def test_every_act_is_a_sentence_of_the_language_without_a_word_of_the_code(
    house: House, office: Office
) -> None:
    plain = {"number": "A012", "user": "clerk", "device": "d1", "host": "example.org", "count": 2}
    types = [type for kind in SHOWN_KINDS for type in EVENTS_OF[kind]]
    cases = [(type, facts) for type in types for facts in SAMPLES.get(type, [plain])]
    said = in_both(house, lambda: [say(type, facts, office) for type, facts in cases])
    for case, indonesian, english in zip(cases, said["id"], said["en"], strict=True):
        assert indonesian != english, f"without Indonesian words: {case}"
        for text in (indonesian, english):
            assert not re.search(r"\b[a-z]+_[a-z_]+\b|\b[A-Z]{2,}_[A-Z_]+\b", text), (
                f"a code shows in {text!r}: {case}"
            )
            assert "–" not in text, f"something has no words in {text!r}: {case}"


def test_every_step_that_can_be_taken_back_has_words(language: str) -> None:
    assert {each for each in UNDOABLE if event_words.step_words(each.value) == "–"} == set()


def test_every_alert_has_words(language: str) -> None:
    missing = sorted(each.name for each in AlertKind if event_words.alert_name(each.value) == "–")
    assert not missing, (
        "alert_words() in queue_server/web/edge/words/log/events.py needs words for "
        f"{', '.join(missing)}"
    )


def test_every_rule_and_urgent_case_has_words(language: str) -> None:
    assert set(EDITABLE) <= set(rule_labels())
    assert tuple(urgency_words()) == URGENCIES


def test_every_reason_that_our_pages_and_upkeep_write_has_words(house: House) -> None:
    """Found in the scripts themselves, so that a new one without words fails here."""
    written = {
        reason
        for name, script in list_files()
        if name.endswith(".js") and not name.startswith("vendor/")
        for line in re.findall(r"\breason: (.*)", script.read_text())
        for reason in re.findall(r'"([^"]+)"', line.partition("}")[0])
        if not reason.endswith("-reason")  # the id of a field
    }
    assert {"in without ticket", "counted at the door"} <= written, (
        "the scripts write reasons, and this test reads them"
    )
    said = in_both(house, event_words.logged_reasons)
    missing = (written | {"day_closed", "recount", "silent"}) - set(said["id"])
    assert not missing, (
        "logged_reasons() in queue_server/web/edge/words/log/events.py needs words for "
        f"{', '.join(sorted(missing))}"
    )
    assert {reason for reason in said["id"] if said["id"][reason] == said["en"][reason]} == set()


def test_the_end_of_a_mode_is_no_decision_for_it(house: House, office: Office) -> None:
    decided = {
        "period": "p",
        "mode": "URGENT_ONLY",
        "service": None,
        "starts_at": at(9).isoformat(),
        "ends_at": None,
    }
    ended = {"period": "p", "mode": "URGENT_ONLY", "service": None, "ended_at": at(9).isoformat()}
    tuesday = {
        "id": "Selasa, 24 November 2026, 08.00 WIB",
        "en": "Tuesday, 24 November 2026, 08:00 WIB",
    }
    wednesday = {
        "id": "Rabu, 25 November 2026, 08.00 WIB",
        "en": "Wednesday, 25 November 2026, 08:00 WIB",
    }
    cases = [
        (
            decided,
            "Mengubah mode layanan: Hanya keperluan mendesak",
            "Changed the service mode: Urgent cases only",
        ),
        (
            ended,
            "Mengakhiri mode layanan: Hanya keperluan mendesak",
            "Ended the service mode: Urgent cases only",
        ),
        (
            {**ended, "ended_at": at(15).isoformat()},
            (
                "Menetapkan akhir mode layanan “Hanya keperluan mendesak”: "
                "Senin, 23 November 2026, 15.00 WIB"
            ),
            (
                "Set an end for the service mode “Urgent cases only”: "
                "Monday, 23 November 2026, 15:00 WIB"
            ),
        ),
        (
            {
                **decided,
                "starts_at": at(8, day=1).isoformat(),
                "ends_at": at(8, day=2).isoformat(),
                "service": "KTP",
                "mode": "NORMAL",
            },
            (
                f"Menetapkan mode layanan mulai {tuesday['id']}: Normal, sampai {wednesday['id']} "
                "(Kata)"
            ),
            (
                f"Decided the service mode from {tuesday['en']} on: "
                f"Normal, until {wednesday['en']} (Word)"
            ),
        ),
    ]
    for facts, indonesian, english in cases:
        said = in_both(house, lambda facts=facts: say(EventType.MODE_CHANGED, facts, office))
        assert said == {"id": indonesian, "en": english}


def test_the_list_says_that_a_mode_was_ended(house: House) -> None:
    house.post(f"/offices/{HOME}/mode", "manager", {"mode": "URGENT_ONLY"})
    (period,) = house.get(f"/offices/{HOME}/modes", "manager").get_json()["decisions"]
    house.clock.pass_by(minutes=5)
    assert house.post(f"/offices/{HOME}/modes/{period['id']}/end", "manager", {}).status_code == 200
    browser, _token = house.sign_in("supervisor")
    text = browser.get("/supervise/audit?lang=id", headers={"Host": HOST}).text
    assert text.count("Mengubah mode layanan: Hanya keperluan mendesak") == 1
    assert text.count("Mengakhiri mode layanan: Hanya keperluan mendesak") == 1
