"""Who may do what: every route of the URL map against everybody, and the proof of a form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from queue_server.app import create_app
from queue_server.domain.access.accounts import User
from queue_server.services.access import sessions
from queue_server.services.webhooks import endpoints
from queue_server.store.access.tokens import Token
from queue_server.store.door import conflicts
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.access.routes import About, Access
from tests.fixtures.application import (
    ELSEWHERE,
    HOME,
    HOST,
    NAME,
    NIK,
    PASSWORD,
    TODAY,
    House,
    csrf_of,
    make_settings,
)
from tests.fixtures.hashes import cheap_hash
from tests.web.problems import problem

EVERYBODY = (
    None,
    "admin",
    "province",
    "auditor",
    "manager",
    "supervisor",
    "clerk",
    "reception",
    "guard",
    "manager_elsewhere",
    "clerk_elsewhere",
    "kiosk",
    "display",
    "printer",
    "sensor",
    "kiosk_elsewhere",
    "revoked",
)
SIGN_IN = (
    "login",
    "do_login",
    "login_code",
    "do_login_code",
    "logout",
    "sign_in_options",
    "do_passkey",
    "back_to_login",
    "ask_service",
    "finish_service",
)
OPEN_TO_ALL = {
    "api_document.show_document",
    "hooks.take_gateway_receipt",
    *(
        f"api.{name}"
        for name in (
            "request_pairing",
            "collect_token",
            "list_offices",
            "show_office",
            "list_services",
            "show_availability",
            "hold_places",
            "book_slot",
            "extend_hold",
            "show_earliest",
            "join_waitlist",
            "show_wait",
            "accept_offer",
            "decline_offer",
            "leave_waitlist",
            "show_ticket",
            "cancel_ticket",
            "reschedule_ticket",
            "show_calendar",
            "show_slip",
            "show_picture",
            "show_board",
            "show_rules",
            "wait_in_line",
            "ask_triage",
        )
    ),
    *(f"assets.{name}" for name in ("file", "favicon")),
    *(f"screens.{name}" for name in ("offices", "tv", "entry", "plain", "show_build", "file")),
    *(f"voice.{name}" for name in ("index", "clip")),
    *(f"account.{name}" for name in SIGN_IN),
    *(f"account.{name}" for name in ("set_up", "do_set_up")),
    *(f"ops.{name}" for name in ("show_alive", "show_ready", "show_version", "show_metrics")),
    *(
        f"public.{name}"
        for name in (
            "home",
            "office_page",
            "logo",
            "service_page",
            "find_ticket",
            "lost_code",
            "send_lost_code",
            "privacy",
            "choose_service",
            "choose_day",
            "keep_details",
            "check_answers",
            "details",
            "check",
            "start_over",
            "another_time",
            "confirm",
            "ticket",
            "scanned_ticket",
            "calendar",
            "slip_pdf",
            "picture",
            "cancel",
            "do_cancel",
            "ask_step",
            "do_step",
            "worker",
            "move",
            "do_move",
            "hold_time",
            "extend_time",
            "earliest_times",
            "triage",
            "come_anyway",
            "ask_again",
            "wait_form",
            "wait_form_again",
            "wait_form_address",
            "join_waitlist",
            "wait",
            "accept_offer",
            "decline_offer",
            "leave_waitlist",
            "back_to_wait",
            "queue_rules",
            "contact_question",
            "prove_contact",
            "join_line",
            "wait_in_line",
        )
    ),
}
"""Routes that ask for nobody. A new one must be added here on purpose."""

STAFF = {"admin", "manager", "supervisor", "clerk"}
RECEPTION = STAFF | {"reception"}
GUARDS = RECEPTION | {"guard"}
MANAGERS = {"manager", "admin"}
OVERSEERS = MANAGERS | {"province"}
SUPERVISORS = MANAGERS | {"supervisor"}
WATCHERS = OVERSEERS | {"supervisor"}
AUDITORS = OVERSEERS | {"auditor"}
READERS = AUDITORS | {"supervisor"}
PEOPLE = GUARDS | READERS
DOOR = GUARDS | {"kiosk"}
DEVICES = {"kiosk", "display", "printer", "sensor"}
OWN_PAGES = (
    "password",
    "do_password",
    "second_factor",
    "add_app",
    "do_add_app",
    "renew_codes",
    "remove_app",
    "back_to_second_factor",
    "passkey_options",
    "add_passkey",
    "remove_passkey",
    "back_from_passkeys",
    "own_sessions",
    "end_sessions",
    "confirm",
    "confirm_options",
    "do_confirm",
)
ROLES: dict[str, set[str]] = {
    "counter.console": STAFF,
    "manage.devices": MANAGERS,
    "manage.back_to_devices": MANAGERS,
    "manage.approve_device": MANAGERS,
    "manage.revoke_device": MANAGERS,
    "manage.devices_mark": MANAGERS,
    "manage.back_to_device": MANAGERS,
    "manage.rename_device": MANAGERS,
    "manage.give_order": MANAGERS,
    "manage.add_sensor": MANAGERS,
    "manage.do_revoke_device": MANAGERS,
    **{
        f"accounts.{name}": MANAGERS
        for name in (
            "staff",
            "add_staff",
            "new_password",
            "set_new_password",
            "close_account",
            "do_close_account",
            "reopen_account",
            "back_to_staff",
            "role",
            "change_role",
            "sign_out_staff",
            "back_from_sign_out",
            "reset_factor",
            "do_reset_factor",
            "link_account",
            "do_link_account",
        )
    },
    **{f"tokens.{name}": PEOPLE for name in ("show", "make", "ask_revoke", "revoke")},
    **{f"account.{name}": PEOPLE for name in OWN_PAGES},
    **{
        f"room.{name}": MANAGERS
        for name in (
            "show",
            "new_zone",
            "add_zone",
            "edit_zone",
            "change_zone",
            "remove_zone",
            "back_from_removing",
            "plan_pdf",
            "limit_building",
            "back_to_room",
        )
    },
    **{
        f"changes.{name}": OVERSEERS
        for name in (
            "overview",
            "hours",
            "week",
            "save_week",
            "season",
            "save_season",
            "remove_season",
            "day",
            "save_day",
            "take_holidays",
            "back_to_hours",
            "mode",
            "save_mode",
            "end_mode",
            "back_to_mode",
            "limit",
            "save_limit",
        )
    },
    **{
        f"changes.{name}": MANAGERS
        for name in (
            "stranded",
            "see_to_stranded",
            "call_list",
            "note_told",
            "back_to_stranded",
            "rules",
            "save_rules",
            "anomalies",
            "cancelled",
            "slip",
            "save_slip",
            "slip_sample",
            "slip_roll",
            "see_to_anomalies",
            "triage",
            "messages",
            "message",
            "save_message",
            "webhooks",
            "add_webhook",
            "webhook",
            "act_on_webhook",
            "remote",
            "save_remote",
            "report_mails",
            "save_report_mail",
            "privacy",
            "save_privacy",
            "person",
            "back_to_person",
            "find_person",
            "person_file",
            "erase_person",
            "record",
            "record_file",
        )
    },
    **{f"changes.{name}": READERS for name in ("reports", "report_file")},
    **{f"setup.{name}": {"admin"} for name in ("begin", "add_office")},
    **{
        f"setup.{name}": MANAGERS
        for name in (
            "steps",
            "mark_step",
            "room",
            "save_room",
            "week",
            "save_week",
            "services",
            "save_services",
            "catalogue_file",
            "counters",
            "save_counters",
        )
    },
    **{f"whole.{name}": MANAGERS for name in ("show", "export_file", "close", "do_close")},
    **{
        f"whole.{name}": {"admin"}
        for name in ("import_office", "do_import", "copy", "back_to_office", "ask_delete", "delete")
    },
    **{
        f"descriptions.{name}": MANAGERS
        for name in ("services", "service", "save_service", "place", "save_place")
    },
    **{
        f"settings.{name}": MANAGERS
        for name in (
            "details",
            "save_details",
            "service",
            "save_service",
            "do_retire_service",
            "do_move_service",
            "back_to_services",
            "streams",
            "stream",
            "save_stream",
            "do_retire_stream",
            "back_to_streams",
            "counters",
            "counter",
            "save_counter",
            "do_retire_counter",
            "back_to_counters",
            "history",
            "take_back",
            "back_to_history",
            "search",
        )
    },
    **{
        f"api.{name}": MANAGERS
        for name in ("set_service_description", "set_office_description", "set_slip_design")
    },
    **{f"api.{name}": MANAGERS for name in ("set_rules", "show_all_rules", "list_stranded")},
    **{f"api.{name}": MANAGERS for name in ("list_anomalies", "void_bookings")},
    **{
        f"api.{name}": MANAGERS
        for name in ("show_structure", "set_structure", "list_setting_changes")
    },
    **{
        f"api.{name}": MANAGERS
        for name in ("list_displays", "show_display", "set_display_settings")
    },
    **{
        f"manage.{name}": MANAGERS
        for name in ("displays", "displays_seen", "display", "save_display")
    },
    **{
        f"api.{name}": OVERSEERS
        for name in ("set_hours", "set_limit", "list_modes", "end_mode", "take_holidays")
    },
    "api.show_triage_figures": MANAGERS,
    "api.list_events": AUDITORS,
    **{f"api.{name}": MANAGERS for name in ("move_stranded", "cancel_stranded")},
    **{
        f"supervise.{name}": SUPERVISORS
        for name in ("conflicts", "back_to_conflicts", "deal_with_conflict")
    },
    "supervise.dashboard": WATCHERS,
    **{f"province.{name}": WATCHERS for name in ("board", "snapshot", "seen", "back_to_board")},
    **{f"many.{name}": OVERSEERS for name in ("form", "change")},
    "api.release_counter": WATCHERS,
    **{f"supervise.{name}": READERS for name in ("audit", "audit_file", "back_to_audit")},
    "api.show_dashboard": WATCHERS,
    "api.list_overrides": READERS,
    "api.announce": WATCHERS,
    "api.end_announcement": WATCHERS,
    **{f"manage.{name}": MANAGERS for name in ("replace_kiosk", "do_replace_kiosk")},
    **{
        f"api.{name}": {"kiosk"}
        for name in ("grant_lease", "show_lease", "sync_tickets", "withdraw_requests")
    },
    **{f"api.{name}": SUPERVISORS for name in ("resume_office", "lend_counter")},
    "api.acknowledge_alert": WATCHERS,
    "api.show_province": WATCHERS,
    **{f"api.{name}": OVERSEERS for name in ("try_many", "change_offices")},
    "api.pause_office": SUPERVISORS | {"guard"},
    "api.show_room": MANAGERS,
    "api.put_room": MANAGERS,
    "api.approve_device": MANAGERS,
    "api.switch_mode": OVERSEERS,
    "api.show_device": DEVICES,
    "api.note_heartbeat": DEVICES,
    "api.list_ordered_slips": {"printer"},
    "api.report_slip": {"printer"},
    "api.ask_help": {"kiosk"},
    "api.take_help_back": {"kiosk"},
    "api.show_slip_design": {"kiosk", "printer"},
    "api.show_offer": DOOR,
    "api.show_kiosk_guide": DOOR,
    "api.issue_walk_in": DOOR,
    "api.check_in": DOOR,
    **{
        f"api.{name}": STAFF
        for name in (
            "check_evidence",
            "write_note",
            "show_contact",
            "open_meeting",
            "list_own_actions",
            "show_queue",
            "open_counter",
            "break_counter",
            "close_counter",
            "call_next",
            "finish_next",
            "call_ticket",
            "recall_ticket",
            "start_ticket",
            "finish_ticket",
            "no_show_ticket",
            "park_ticket",
            "resume_ticket",
            "return_ticket",
            "transfer_ticket",
        )
    },
    **{
        f"api.{name}": GUARDS
        for name in (
            "admit_ticket",
            "leave_ticket",
            "undo_ticket",
            "show_booker",
            "void_mismatch",
            "show_door",
            "list_help_calls",
            "answer_help",
            "end_help",
            "show_door_ticket",
            "correct_occupancy",
            "recount_occupancy",
            "set_admissions",
        )
    },
    **{
        f"api.{name}": RECEPTION
        for name in (
            "show_visit",
            "search_names",
            "note_arrival",
            "issue_at_reception",
            "book_at_reception",
            "change_party",
            "make_urgent",
            "copy_slip",
            "print_slip",
            "find_services",
            "show_times",
            "unlock_changes",
            "set_priority",
            "show_print",
            "answer_for_slip",
            "show_overview",
            "list_expected",
        )
    },
    "reception.show": RECEPTION,
    "reception.take_daily_list": RECEPTION,
    "reception.back_to_reception": RECEPTION,
    "door.show": GUARDS,
    "api.count_at_door": {"sensor"},
}
"""Routes for some, spelled out a second time, so that a slip in a declaration is seen."""


ABOUT_OFFICES = {
    *(f"province.{name}" for name in ("board", "snapshot", "seen", "back_to_board")),
    *(f"many.{name}" for name in ("form", "change")),
}
"""Pages of the staff about all their offices at once. They look after the offices by themselves."""

OF_NO_OFFICE = {"kind", "passkey_id", "token_id"}
"""Parameters of addresses that name the same in every office, or something of the caller's own."""

