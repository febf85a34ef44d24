"""For those who run the server: alive, ready, version, metrics."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed_version

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from queue_server.services.access.sessions import Role
from queue_server.web.edge.context import context
from queue_server.web.edge.errors import problem
from queue_server.web.edge.locale import gettext as _
from queue_server.web.edge.metrics import REQUESTS, render

from .operations import operation

ops = Blueprint("ops", __name__)
STARTED = time.monotonic()
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


@ops.after_app_request
def count(response: Response) -> Response:
    """Count every answer; a method nobody knows is no label of its own."""
    REQUESTS.labels(
        request.method if request.method in METHODS else "other", response.status_code
    ).inc()
    return response


@dataclass(frozen=True)
class Alive:
    """That the process answers."""

    status: str = "ok"


@dataclass(frozen=True)
class Ready:
    """That the server can work; `checks` says of each part how it is. `status` is degraded where
    somebody should look.
    """

    checks: Mapping[str, str]
    status: str = "ok"


@dataclass(frozen=True)
class Release:
    """Which release runs, and since how many seconds."""

    version: str
    build: str
    up_seconds: int


@operation("GET", "/livez", access=None, tag="ops", answers={200: Alive}, probe=True, at=ops)
def show_alive() -> Alive:
    """Say that the process answers."""
    return Alive()


@operation("GET", "/readyz", access=None, tag="ops", answers={200: Ready}, probe=True, at=ops)
def show_ready() -> Ready | Response:
    """Say whether this process can work, as it last tried by itself: nothing is written or read for
    whoever asks.
    """
    report = context().probe.report()
    if report.ready:
        return Ready(report.checks, report.status)
    return problem(
        503, "unavailable", _("The server cannot work at the moment."), checks=report.checks
    )


@operation("GET", "/version", access=None, tag="ops", answers={200: Release}, probe=True, at=ops)
def show_version() -> Release:
    """Say which release runs."""
    return Release(installed_version("antrean"), context().build, int(time.monotonic() - STARTED))


@operation(
    "GET",
    "/metrics",
    access=None,
    afar=frozenset({Role.ADMIN}),
    tag="ops",
    answers={200: str},
    content_type="text/plain",
    probe=True,
    at=ops,
)
def show_metrics() -> Response:
    """Give the Prometheus metrics. Labels hold nothing smaller than an office."""
    here = context()
    text = render(here.settings, here.database, here.clock(), here.probe.report().ready)
    return Response(text, content_type=CONTENT_TYPE_LATEST)
