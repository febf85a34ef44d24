"""What Prometheus reads: figures of every office, about nobody; and what watches them knows each by
its name.
"""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from queue_server.domain.messages.message import MessageChannel
from queue_server.effects.messages import port
from queue_server.effects.relay import Relay
from queue_server.effects.webhooks import delivery as webhook_delivery
from queue_server.store.access import devices as device_store
from tests.fixtures.application import ELSEWHERE, HOME, House
from tests.fixtures.parts import ROOT, find_program

DASHBOARD = ROOT / "deploy" / "grafana" / "antrean.json"
RULES = ROOT / "deploy" / "prometheus" / "antrean.rules.yml"
NAME = re.compile(r"\bantrean_\w+\b")


def read(house: House) -> dict[str, dict[str, float]]:
    """The values of each metric by office; those without one under an empty name."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(house.browser().get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[sample.labels.get("office", "")] = sample.value
    return found


def test_the_figures_of_an_office_follow_what_happens_in_it(both_houses: House) -> None:
    house = both_houses
    while Relay(house.database, {}, house.clock).step():
        pass
    before = read(house)
    assert before["antrean_waiting"] == {HOME: 0, ELSEWHERE: 0}
    assert before["antrean_people_limit"] == {HOME: 12, ELSEWHERE: 12}
    assert before["antrean_relay_lag_seconds"] == {"": 0}
    for _ in range(3):
        house.walk_in()
    house.post(f"/counters/{HOME}-1/open", "clerk", {})
    assert house.call_next().status_code == 200
    key = (HOME, house.people.token_ids["kiosk"])
    heard = device_store.Heard(house.clock() + timedelta(seconds=1), {"printer": "paper_out"})
    house.database.write([], lambda tx: device_store.note_heard(tx, {key: heard}))
    house.clock.pass_by(minutes=2)
    after = read(house)
    assert after["antrean_waiting"][HOME] == 2 and after["antrean_waiting"][ELSEWHERE] == 0
    assert after["antrean_people_inside"][HOME] == 3
    assert after["antrean_calls_today"][HOME] == 1
    assert after["antrean_counters_open"][HOME] == 1
    assert after["antrean_oldest_wait_seconds"][HOME] == 120
    assert after["antrean_devices_in_trouble"][HOME] >= 1
    assert after["antrean_relay_lag_seconds"][""] == 120
    house.clock.pass_by(days=14)
    assert read(house)["antrean_unforgotten_days"][HOME] > 2


def test_without_a_database_the_rest_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> Any:
        raise sa.exc.OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(house.database, "read", away)
    told = read(house)
    assert told["antrean_database_up"] == {"": 0} and "antrean_waiting" not in told
    assert "antrean_requests_total" in told and "antrean_disk_free_bytes" in told


@pytest.mark.parametrize("file", [DASHBOARD, RULES], ids=lambda path: path.name)
def test_every_metric_that_is_watched_exists(open_house: Any, tmp_path: Path, file: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    (backups / "antrean-20261123T010000Z.backup").touch()
    house = open_house(backup_dir=backups)
    # Counted from the first attempt on.
    port.ATTEMPTS.labels(MessageChannel.EMAIL.value, "sent").inc(0)
    webhook_delivery.ATTEMPTS.labels("sent").inc(0)
    house.browser().get("/livez")
    assert set(NAME.findall(file.read_text())) <= set(read(house))


def test_the_dashboard_shows_each_figure_once_and_every_panel_asks_something() -> None:
    dashboard = json.loads(DASHBOARD.read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids)) >= 12
    assert all(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


def test_prometheus_understands_the_rules() -> None:
    program = find_program("promtool")
    if program is None:
        pytest.skip("no promtool")
    done = subprocess.run([program, "check", "rules", RULES], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