ABOUT_SERVER = {"setup.begin", "setup.add_office", "whole.import_office", "whole.do_import"}
"""Pages about the server with all its offices, for who works for all of them."""

ABOUT_ONESELF = {
    "setup.catalogue_file",
    *(f"account.{name}" for name in OWN_PAGES),
    *(f"tokens.{name}" for name in ("show", "make", "ask_revoke", "revoke")),
}
"""Pages of the staff that are the same in every office. A new one must be added here on purpose."""

BODIES: dict[str, dict[str, Any]] = {
    "api.approve_device": {"pairing_code": "AAAAAA"},
    "api.issue_walk_in": {"service": "REK"},
    "api.switch_mode": {"mode": "NORMAL"},
    "api.correct_occupancy": {"delta": 1, "reason": "came"},
    "api.note_heartbeat": {"build": "b"},
    "api.ask_help": {"language": "id", "screen": "home"},
    "api.transfer_ticket": {"stream": "B"},
    "api.recount_occupancy": {"persons": 9},
    "api.set_admissions": {"admitting": True},
    "api.count_at_door": {"total_in": 1, "total_out": 0, "at": "2026-11-23T09:00:00+07:00"},
    "api.check_evidence": {"evidence": "OK"},
    "api.write_note": {"text": "form 2"},
    "api.open_meeting": {"url": "https://temu.example/a"},
    "api.search_names": {"name": "Zul"},
    "api.issue_at_reception": {"service": "REK"},
    "api.show_booker": {"where": "reception"},
    "api.void_mismatch": {"where": "reception"},
    "api.change_party": {"party_size": 1},
    "api.make_urgent": {"urgency": "court"},
    "api.set_priority": {"reason": "elderly"},
    "api.answer_for_slip": {"came_out": True},
    "api.report_slip": {"ticket": "t", "copy": 0, "outcome": "printed"},
    "api.note_arrival": {"ticket": "A" * 12},
    "api.book_at_reception": {"service": "REK", "slot": "20261124T0300Z", "nik": NIK, "name": NAME},
    "api.put_room": {"zones": []},
    "api.set_hours": {"days": []},
    "api.set_limit": {"limit": 9},
    "api.set_rules": {"calling": {"grace_minutes": 9}},
    "api.move_stranded": {"bookings": [{"ticket": "t", "slot": "20261124T0300Z"}]},
    "api.cancel_stranded": {"tickets": ["t"]},
    "api.void_bookings": {"tickets": ["t"], "reason": "program"},
    "api.take_holidays": {"year": 2027},
    "api.call_ticket": {"reason": "ill"},
    "api.break_counter": {"reason": "meal"},
    "api.pause_office": {"kind": "EVACUATION", "drill": True},
    "api.lend_counter": {"streams": ["A"], "reason": "busy"},
    "api.release_counter": {"clerk": "clerk", "reason": "gone"},
    "api.try_many": {"limit": {"people": 9}},
    "api.change_offices": {"limit": {"people": 9}, "revisions": {HOME: 1}, "seal": "0" * 64},
    "api.announce": {"text": {"id": "Halo", "en": "Hello"}, "ends_at": "2026-11-23T15:00:00+07:00"},
}
"""Bodies that are good, so that only the rights of the caller decide."""

