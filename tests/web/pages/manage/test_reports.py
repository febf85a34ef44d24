"""The page of the report and its files: whom they are for, which dates, which offices."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from queue_server.services.door import arrival
from queue_server.services.places.ticket_ids import draw
from tests.web.site import Site, without_layout


def come(site: Site, office: str = "3674") -> None:
    """A visitor takes a number."""
    now = site.clock.now
    day = site.application.database.find_office(office).date_at(now)
    wanted, drawn = arrival.WalkIn("SNK"), draw()
    site.application.database.write(
        [(office, day)], lambda tx: arrival.issue_walk_in(tx, office, wanted, drawn, now)
    )


def figure(page: str, name: str) -> str:
    """The value of a figure at a glance."""
    said = re.search(rf'<th scope="row">{re.escape(name)}</th><td[^>]*>([^<]*)</td>', page)
    assert said is not None, name
    return said[1].strip()


def test_a_report_counts_what_happens_while_it_is_watched(site: Site, manager: FlaskClient) -> None:
    come(site)
    page = without_layout(manager.get("/manage/reports?lang=en"))
    assert figure(page, "Tickets") == "1"
    assert "1 November 2026 – 30 November 2026" in page
    assert "This period is not over" in page and "so far" in page
    come(site)
    assert figure(without_layout(manager.get("/manage/reports?lang=en")), "Tickets") == "2"


def test_a_month_is_over_when_the_office_says_so(site: Site) -> None:
    """At two in the morning in Jakarta it is still the day before in UTC."""
    site.clock.now = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    manager = site.sign_in(site.browser(), "budi")
    page = manager.get("/manage/reports?lang=en&span=month&on=2026-11-30").text
    assert "This period is not over" not in page and "so far" not in page
    assert "Made Tuesday, 1 December 2026, 02:00 WIB" in page


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("span=day&on=2026-11-24", "24 November 2026"),
        ("span=week&on=2026-11-24", "23 November 2026 – 29 November 2026"),
        ("span=year&on=2026-02-01", "1 January 2026 – 31 December 2026"),
        ("from=2026-11-02&to=2026-11-03", "2 November 2026 – 3 November 2026"),
        ("span=week&on=9999-12-31", "1 November 2026 – 30 November 2026"),
        ("span=made-up&on=made-up", "1 November 2026 – 30 November 2026"),
    ],
)
def test_the_dates_are_those_asked_for(manager: FlaskClient, query: str, title: str) -> None:
    page = manager.get(f"/manage/reports?lang=en&{query}")
    assert page.status_code == 200
    assert f'<p class="lead">{title}</p>' in without_layout(page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-11-23&to=2026-11-01", "The last date must not be before the first"),
        ("from=2016-11-23&to=2026-11-01", "Choose at most five years"),
        ("from=yesterday&to=2026-11-01", "Enter a date"),
        ("from=2026-11-01", "Enter a date"),
        ("from=2026-11-01&to=9999-12-31", "Enter a date"),
    ],
)
def test_wrong_dates_are_named_and_no_file_is_made_of_them(
    manager: FlaskClient, query: str, sentence: str
) -> None:
    assert sentence in manager.get(f"/manage/reports?lang=en&{query}").text
    assert manager.get(f"/manage/reports/file?format=csv&{query}").status_code == 422


@pytest.mark.parametrize(
    ("format", "begin"), [("csv", b"\xef\xbb\xbfReport"), ("xlsx", b"PK"), ("pdf", b"%PDF")]
)
def test_the_same_report_is_a_file(manager: FlaskClient, format: str, begin: bytes) -> None:
    sent = manager.get(f"/manage/reports/file?format={format}&lang=en&span=day&on=2026-11-24")
    assert sent.status_code == 200 and sent.data.startswith(begin)
    name = f"antrean-3674-2026-11-24-2026-11-24.{format}"
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert sent.headers["Cache-Control"] == "no-store"


def test_another_kind_of_file_is_unknown(manager: FlaskClient) -> None:
    assert manager.get("/manage/reports/file?format=exe").status_code == 404


def test_all_offices_together_are_for_those_who_work_for_all(
    site: Site, manager: FlaskClient
) -> None:
    come(site)
    come(site, "3672")
    admin = site.sign_in(site.browser(), "admin")
    query = "/manage/reports?lang=en&office=3674"
    assert figure(without_layout(admin.get(query)), "Tickets") == "1"
    page = without_layout(admin.get(f"{query}&scope=all"))
    assert figure(page, "Tickets") == "2"
    assert "Office by office" in page
    own = without_layout(manager.get(f"{query}&scope=all"))
    assert figure(own, "Tickets") == "1" and "Office by office" not in own


def test_a_manager_sees_the_own_office_whatever_is_asked_for(
    site: Site, manager: FlaskClient
) -> None:
    come(site, "3672")
    assert (
        figure(without_layout(manager.get("/manage/reports?lang=en&office=3672")), "Tickets") == "0"
    )


def test_clerks_and_strangers_see_no_report(site: Site) -> None:
    clerk = site.sign_in(site.browser(), "sari")
    assert clerk.get("/manage/reports").status_code == 403
    assert site.browser().get("/manage/reports").status_code in (302, 303)
