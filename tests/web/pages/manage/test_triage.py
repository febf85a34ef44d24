"""Managers see what was advised and how many came anyway, in the order of their services."""

from __future__ import annotations

from functools import partial

import pytest
from flask.testing import FlaskClient

from queue_server.domain.triage.counting import AnywayReason, Asker, Mark
from queue_server.domain.triage.script import Outcome
from queue_server.services.triage import counting
from tests.web.site import TUESDAY, Site, without_layout


def fill(site: Site) -> None:
    write, now = site.application.database.write, site.clock.now
    rows = [
        ("XYZ", Outcome.ONLINE, Asker.VISITOR, 1),
        ("SNK", Outcome.URGENT, Asker.VISITOR, 2),
        ("KK", Outcome.VISIT, Asker.DEVICE, 3),
        ("KK", Outcome.ONLINE, Asker.STAFF, 5),
        ("KK", Outcome.ONLINE, Asker.VISITOR, 8),
    ]
    for service, outcome, asker, times in rows:
        for _time in range(times):
            write(
                [],
                partial(
                    counting.count_advice,
                    office="3674",
                    service=service,
                    outcome=outcome,
                    asker=asker,
                    now=now,
                ),
            )
    marks = [Mark(Outcome.ONLINE, TUESDAY.date())]
    write([], lambda tx: counting.count_return(tx, "3674", "KK", marks, now))
    write([], lambda tx: counting.count_override(tx, "3674", "KK", Outcome.ONLINE, now))
    why = AnywayReason.NEEDS_HELP
    write([], lambda tx: counting.count_served_anyway(tx, "3674", "AKL", why, now))


def rows_of(page: str) -> list[list[str]]:
    """The cells of the rows of all tables, without their heads."""
    rows = []
    for row in page.split("<tr>")[1:]:
        cells = [
            each.split(">", 1)[1].split("</t")[0] for each in row.split("</tr>")[0].split("<t")[1:]
        ]
        if 'scope="row"' in row:
            rows.append([each.strip() for each in cells])
    return rows


def test_the_numbers_stand_side_by_side(site: Site, manager: FlaskClient) -> None:
    fill(site)
    page = without_layout(manager.get("/manage/triage?lang=en"))
    assert rows_of(page) == [
        ["Family card", "Online", "8", "5", "1", "1 (12 %)"],
        ["Family card", "Visit", "0", "3", "–", "–"],
        ["Data correction", "Urgent visit", "2", "0", "0", "–"],
        ["XYZ", "Online", "1", "0", "0", "0 (0 %)"],
        ["Birth certificate", "needs help", "1"],
    ]


@pytest.mark.parametrize("days", ["7", "90", "0", "-1", "99999999999", "x"])
def test_any_stretch_of_days_is_shown_or_the_usual_one(site: Site, days: str) -> None:
    fill(site)
    site.clock.pass_by(days=7)
    manager = site.sign_in(site.browser(), "budi")
    page = manager.get(f"/manage/triage?lang=en&days={days}")
    assert page.status_code == 200
    assert ("Nothing was advised" in page.text) == (days == "7")


def test_only_managers_of_the_office_see_them(site: Site, manager: FlaskClient) -> None:
    assert manager.get("/manage/triage?office=3672").status_code == 200, "their own all the same"
    clerk = site.sign_in(site.browser(), "sari")
    assert clerk.get("/manage/triage").status_code == 403
    assert site.browser().get("/manage/triage").status_code in (302, 303)