QUERIES = {
    "api.find_services": {"q": "ktp"},
    "api.show_times": {"service": "REK"},
    "api.list_expected": {"slot": "20261124T0300Z"},
    "changes.report_file": {"format": "csv"},
}
"""As BODIES, for what is asked by its query."""


def requests_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def test_every_route_says_whom_it_is_for(house: House) -> None:
    flask = house.application.flask
    for rule, _method in requests_of(flask):
        access = getattr(flask.view_functions[rule.endpoint], "access", None)
        assert isinstance(access, Access), f"{rule.endpoint} names no access"
        if access.roles is None:
            assert rule.endpoint in OPEN_TO_ALL, f"{rule.endpoint} is open to everybody"
        else:
            assert {str(role) for role in access.roles} == ROLES[rule.endpoint], rule.endpoint


def test_every_page_of_the_staff_says_what_it_is_about(house: House) -> None:
    """A page that names roles alone would have to find its office by itself, each in its own
    way.
    """
    flask = house.application.flask
    for rule, _method in requests_of(flask):
        # every route has it, see above
        access: Access = flask.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        if access.roles is None or rule.rule.startswith("/api/"):
            assert access.about is None, rule.endpoint
        else:
            wanted = (
                About.ONESELF
                if rule.endpoint in ABOUT_ONESELF
                else About.OFFICES
                if rule.endpoint in ABOUT_OFFICES
                else About.SERVER
                if rule.endpoint in ABOUT_SERVER
                else About.OFFICE
            )
            assert access.about is wanted, rule.endpoint


