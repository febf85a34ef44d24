"""The triage scripts that this release brings: every example in them, and what they are for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from queue_server.app import create_app
from queue_server.demo.catalogue import SERVICES
from queue_server.domain.office.modes import ModePeriod, ServiceMode
from queue_server.domain.office.office import Office, Service, ServiceChannel
from queue_server.domain.triage.checks import QUESTIONS_MAX, QUESTIONS_MAX_URGENT
from queue_server.domain.triage.faults import ScriptFault
from queue_server.domain.triage.script import Outcome, Scenario, Script
from queue_server.services.triage import scripts
from queue_server.services.triage.advising import guide
from queue_server.services.triage.scripts import FOLDER, BrokenFile, load_scripts, read_scripts
from tests.fixtures.application import make_settings

NOW = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
WORDS = {"id": "Kata", "en": "Word"}
SCENARIOS = [(script, each) for script in load_scripts() for each in script.scenarios]


def office(mode: ServiceMode = ServiceMode.NORMAL, *more: Service) -> Office:
    """An office that offers everything, in a mode."""
    period = ModePeriod("1", mode, NOW, NOW, "budi")
    return Office(
        "3674", "Kantor", "", "", "Asia/Jakarta", None, services=(*SERVICES, *more), modes=(period,)
    )


def services_of(script: Script) -> list[Service]:
    """The services that a script is for; one that nobody knows for a script of a channel."""
    known = [each for each in SERVICES if each.code in script.services]
    return known or [
        Service("ZZZ", "A", WORDS, WORDS, WORDS, each, 5) for each in sorted(script.channels)
    ]


@pytest.mark.parametrize(
    ("script", "scenario"),
    SCENARIOS,
    ids=[f"{script.name}: {each.name}" for script, each in SCENARIOS],
)
def test_every_example_leads_where_it_says_in_every_mode_of_its_script(
    script: Script, scenario: Scenario
) -> None:
    for service in services_of(script):
        for mode in script.modes:
            given = guide(office(mode, service), service.code, scenario.answers, NOW)
            assert given.script is script
            assert given.way.advice is script.advice[scenario.advice]
            urgent = given.way.advice.outcome is Outcome.URGENT
            most = QUESTIONS_MAX_URGENT if urgent else QUESTIONS_MAX
            assert len(given.way.asked) <= most


def test_every_service_of_the_civil_registry_has_a_script_of_its_own() -> None:
    own = {code for script in load_scripts() for code in script.services}
    assert own == {each.code for each in SERVICES}


def test_advice_names_other_services_that_exist() -> None:
    every = [each for script in load_scripts() for each in script.advice.values()]
    named = {each.instead for each in every} | {each.collect for each in every}
    assert named - {None} <= {each.code for each in SERVICES}


@pytest.mark.parametrize("service", SERVICES, ids=[each.code for each in SERVICES])
@pytest.mark.parametrize("mode", list(ServiceMode))
def test_nobody_is_told_to_come_in_a_mode_that_serves_nobody_like_them(
    service: Service, mode: ServiceMode
) -> None:
    """URGENT_ONLY leads to a visit for urgent cases alone, and CLOSED leads to none."""
    script = guide(office(mode), service.code, {}, NOW).script
    outcomes = {each.outcome for each in script.advice.values()}
    if mode is ServiceMode.CLOSED:
        assert outcomes <= {Outcome.ONLINE, Outcome.ASSISTED}
    if mode is ServiceMode.URGENT_ONLY:
        assert outcomes.isdisjoint({Outcome.VISIT, Outcome.PARTIAL})
        assert Outcome.URGENT in outcomes


@pytest.mark.parametrize(
    ("service", "answers", "outcome", "urgency"),
    [
        ("LEG", {"signature": "yes"}, Outcome.ONLINE, None),
        ("LEG", {"signature": "no"}, Outcome.VISIT, None),
        ("SNK", {"soon": "yes", "what_for": "treatment"}, Outcome.URGENT, "hospital"),
        ("SNK", {"soon": "no"}, Outcome.ONLINE, None),
        ("CTK", {"why": "lost", "letter": "no"}, Outcome.ELSEWHERE, None),
        ("CTK", {"why": "lost", "letter": "yes"}, Outcome.PARTIAL, None),
        ("REK", {"before": "no", "can_come": "no"}, Outcome.ASSISTED, None),
        ("REK", {"before": "no", "can_come": "yes"}, Outcome.VISIT, None),
        ("AKP", {"place": "kua"}, Outcome.ELSEWHERE, None),
        ("AKM", {"soon": "burial"}, Outcome.URGENT, "death"),
        ("KK", {}, Outcome.ONLINE, None),
        ("KIA", {}, Outcome.PARTIAL, None),
        ("WNA", {}, Outcome.VISIT, None),
    ],
)
def test_the_sharpest_cases(
    service: str, answers: dict[str, str], outcome: Outcome, urgency: str | None
) -> None:
    advice = guide(office(), service, answers, NOW).way.advice
    assert advice is not None
    assert (advice.outcome, advice.urgency) == (outcome, urgency)


@pytest.mark.parametrize(
    ("channel", "outcome"),
    [
        (ServiceChannel.MUST_COME, Outcome.VISIT),
        (ServiceChannel.HYBRID, Outcome.PARTIAL),
        (ServiceChannel.ONLINE, Outcome.ONLINE),
    ],
)
def test_a_service_that_no_script_names_is_advised_by_its_channel(
    channel: ServiceChannel, outcome: Outcome
) -> None:
    unknown = Service("ZZZ", "A", WORDS, WORDS, WORDS, channel, 5)
    advice = guide(office(ServiceMode.NORMAL, unknown), "ZZZ", {}, NOW).way.advice
    assert advice is not None
    assert advice.outcome is outcome


@pytest.mark.parametrize("content", [b"first = ", b"\xff", b"", b"first = 1"])
def test_a_broken_file_is_refused_when_it_is_loaded(tmp_path: Path, content: bytes) -> None:
    files = []
    for file in FOLDER.glob("*.toml"):
        files.append(tmp_path / file.name)
        files[-1].write_bytes(file.read_bytes())
    assert len(read_scripts(files)) == len(load_scripts())
    (tmp_path / "KK.toml").write_bytes(content)
    with pytest.raises(ScriptFault) as refused:
        read_scripts(files)
    assert refused.value.script == "KK"
    assert isinstance(refused.value, BrokenFile) == (content in (b"first = ", b"\xff"))


def test_a_server_with_a_faulty_script_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "KK.toml").write_text("first = 1", encoding="utf-8")
    monkeypatch.setattr(scripts, "FOLDER", tmp_path)
    load_scripts.cache_clear()
    try:
        with pytest.raises(ScriptFault, match="KK"):
            create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'antrean.db'}"))
    finally:
        load_scripts.cache_clear()
    assert not (tmp_path / "nik.key").exists(), "nothing was begun"
