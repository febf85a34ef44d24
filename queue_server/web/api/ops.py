"""For those who run the server: alive, ready, version, metrics."""
from __future__ import annotations

import ipaddress
import time
from importlib.metadata import version as installed_version

import sqlalchemy as sa
from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from ...services.staff import Role
from ...store import relays as relay_store
from ...store.tables import offices
from ..auth import Forbidden, principal, public
from ..context import context
from ..metrics import REQUESTS
from .operations import answer

ops = Blueprint("ops", __name__)
STARTED = time.monotonic()
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


@ops.after_app_request
def count(response: Response) -> Response:
    """Count every answer; a method nobody knows is no label of its own."""
    REQUESTS.labels(request.method if request.method in METHODS else "other", response.status_code).inc()
    return response


@ops.get("/livez")
@public
def show_alive() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@ops.get("/readyz")
@public
def show_ready() -> Response:
    """The database can be read and written, and reactions keep up."""
    checks = {"read": "ok", "write": "ok"}
    try:
        with context().database.read() as connection:
            connection.execute(sa.select(offices.c.code).limit(1))
            failing = len(relay_store.list_failing(connection))
        checks["reactions"] = "ok" if failing == 0 else f"{failing} failing"
    except SQLAlchemyError:
        checks["read"] = "failed"
    try:
        context().database.write([], lambda tx: tx.change(offices.update().where(sa.false()).values(name="")).rowcount)
    except SQLAlchemyError:
        checks["write"] = "failed"
    ready = checks["read"] == checks["write"] == "ok"
    return answer(({"status": "ok" if ready else "failed", "checks": checks}, 200 if ready else 503))


@ops.get("/version")
@public
def show_version() -> Response:
    """Which release runs."""
    return answer({"version": installed_version("antrean"), "build": context().build, "up_seconds": int(time.monotonic() - STARTED)})


@ops.get("/metrics")
@public
def show_metrics() -> Response:
    """Prometheus metrics, for loopback or an administrator's token. Labels hold no ids."""
    who = principal()
    if not _from_loopback() and (who is None or who.role is not Role.ADMIN):
        raise Forbidden()
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _from_loopback() -> bool:
    """Whether the request came straight from this machine; a proxy's requests do too, so one that names a client does not count."""
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback and "X-Forwarded-For" not in request.headers
    except ValueError:
        return False