def test_who_works_for_all_offices_chooses_one_on_every_page(house: House) -> None:
    flask = house.application.flask
    headers = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens['admin']}"}
    client = flask.test_client(use_cookies=False)
    pages = [
        rule.rule
        for rule, method in requests_of(flask)
        # every route has it, see above
        if flask.view_functions[rule.endpoint].access.about is About.OFFICE  # type: ignore[attr-defined]
        and method == "GET"
        and not rule.arguments
    ]
    assert len(pages) > 20
    for path in pages:
        page = client.get(path, headers=headers)
        assert (page.status_code, page.text.count(f"?office={HOME}")) == (200, 1), path
        assert client.get(f"{path}?office=none", headers=headers).status_code == 404, path


def prepare(house: House) -> dict[str, Any]:
    """Put something of the office behind every address. Returns what the parameters of addresses
    are.
    """
    waiting = house.walk_in()
    house.database.write(
        [],
        lambda tx: sessions.add_user(
            tx, User("leaver", "leaver", "Leaver", "clerk", HOME), "no hash"
        ),
    )
    house.database.write(
        [(HOME, TODAY)],
        lambda tx: endpoints.add(
            tx, HOME, "e1", "https://example.org/", ["called"], "manager", house.clock()
        ),
    )
    device = house.post("/devices", body={"kind": "kiosk"}).get_json()
    house.post(
        f"/offices/{HOME}/devices",
        "manager",
        {"pairing_code": device["pairing_code"], "name": "Kiosk"},
    )
    wish = {"installation": "an-installation-of-a-kiosk", "streams": {"A": 1}}
    lease = house.post("/leases", "kiosk", wish).get_json()
    number = {each: lease["numbers"][0][each] for each in ("id", "number")}
    gone = {**number, "lease": lease["lease"], "issued_at": lease["now"], "service": "GONE"}
    house.post("/sync/tickets", "kiosk", {"items": [gone]})
    with house.database.read() as connection:
        [conflict] = [each.id for each in conflicts.list_of_office(connection, HOME, TODAY, 2)]
    return {
        "office": HOME,
        "office_code": HOME,
        "service_code": "REK",
        "service": "REK",
        "code": waiting["code"],
        "id": waiting["id"],
        "counter": f"{HOME}-1",
        "device": device["id"],
        "device_id": device["id"],
        "user_id": "leaver",
        "wanted": "x",
        "language": "id",
        "token": "x",
        "name": "antrean.css",
        # of a message, the same in every office
        "kind": "confirmation",
        "endpoint_id": "e1",
        "conflict_id": conflict,
        "lease": lease["lease"],
        "step": "leave",
        "token_id": "t",
        "passkey_id": "none",
    }


