"""The rules of an office: set by its manager after a dry run, read by everybody, followed by the
console, kept in the audit.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_server.domain.office.changes import RulesChange
from queue_server.domain.office.rule_ranges import EDITABLE
from queue_server.domain.office.rules import (
    GROUPS,
    CallingRules,
    CallPolicy,
    Rules,
    value_of,
    with_values,
)
from queue_server.domain.privacy.retention import PRIVACY_RULES
from queue_server.services.office.changes import apply_change
from queue_server.web.edge.words.rules.groups import rule_groups
from queue_server.web.edge.words.rules.policies import POLICY_WAITS
from queue_server.web.pages.citizen.rules.page import tell_rules
from queue_server.web.pages.counter.words import console_script_words
from queue_server.web.pages.manage.rules_form import read_rules_form, write_rules
from tests.web.pages.manage.test_changes import apply, change_form, office_of, review
from tests.web.site import Form, Site, forms_of

PAGE = "/manage/rules"
HERE = EDITABLE - set(PRIVACY_RULES)
"""Those of personal data have a page of their own."""
NOTES = Path(__file__).parents[4] / "docs" / "call-order.md"


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    return site.sign_in(site.browser(), "budi")


def set_rules(site: Site, values: Mapping[str, Any]) -> None:
    database, moment = site.application.database, site.clock.now
    today = office_of(site).date_at(moment)
    database.write(
        [("3674", today)], lambda tx: apply_change(tx, "3674", RulesChange(values), "budi", moment)
    )


def said(site: Site, values: Mapping[str, Any], language: str = "en") -> str:
    """The public page under these rules, as plain text."""
    set_rules(site, values)
    text = re.sub(r"<[^>]+>", "", site.browser().get(f"/o/3674/rules?lang={language}").text)
    return " ".join(html.unescape(text).split())


def test_a_manager_sees_what_new_rules_do_sets_them_and_finds_them_in_force(
    site: Site, manager: FlaskClient
) -> None:
    form = change_form(manager.get(PAGE), PAGE)
    assert {*form.fields, *form.choices} - {"csrf_token", "office", "seen"} == HERE, (
        "every rule has its field"
    )
    before = office_of(site).rules
    typed = {
        "calling.grace_minutes": "5",
        "calling.policy": "STRICT",
        "booking.utilisation": "72,5",
        "door.walk_in_ahead_minutes": "",
        "calling.calls_max": "2",
        "calling.recall_seconds": "0; 45",
    }
    shown = site.send(
        manager,
        Form(
            form.action,
            form.method,
            {k: v for k, v in form.fields.items() if k != "calling.resume_keeps_turn"},
        ),
        **typed,
    )
    assert shown.status_code == 200 and office_of(site).rules == before
    assert (
        "10 menit → 5 menit" in shown.text
        and "0, 60, 120 → 0, 45" in shown.text
        and "30 menit → sepanjang hari" in shown.text
    )
    done = apply(site, manager, shown, PAGE)
    assert done.status_code == 303 and "Perubahan sudah berlaku." in manager.get(done.location).text
    assert office_of(site).rules == with_values(
        before,
        {
            "calling.grace_minutes": 5,
            "calling.policy": CallPolicy.STRICT,
            "booking.utilisation": 0.725,
            "door.walk_in_ahead_minutes": None,
            "calling.calls_max": 2,
            "calling.recall_seconds": (0, 45),
            "calling.resume_keeps_turn": False,
        },
    )
    audit = html.unescape(manager.get("/supervise/audit").text)
    assert (
        "Masa tenggang setelah jadwal: 10 menit → 5 menit" in audit
        and "Waktu giliran → Prioritas dahulu" in audit
    )


def test_each_section_of_the_page_holds_rules_of_one_group_in_the_order_of_the_groups(
    site: Site,
) -> None:
    with site.application.flask.test_request_context("/"):
        sections = [{each.name.partition(".")[0] for each in one.rules} for one in rule_groups()]
    assert all(len(groups) == 1 for groups in sections)
    order = [list(GROUPS).index(*groups) for groups in sections]
    assert order == sorted(order) and set(order) == set(range(len(GROUPS))) - {
        list(GROUPS).index("privacy")
    }


def test_the_form_of_rules_that_stay_changes_nothing(site: Site) -> None:
    for values in (
        {},
        {
            "booking.utilisation": 1,
            "booking.per_day_max": 1,
            "booking.urgent_letter": None,
            "door.walk_ins_beyond_places": False,
        },
    ):
        set_rules(site, values)
        office = office_of(site)
        with site.application.flask.test_request_context("/"):
            change, errors = read_rules_form(office, write_rules(office))
        assert errors == {} and change is not None
        assert change.values == {name: value_of(office.rules, name) for name in HERE}


def test_every_field_in_error_is_named_at_once(site: Site, manager: FlaskClient) -> None:
    page = review(
        site,
        manager,
        f"{PAGE}?lang=en",
        **{
            "calling.grace_minutes": "soon",
            "booking.party_max": "",
            "booking.urgent_letter": "Q",
            "calling.policy": "LOTTERY",
        },
    )
    text = html.unescape(page.text)
    assert page.status_code == 422
    for field in (
        "calling.grace_minutes",
        "booking.party_max",
        "booking.urgent_letter",
        "calling.policy",
    ):
        assert f'href="#f-{field}"' in text and f'id="f-{field}"' in text
    assert (
        "There are 4 problems" in text
        and "Grace after the booked time: enter a whole number from 0 to 120" in text
    )
    assert (
        next(each for each in forms_of(page) if each.action.startswith(PAGE)).fields[
            "calling.grace_minutes"
        ]
        == "soon"
    )


def test_the_public_page_says_what_the_rules_are_now(site: Site) -> None:
    assert "/o/3674/rules" in site.browser().get("/o/3674").text
    text = said(site, {})
    assert (
        "if you check in at most 10 minutes after it" in text
        and "the turn is 15 minutes earlier" in text
    )
    assert (
        "1 for the same service, 2 at this office" in text
        and "60 percent can be booked ahead, 10 percent" in text
    )
    assert (
        "after 1 to 10 minutes. The moment is random" in text and "60 seconds, 120 seconds" in text
    )
    text = said(
        site,
        {
            "calling.grace_minutes": 0,
            "calling.late_minutes": 7,
            "calling.walk_in_offset_minutes": 20,
            "calling.priority_credit_minutes": 0,
            "booking.per_day_max": 1,
            "booking.held_back_minutes_min": 0,
            "booking.held_back_minutes_max": 0,
            "door.walk_ins_beyond_places": False,
            "door.walk_in_ahead_minutes": None,
            "booking.reschedules_max": 0,
            "booking.hold_extensions_max": 0,
            "calling.return_minutes": 0,
            "calling.resume_keeps_turn": False,
            "calling.calls_max": 1,
            "calling.recall_seconds": (0,),
            "privacy.personal_data_days": 1,
        },
    )
    for part in (
        "if you check in by then",
        "your turn is 7 minutes before the time when you check in",
        "your turn is 20 minutes after you take",
        "one day: at most 1",
        "first, and then to everyone",
        "no further number is given",
        "cannot be moved",
        "take a new number",
        "your turn is when you are back",
        "You are called once.",
        "erased 1 day after your visit",
    ):
        assert part in text
    for part in (
        "the turn is 15 minutes earlier",
        "kept as long",
        "places are given for the next",
        "called again",
    ):
        assert part not in text
    assert "called before all others" in said(site, {"calling.policy": "STRICT"})
    assert "After every 3 visitors with priority" in said(site, {"calling.policy": "RATIO"})
    text = said(site, {"calling.policy": "FIFO"})
    assert (
        "in the order in which they came" in text
        and "your turn" not in text.partition("Who is called next")[2].partition("If you")[0]
    )
    assert "Pengunjung dipanggil menurut urutan kedatangan." in said(site, {}, "id")


def test_no_sentence_is_left_with_a_gap(site: Site) -> None:
    office = office_of(site)
    for language in ("id", "en"):
        for policy in CallPolicy:
            with site.application.flask.test_request_context(f"/?lang={language}"):
                chapters = tell_rules(
                    replace(
                        office,
                        people_limit=None,
                        rules=replace(
                            office.rules, calling=replace(office.rules.calling, policy=policy)
                        ),
                    )
                )
                names = [each.name for group in rule_groups() for each in group.rules]
            assert not [
                text
                for each in chapters
                for text in each.sentences
                if "%" in text or "{" in text or not text.endswith(".")
            ]
            assert sorted(names) == sorted(HERE)


def test_the_console_goes_by_the_rules_of_the_office(site: Site, manager: FlaskClient) -> None:
    set_rules(site, {"alerts.target_minutes": 12, "calling.undo_minutes": 3})
    page = html.unescape(manager.get("/desk").text)
    assert '"targetMinutes": 12' in page and '"undoMinutes": 3' in page
    with site.application.flask.test_request_context("/?lang=en"):
        assert (
            "3 minutes ago"
            in console_script_words(Rules(calling=CallingRules(undo_minutes=3)))["undoRefused"][
                "too_late"
            ]
        )


def test_the_waits_shown_beside_each_policy_are_those_of_the_notes() -> None:
    notes = NOTES.read_text(encoding="utf-8").split("### What each costs whom")[1].split("\n#")[0]
    means = {
        name.strip(): tuple(float(mean) for mean in re.findall(r"([0-9.]+) /", cells))
        for name, cells in re.findall(r"^\| ([^|]+)\|(.+)\|$", notes, re.MULTILINE)
    }
    names = {
        CallPolicy.TURN_TIME: "turn time",
        CallPolicy.FIFO: "first come",
        CallPolicy.RATIO: "ratio 3:1",
        CallPolicy.STRICT: "strict priority",
    }
    assert {policy: means[name] for policy, name in names.items()} == POLICY_WAITS
