"""Offering to take back at once what is saved without a dry run: screens and names of devices."""

from __future__ import annotations

from collections.abc import Callable

from flask import request

from queue_server.domain.office.office import Office
from queue_server.domain.office.settings.undoing import find_hindrance
from queue_server.services.idempotency import Answer
from queue_server.store.office import history as history_store
from queue_server.store.writer.transaction import Transaction
from queue_server.web.edge.context import context
from queue_server.web.pages.manage.change_forms import read_count


def tell_revision(tx: Transaction, office: str, act: Callable[[Transaction], object]) -> Answer:
    """Make a change, and answer with the revision that it gave the office, if it gave one."""
    before = tx.office(office).revision
    act(tx)
    after = tx.office(office).revision
    return {"revision": after} if after != before else {}


def find_offer(office: Office) -> int | None:
    """The revision of the change that the address at hand names, if it can be taken back."""
    revision = read_count(request.args.get("change", ""))
    if revision is None:
        return None
    with context().database.read() as connection:
        made = history_store.find(connection, office.code, revision)
    if made is None or made.undone_by is not None or not made.parts:
        return None
    return revision if find_hindrance(made.parts) is None else None