def test_every_route_lets_in_exactly_those_it_names(house: House) -> None:
    values = prepare(house)
    flask = house.application.flask
    client = flask.test_client(use_cookies=False)
    adapter = flask.url_map.bind(HOST)
    for rule, method in requests_of(flask):
        # every route has it, see above
        access: Access = flask.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        path = adapter.build(
            rule.endpoint, {name: values[name] for name in rule.arguments}, method=method
        )
        if rule.endpoint == "ops.show_ready":
            # no loop tries here whether the server can work, and what was tried is soon too old
            house.application.probe.step()
        for who in EVERYBODY:
            headers = {
                "Host": HOST,
                **({} if who is None else {"Authorization": f"Bearer {house.people.tokens[who]}"}),
            }
            body = (
                {"json": BODIES.get(rule.endpoint, {})}
                if method in ("POST", "PUT") and path.startswith("/api/")
                else {}
            )
            query = QUERIES.get(rule.endpoint)
            got = client.open(
                path, method=method, headers=headers, query_string=query, **body
            ).status_code
            role = (who or "").removesuffix("_elsewhere")
            if access.roles is None:
                assert got not in (401,) and got < 500, (rule.endpoint, who, got)
            elif who in (None, "revoked"):
                expected = 401 if path.startswith("/api/") else 302
                assert got == expected, (rule.endpoint, who, got)
            elif role not in access.roles:
                assert got == 403, (rule.endpoint, who, got)
            elif (who or "").endswith("_elsewhere") and rule.arguments - OF_NO_OFFICE:
                # A kiosk tells the holder of a secret code that the booking is another office's.
                told = (409,) if (rule.endpoint, who) == ("api.check_in", "kiosk_elsewhere") else ()
                assert got in (403, 404, *told), (rule.endpoint, who, got)
            else:
                assert got not in (401, 403) and got < 500, (rule.endpoint, who, got)


