"""Webhooks on the managers' pages: added with a secret shown once, changed, tested, switched off
and removed, in their own office only.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from queue_server.domain.webhooks.endpoint import Endpoint, derive_key, write_secret
from queue_server.services.webhooks.owing import owe_event
from queue_server.store import tables
from queue_server.store.visit import events as event_store
from queue_server.store.webhooks import endpoints as endpoint_store
from tests.web.site import TUESDAY, Form, Site, forms_of, main_form, without_layout

URL = "https://example.org/antrean?kunci=1"


def list_endpoints(site: Site, office: str = "3674") -> list[Endpoint]:
    with site.application.database.read() as connection:
        return endpoint_store.list_of_office(connection, office)


def add(site: Site, manager: FlaskClient, url: str = URL, types: Any = ("called",)) -> TestResponse:
    form = main_form(manager.get("/manage/webhooks"))
    return manager.post(form.action, data={**form.fields, "url": url, "types": list(types)})


def page_of(site: Site) -> str:
    return f"/manage/webhooks/{list_endpoints(site)[0].id}"


def act(site: Site, manager: FlaskClient, what: str, **values: Any) -> TestResponse:
    page = page_of(site)
    form = forms_of(manager.get(page))[-1]
    return manager.post(page, data={**form.fields, "what": what, **values})


def secrets_in(page: TestResponse) -> list[str]:
    return re.findall(r"whsec_[A-Za-z0-9+/=]+", page.text)


def test_an_address_is_added_and_its_secret_shown_once(site: Site, manager: FlaskClient) -> None:
    form = main_form(manager.get("/manage/webhooks"))
    data = {**form.fields, "url": URL, "types": ["called", "booked"]}
    added = manager.post(form.action, data=data)
    [endpoint] = list_endpoints(site)
    key = site.application.flask.extensions["antrean"].secret_key
    assert secrets_in(added) == [write_secret(derive_key(key, endpoint.id, 1))]
    assert (endpoint.url, {*endpoint.types}) == (URL, {"called", "booked"})
    again = manager.post(form.action, data=data)
    assert again.status_code == 303 and len(list_endpoints(site)) == 1
    shown = manager.get(again.location)
    assert secrets_in(shown) == [] and "kunci=1" in shown.text
    assert "kunci=1" not in manager.get("/supervise/audit").text
    assert "Menambah webhook ke example.org" in manager.get("/supervise/audit").text


@pytest.mark.parametrize(
    ("url", "types", "field"),
    [
        ("http://example.org/", ["called"], "url"),
        ("https://me:secret@example.org/", ["called"], "url"),
        ("contoh", ["called"], "url"),
        (URL, [], "types"),
        (URL, ["noted"], "types"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    site: Site, manager: FlaskClient, url: str, types: list[str], field: str
) -> None:
    refused = add(site, manager, url, types)
    assert refused.status_code == 422 and list_endpoints(site) == []
    page = without_layout(refused)
    assert f'href="#f-{field}"' in page and f'id="f-{field}"' in page


def test_an_endpoint_is_changed_tested_switched_and_removed(
    site: Site, manager: FlaskClient
) -> None:
    add(site, manager)
    changed = act(site, manager, "change", url="https://example.com/x", types=["finished"])
    assert changed.status_code == 303
    assert [{*each.types} for each in list_endpoints(site)] == [{"finished"}]
    bad = act(site, manager, "change", url="http://example.com/x", types=["finished"])
    assert bad.status_code == 422 and 'value="http://example.com/x"' in bad.text
    assert act(site, manager, "test").location.endswith("done=tested")
    with site.application.database.read() as connection:
        [*_before, tested] = event_store.list_after(connection, "3674", TUESDAY.date(), 0)
    assert owe_event(site.application.database, tested) == 1
    assert "webhook diuji" in manager.get(page_of(site)).text
    rotated = act(site, manager, "rotate")
    assert len(secrets_in(rotated)) == 1 and list_endpoints(site)[0].secret_version == 2
    assert act(site, manager, "stop").status_code == 303
    off = manager.get(page_of(site))
    assert "dimatikan" in off.text and "gagal dikirim" in off.text
    assert act(site, manager, "test").status_code == 409
    assert act(site, manager, "start").status_code == 303
    again = act(site, manager, "again")
    assert "1 pesan dikirim ulang" in manager.get(again.location).text
    assert act(site, manager, "nonsense").status_code == 303
    asked = act(site, manager, "ask")
    assert asked.status_code == 200 and len(list_endpoints(site)) == 1
    removed = site.send(manager, main_form(asked), what="remove")
    assert removed.status_code == 303 and list_endpoints(site) == []
    with site.application.database.read() as connection:
        left = connection.execute(sa.select(tables.webhook_messages.c.id)).all()
    assert left == []


def test_only_managers_of_the_office_know_its_endpoints(site: Site, manager: FlaskClient) -> None:
    add(site, manager)
    page = page_of(site)
    clerk = site.sign_in(site.browser(), "sari")
    assert clerk.get("/manage/webhooks").status_code == 403 == clerk.get(page).status_code
    other = site.sign_in(site.browser(), "wati")
    assert other.get(page).status_code == 404
    form: Form = main_form(other.get("/manage/webhooks"))
    assert other.post(page, data={**form.fields, "what": "remove"}).status_code == 404
    assert len(list_endpoints(site)) == 1
    assert site.browser().get(page).status_code in (302, 303)
