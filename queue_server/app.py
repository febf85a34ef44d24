"""The composition root: every part of the server is made and joined here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from display.plain.screens import QUERY, Host, make_screens
from display.voice.packs import PACKS
from display.voice.serving import make_voice

from .domain.visit.identity import identify_key
from .effects.background import Background
from .effects.clock import ClockWatch, SteadyClock, boot_seconds
from .effects.device_watch import DeviceWatch
from .effects.live import LiveHub
from .effects.outbox import make_deliveries
from .effects.probe import Probe, Surroundings
from .effects.webhooks.delivery import WebhookSettings
from .key_files import read_key
from .nik_key import open_nik_key
from .senders import make_senders, make_sign_in_service, read_signing_key
from .services.triage.scripts import load_scripts
from .settings import Settings
from .starting import measure_free_space
from .store.migrations import list_revisions
from .store.writer.database import Database
from .web.api import api, ops
from .web.api.hooks import hooks
from .web.api.openapi import documents
from .web.edge import assets, characters, errors, headers
from .web.edge.access import csrf, routes
from .web.edge.access.principals import is_near_by
from .web.edge.bodies import sizes
from .web.edge.context import Context
from .web.edge.live import revocations, sockets
from .web.edge.live.callers import Callers
from .web.edge.long_work.beside import Beside
from .web.edge.reports.letter import make_report_composer
from .web.edge.shared.freshness import office_version
from .web.edge.shared.pages import shared_page
from .web.edge.strangers import limits
from .web.edge.strangers.contact_proof import make_composer
from .web.edge.words.messages.alarms import write_alert_letter, write_escalation_letter
from .web.pages import screens, site

LARGEST_BODY_BYTES = 65_536
REDIS_SECONDS = 2.0


@dataclass(frozen=True)
class Application:
    """A whole server, ready to be served: `wsgi` answers, `background` runs beside it."""

    flask: Flask
    wsgi: Any
    socketio: SocketIO
    database: Database
    background: Background
    live: LiveHub
    probe: Probe
    beside: Beside


def make_clock(offset_seconds: float = 0.0) -> Callable[[], datetime]:
    """The clock: aware UTC, moved by an offset on the demo's stage."""
    offset = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + offset


def create_app(
    settings: Settings,
    clock: Callable[[], datetime] | None = None,
    *,
    gather: Callable[[], None] | None = None,
) -> Application:
    """Make a server from its settings. The database must be migrated.

    `gather` lets a cooperative server form groups of writes. A `clock` given takes the place of the
    machine's; of neither does time run backwards for an office. Raises `WrongNikKey`,
    `BadSettings`, and a `ScriptFault` for a triage script that must not be used.
    """
    load_scripts()
    steady = (
        SteadyClock(clock)
        if clock
        else SteadyClock(make_clock(settings.clock_offset_seconds), boot_seconds)
    )
    clock = steady
    database = Database(make_url(settings.database_url), gather=gather)
    live = LiveHub(
        database,
        clock,
        assets.build(),
        settings.public_url,
        everywhere=settings.redis_url is not None,
    )
    database.on_commit(live.note)

    beside = Beside()
    app = Flask(
        "queue_server",
        static_folder=None,
        template_folder=None,
        root_path=__file__.rpartition("/")[0],
    )
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES, SECRET_KEY=None)
    senders = make_senders(settings)
    nik_key = open_nik_key(database, settings.nik_key_file, clock())
    probe = Probe(database, _look_around(settings, nik_key), clock)
    app.extensions["antrean"] = parts = Context(
        settings=settings,
        database=database,
        clock=clock,
        secret_key=read_key(settings.secret_key_file),
        nik_key=nik_key,
        build=assets.build(),
        live=live,
        probe=probe,
        beside=beside,
        ways=senders.ways,
        receipt_key=read_signing_key(settings),
        sign_in_service=make_sign_in_service(settings),
    )
    sizes.install(app)
    characters.install(app)
    set_limits = limits.install(app, settings)
    routes.install(app)
    csrf.install(app)
    errors.install(app)
    headers.install(app, https=settings.is_https)
    site.install(app, demo=settings.is_demo, https=settings.is_https)
    app.register_blueprint(api)
    app.register_blueprint(documents)
    app.register_blueprint(hooks)
    app.register_blueprint(ops.ops)
    _add_screens(app, settings)
    set_limits()

    callers = Callers(
        settings.screens_per_address if settings.rate_limits or settings.is_demo else None,
        partial(_is_free, settings),
    )
    socketio, namespace = sockets.install(app, live, settings.origins, settings.redis_url, callers)
    # Flask documents that this attribute may be replaced
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    app.wsgi_app = headers.HostFilter(app.wsgi_app, settings.trusted_hosts)  # type: ignore[method-assign]
    revoked = revocations.RevocationWatch(database, namespace, socketio, clock)
    device_watch = DeviceWatch(database, parts.heard, clock, shared=settings.redis_url is not None)
    watches = [revoked.step, callers.step, ClockWatch(database, steady).step, device_watch.step]
    deliveries = make_deliveries(
        database,
        live,
        senders,
        make_composer(settings.public_url, parts.secret_key, database, clock),
        lambda office, alert: write_alert_letter(office, alert, settings.public_url),
        make_report_composer(beside, database, settings.database_url, settings.public_url, clock),
        lambda office, passed: write_escalation_letter(office, passed, settings.public_url),
        WebhookSettings(
            parts.secret_key, settings.webhook_timeout_seconds, settings.webhook_networks
        ),
        clock,
        lambda: steady.is_settling,
    )
    background = Background(
        database, live, deliveries, probe, clock, watches, lambda: steady.is_settling
    )
    return Application(app, app.wsgi_app, socketio, database, background, live, probe, beside)


def _add_screens(app: Flask, settings: Settings) -> None:
    """Give plain browsers the pages of lobby screens, and their voice."""
    host = Host(
        public=routes.public,
        keep=shared_page(screens.settings_version, QUERY),
        keep_board=shared_page(office_version),
        knows=screens.knows,
        offices=screens.list_names,
        counters=screens.list_counters,
        board=screens.show_board,
        send=screens.send_file,
        client=screens.client_address,
        logo=screens.logo_address,
    )
    own_voice = [] if settings.voice_dir is None else [settings.voice_dir]
    app.register_blueprint(make_screens(host))
    app.register_blueprint(make_voice([PACKS, *own_voice]))
    for endpoint in screens.VOICE:
        routes.public(app.view_functions[endpoint])


def _look_around(settings: Settings, nik_key: bytes) -> Surroundings:
    """What the probe should find, and how it looks."""
    ping = None
    if settings.redis_url is not None:
        from redis import Redis

        ping = Redis.from_url(
            settings.redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        ).ping
    return Surroundings(
        list_revisions()[0], identify_key(nik_key), lambda: measure_free_space(settings)[0], ping
    )


def _is_free(settings: Settings, environ: Mapping[str, Any]) -> bool:
    """Whether a connection on the live channel is not counted for its address: in the demo, on its
    own machine.
    """
    return settings.is_demo and not settings.rate_limits and is_near_by(environ)