def test_a_route_that_names_nobody_is_closed(tmp_path: Path, house: House) -> None:
    application = create_app(make_settings(tmp_path, house.settings.database_url), house.clock)
    application.flask.add_url_rule(
        "/api/v1/forgotten", view_func=lambda: "secret", endpoint="forgotten"
    )
    client = application.flask.test_client()
    for who in (None, "admin"):
        headers = {
            "Host": HOST,
            **({} if who is None else {"Authorization": f"Bearer {house.people.tokens[who]}"}),
        }
        answer = client.get("/api/v1/forgotten", headers=headers)
        assert (answer.status_code, b"secret" in answer.data) == (403, False)
    application.database.close()


def test_a_form_that_no_page_of_ours_made_is_refused(house: House) -> None:
    browser, token = house.sign_in("manager")
    other, foreign = house.sign_in("clerk")
    before = house.dump("sessions")
    path = f"/api/v1/offices/{HOME}/mode"
    for given in (None, "", "guess", foreign):
        headers = {"Host": HOST} if given is None else {"Host": HOST, "X-CSRF-Token": given}
        problem(browser.post(path, json={"mode": "CLOSED"}, headers=headers), 403, "bad_csrf")
    assert (
        browser.post("/logout", data={"csrf_token": foreign}, headers={"Host": HOST}).status_code
        == 403
    )
    assert (
        browser.post(
            "/login", data={"username": "clerk", "password": PASSWORD}, headers={"Host": HOST}
        ).status_code
        == 403
    )
    assert (
        house.browser()
        .post("/login", data={"username": "clerk", "password": PASSWORD}, headers={"Host": HOST})
        .status_code
        == 403
    )
    assert house.dump("sessions") == before
    assert (
        browser.post(
            path, json={"mode": "CLOSED"}, headers={"Host": HOST, "X-CSRF-Token": token}
        ).status_code
        == 200
    )


