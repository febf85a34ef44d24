"""The settings of an office as parts: what changes, what stands in its way, and taking it back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.errors import BadInput, CannotUndo, StillInUse
from queue_server.domain.office.changes import (
    Change,
    DetailsChange,
    HoursChange,
    LimitChange,
    ModeDecision,
    ModeEnd,
    RulesChange,
    SlipChange,
    change_office,
)
from queue_server.domain.office.descriptions import OfficeDescription
from queue_server.domain.office.hours import DayHours, Opening, Season
from queue_server.domain.office.location import Coordinates, Location
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Counter, Office, Stream, VisitKind
from queue_server.domain.office.remote import RemoteChange, RemoteCounter, set_remote
from queue_server.domain.office.settings.finding import find_settings, index_setting
from queue_server.domain.office.settings.in_use import InUse, LiveVisits, admit_not_in_use
from queue_server.domain.office.settings.parts import Difference, compare
from queue_server.domain.office.settings.structure import (
    StructureChange,
    move_service,
    next_counter_id,
    put_counter,
    put_service,
    put_stream,
    retire_counter,
    retire_service,
    retire_stream,
    with_usual,
)
from queue_server.domain.office.settings.undoing import undo
from tests.fixtures.application import at, make_office

OFFICE = make_office("3674")
SERVICE = OFFICE.services[0]
MODE = ModePeriod("m1", ServiceMode.URGENT_ONLY, at(10), at(9), "budi")


AT_HOME = set_remote(
    OFFICE,
    RemoteChange({SERVICE.code: (VisitKind.PHONE,)}, {"3674-1": RemoteCounter("https://a.go.id")}),
)
"""The same office with a service and a counter from home."""


def as_stored(made: Difference) -> Difference:
    """What becomes of a difference that is kept as JSON."""
    kept = json.loads(json.dumps({path: list(pair) for path, pair in made.items()}))
    return {path: (was, became) for path, (was, became) in kept.items()}


def take_back(office: Office, change: Change, now: datetime) -> Office:
    """The office after a change that was made and taken back."""
    after = change_office(office, change, now)
    return change_office(after, undo(after, as_stored(compare(office, after)), now), now)


texts = st.text(alphabet="abcXYZ ", min_size=1, max_size=12).filter(str.strip)
words = st.fixed_dictionaries({"id": texts}, optional={"en": texts})
stretch = st.tuples(st.integers(0, 11), st.integers(12, 23)).map(
    lambda pair: (time(pair[0]), time(pair[1]))
)
week = st.dictionaries(st.integers(0, 6), stretch).map(
    lambda days: tuple(Opening(day, *pair) for day, pair in sorted(days.items()))
)
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        lambda minutes, name, letter: put_service(
            OFFICE, replace(SERVICE, minutes=minutes, name=name, letter=letter)
        ),
        st.integers(1, 240),
        words,
        st.sampled_from("AB"),
    ),
    st.builds(lambda code: put_service(OFFICE, replace(SERVICE, code=code)), st.just("NEW")),
    st.sampled_from(OFFICE.services).map(lambda each: retire_service(OFFICE, each.code)),
    st.tuples(st.sampled_from(OFFICE.services), st.integers(-3, 3)).map(
        lambda pair: move_service(OFFICE, pair[0].code, pair[1])
    ),
    st.sampled_from(OFFICE.counters).map(lambda each: retire_counter(OFFICE, each.id)),
    words.map(lambda name: put_stream(OFFICE, Stream("C", name))),
    st.builds(
        HoursChange,
        week,
        st.one_of(
            st.none(),
            week.map(lambda own: (Season("R", date(2026, 3, 1), date(2026, 3, 30), own),)),
        ),
        st.dictionaries(
            st.dates(date(2026, 1, 1), date(2026, 12, 31)),
            st.builds(lambda pair, why: DayHours((pair,), why), stretch, words),
            max_size=3,
        ),
    ),
    st.builds(
        LimitChange,
        st.one_of(st.none(), st.integers(1, 500)),
        st.sampled_from((0.0, 0.3, 0.5)),
        st.sampled_from((0.0, 0.2, 0.5)),
        st.integers(0, 120),
    ),
    st.integers(0, 120).map(lambda value: RulesChange({"calling.grace_minutes": value})),
    st.builds(SlipChange, words, words),
    st.builds(
        RemoteChange,
        st.dictionaries(
            st.sampled_from([each.code for each in OFFICE.services]),
            st.sampled_from([(VisitKind.PHONE,), (VisitKind.PHONE, VisitKind.VIDEO)]),
        ),
        st.dictionaries(
            st.sampled_from([each.id for each in OFFICE.counters]),
            st.builds(RemoteCounter, st.sampled_from([None, "https://temu.example.go.id/1"])),
        ),
    ),
    st.builds(
        DetailsChange,
        texts,
        st.sampled_from(("Asia/Jakarta", "Asia/Makassar")),
        st.builds(
            lambda address, parking: OfficeDescription(
                address, "021", Location(Coordinates(-6.3, 106.6), None, parking)
            ),
            texts,
            words,
        ),
    ),
)


@given(changes)
def test_every_change_that_is_taken_back_leaves_the_office_as_it_was(change: Change) -> None:
    differs = compare(OFFICE, take_back(OFFICE, change, at(9)))
    # What comes back after it was retired stands at the end.
    assert not differs or (set(differs) == {"order"} and isinstance(change, StructureChange))


@pytest.mark.parametrize(
    "change",
    [
        put_service(AT_HOME, replace(AT_HOME.services[0], minutes=33)),
        move_service(AT_HOME, AT_HOME.services[0].code, 1),
        retire_counter(AT_HOME, "3674-1"),
        put_counter(AT_HOME, with_usual(AT_HOME.counters[0], ("B",))),
        put_stream(AT_HOME, replace(AT_HOME.stream("T"), name={"id": "Telepon"})),
        RemoteChange({}, {}),
    ],
)
def test_what_is_from_home_stays_so_and_comes_back(change: Change) -> None:
    after = change_office(AT_HOME, change, at(9))
    if isinstance(change, StructureChange):
        remote = {each.id: each.remote for each in AT_HOME.counters}
        assert all(each.remote is remote[each.id] for each in after.counters)
        assert after.remote_letter == "T"
        assert after.service(SERVICE.code).remote == (VisitKind.PHONE,)
    assert set(compare(AT_HOME, take_back(AT_HOME, change, at(9)))) <= {"order"}


def test_a_counter_at_home_keeps_the_queues_it_serves_in_the_office() -> None:
    change = put_counter(AT_HOME, with_usual(AT_HOME.counters[0], ("B",)))
    after = change_office(AT_HOME, change, at(9))
    assert (after.counters[0].letters, after.counters[0].in_office) == (("T",), ("B",))
    assert change_office(after, RemoteChange({}, {}), at(9)).counters[0].letters == ("B",)


def test_what_changed_again_since_is_not_taken_back() -> None:
    first = change_office(OFFICE, RulesChange({"calling.grace_minutes": 3}), at(9))
    second = change_office(first, RulesChange({"calling.grace_minutes": 4}), at(9))
    with pytest.raises(CannotUndo) as refused:
        undo(second, compare(OFFICE, first), at(9))
    assert refused.value.facts == {"part": "rules/calling.grace_minutes", "reason": "changed"}


def test_another_field_of_the_same_service_may_have_changed_since() -> None:
    first = change_office(OFFICE, put_service(OFFICE, replace(SERVICE, minutes=25)), at(9))
    later = replace(first.services[0], name={"id": "Lain"})
    second = change_office(first, put_service(first, later), at(9))
    again = change_office(second, undo(second, compare(OFFICE, first), at(9)), at(9))
    assert again.services[0] == replace(SERVICE, name={"id": "Lain"})


def test_a_decision_is_ended_and_an_ended_one_is_not_taken_back() -> None:
    decided = change_office(OFFICE, ModeDecision(MODE), at(9))
    assert undo(decided, compare(OFFICE, decided), at(11)) == ModeEnd("m1", at(11))
    ended = change_office(decided, ModeEnd("m1", at(11)), at(11))
    with pytest.raises(CannotUndo, match="over"):
        undo(ended, compare(decided, ended), at(12))


def test_a_picture_is_not_put_back() -> None:
    other = replace(OFFICE, slip=replace(OFFICE.slip, logo="ab12"))
    with pytest.raises(CannotUndo, match="picture"):
        undo(other, compare(OFFICE, other), at(9))


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (put_service(OFFICE, replace(SERVICE, minutes=0)), "minutes", "range"),
        (put_service(OFFICE, replace(SERVICE, minutes=241)), "minutes", "range"),
        (put_service(OFFICE, replace(SERVICE, letter="Z")), "letter", "used"),
        (put_service(OFFICE, replace(SERVICE, name={"en": "x"})), "name_id", "missing"),
        (put_service(OFFICE, replace(SERVICE, code="a b")), "code", "format"),
        (put_stream(OFFICE, Stream("AA", {"id": "x"})), "letter", "format"),
        (put_stream(OFFICE, Stream("A", {"id": "x" * 81})), "name_id", "length"),
        (put_counter(OFFICE, Counter("3674-9", "1", ("A",))), "name", "taken"),
        (put_counter(OFFICE, Counter("3674-9", "9", ())), "letters", "missing"),
        (put_counter(OFFICE, Counter("3674-9", "9", ("Z",))), "letters", "used"),
        (retire_stream(OFFICE, "A"), "letter", "used"),
        (StructureChange(services=(SERVICE, SERVICE)), "code", "taken"),
        (StructureChange(streams=()), "letter", "used"),
        (DetailsChange(zone="Asia/Nowhere"), "zone", "unknown"),
        (DetailsChange(name=" "), "name", "missing"),
    ],
)
def test_what_cannot_be_is_named(change: Change, field: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        change_office(OFFICE, change, at(9))
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (retire_stream(AT_HOME, "T"), "letter", "used_remote"),
        (put_service(AT_HOME, replace(SERVICE, letter="T")), "letter", "used"),
        (put_counter(AT_HOME, with_usual(AT_HOME.counters[0], ())), "letters", "missing"),
        (put_counter(AT_HOME, with_usual(AT_HOME.counters[0], ("T",))), "letters", "used"),
        (put_counter(AT_HOME, Counter("3674-9", "9", ("T",))), "letters", "missing"),
    ],
)
def test_the_stream_of_those_at_home_is_theirs_alone(
    change: Change, field: str, reason: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change_office(AT_HOME, change, at(9))
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)


def test_a_counter_at_which_somebody_works_does_not_go_home() -> None:
    for before, after in ((OFFICE, AT_HOME), (AT_HOME, OFFICE)):
        with pytest.raises(BadInput, match="counter_open"):
            admit_not_in_use(before, after, InUse(at_counters=frozenset({"3674-1"})))
        admit_not_in_use(before, after, InUse(at_counters=frozenset({"3674-2"})))


def test_a_stream_leaves_with_its_letter_at_the_counters() -> None:
    bare = replace(
        OFFICE,
        services=tuple(each for each in OFFICE.services if each.letter == "A"),
        counters=(Counter("3674-1", "1", ("A", "B")),),
    )
    after = change_office(bare, retire_stream(bare, "B"), at(9))
    assert [each.letter for each in after.streams] == ["A"]
    assert after.counters[0].letters == ("A",)
    urgent = replace(
        bare, rules=replace(bare.rules, booking=replace(bare.rules.booking, urgent_letter="B"))
    )
    with pytest.raises(BadInput, match="used_urgent"):
        change_office(urgent, retire_stream(urgent, "B"), at(9))


@pytest.mark.parametrize(
    ("change", "in_use", "facts"),
    [
        (
            retire_service(OFFICE, SERVICE.code),
            InUse((LiveVisits(SERVICE.code, "A", 2, 3, 1), LiveVisits("KTP", "A", 9))),
            {"kind": "service", "name": SERVICE.code, "here": 2, "booked": 3, "wishes": 1},
        ),
        (
            retire_counter(OFFICE, "3674-1"),
            InUse(at_counters=frozenset({"3674-1"})),
            {"kind": "counter", "name": "1"},
        ),
        (
            StructureChange(
                streams=OFFICE.streams[:1],
                services=OFFICE.services[:2],
                counters=OFFICE.counters[:1],
            ),
            InUse(leased=frozenset("AB")),
            {"kind": "lease", "name": "B"},
        ),
        (
            DetailsChange(zone="Asia/Makassar"),
            InUse((LiveVisits("KTP", "A", 0, 4),)),
            {"kind": "zone", "name": "Asia/Jakarta", "here": 0, "booked": 4, "wishes": 0},
        ),
    ],
)
def test_what_is_in_use_stays(change: Change, in_use: InUse, facts: dict[str, object]) -> None:
    after = change_office(OFFICE, change, at(9))
    with pytest.raises(StillInUse) as refused:
        admit_not_in_use(OFFICE, after, in_use)
    assert refused.value.facts == facts
    admit_not_in_use(OFFICE, after, InUse((LiveVisits("AKT", "B", 0, 0),)))


def test_ids_of_counters_are_never_given_twice() -> None:
    assert next_counter_id(OFFICE, ["3674-4", "3674-5"]) == "3674-6"


FINDABLE = (
    index_setting(
        "grace", ("Grace after the time", "Masa tenggang", "toleransi"), ("late arrivals",)
    ),
    index_setting("late", ("Allowance for who comes late", "toleransi"), ()),
    index_setting("slot", ("Length of a time", "Lama satu jadwal"), ("minutes",)),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grace", ("grace",)),
        ("toleransi", ("grace", "late")),
        ("tolernsi", ("grace", "late")),
        ("masa tenggang", ("grace",)),
        ("late", ("late", "grace")),
        ("length minutes", ("slot",)),
        ("nonsense", ()),
        ("", ()),
        ("the of", ()),
    ],
)
def test_settings_are_found_by_any_word(query: str, found: tuple[str, ...]) -> None:
    assert find_settings(FINDABLE, query) == found


@given(st.text(max_size=200))
def test_no_query_breaks_the_search(query: str) -> None:
    assert set(find_settings(FINDABLE, query)) <= {each.id for each in FINDABLE}