def test_a_planted_visit_is_no_proof_of_what_a_session_may_do(house: House) -> None:
    stranger = house.browser()
    planted = csrf_of(stranger.get("/login", headers={"Host": HOST}))
    visit = stranger.get_cookie("antrean_visit", "127.0.0.1")
    browser, _token = house.sign_in("manager")
    assert visit is not None
    browser.set_cookie("antrean_visit", visit.value, domain="127.0.0.1")
    path, headers = f"/api/v1/offices/{HOME}/mode", {"Host": HOST, "X-CSRF-Token": planted}
    problem(browser.post(path, json={"mode": "CLOSED"}, headers=headers), 403, "bad_csrf")


def test_whoever_works_here_is_the_same_by_session_and_by_token(house: House) -> None:
    """At counters and in the log stands the user's id, from which pages make a name."""
    user, secret = User("u-17", "nurul", "Nurul Aini", "admin", None), sessions.new_secret()

    def add(tx: Transaction) -> None:
        sessions.add_user(tx, user, cheap_hash(PASSWORD))
        sessions.add_token(
            tx,
            Token("t-17", "nurul's program", "admin", None, user=user.id),
            secret,
            house.clock.now,
        )

    house.database.write([], add)
    browser, token = house.sign_in("nurul")
    opened = browser.post(
        f"/api/v1/counters/{HOME}-1/open", headers={"Host": HOST, "X-CSRF-Token": token}
    )
    assert opened.get_json()["clerk"] == user.id
    again = house.post(
        f"/counters/{HOME}-1/call-next", headers={"Authorization": f"Bearer {secret}"}
    )
    assert again.status_code == 204, "not taken by somebody else"
    colleague, _token = house.sign_in("clerk")
    assert user.name in colleague.get("/desk", headers={"Host": HOST}).text, (
        "also who works for all offices has a name"
    )


def test_every_address_of_a_form_can_be_opened(house: House) -> None:
    """Where a form was sent, somebody comes back by signing in anew or by a change of language."""
    methods: dict[str, set[str]] = {}
    for rule, method in requests_of(house.application.flask):
        methods.setdefault(rule.rule, set()).add(method)
    forms = {
        path
        for path, each in methods.items()
        if "POST" in each and not path.startswith(("/api/", "/hooks/"))
    }
    assert {path for path in forms if "GET" not in methods[path]} == {"/logout"}


def test_a_public_operation_with_a_session_needs_the_proof_too(house: House) -> None:
    code = house.book()["code"]
    browser, token = house.sign_in("clerk")
    problem(
        browser.post(f"/api/v1/tickets/{code}/cancel", json={}, headers={"Host": HOST}),
        403,
        "bad_csrf",
    )
    headers = {"Host": HOST, "X-CSRF-Token": token}
    assert (
        browser.post(f"/api/v1/tickets/{code}/cancel", json={}, headers=headers).get_json()[
            "status"
        ]
        == "CANCELLED"
    )


def test_another_offices_people_see_nothing_of_ours(house: House) -> None:
    code = house.book(slot=house.slot(9, 30, day=0))["code"]
    for who in ("clerk_elsewhere", "manager_elsewhere"):
        problem(house.get(f"/offices/{HOME}/queue", who), 403, "forbidden")
        problem(house.post(f"/counters/{HOME}-1/open", who), 404, "unknown_counter")
        problem(house.post(f"/tickets/{code}/check-in", who), 404, "unknown_code")
        refused = problem(house.post(f"/tickets/{code}/cancel", who, {}), 403, "wrong_proof")
        assert (refused["field"], refused["reason"]) == ("last4", "missing")
    assert house.get(f"/offices/{ELSEWHERE}/queue", "clerk_elsewhere").status_code == 200
