"""The composition root: every part of the server is made and joined here, and nowhere else."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from .effects.background import Background
from .effects.live import LiveHub
from .effects.mail import Mailer, parse_mail_server
from .effects.reactions import make_reactions
from .effects.relay import Relay
from .settings import Settings, read_key
from .store.database import Database
from .web import assets, auth, characters, errors, headers, limits, pages, sockets
from .web.api import api, ops
from .web.api.openapi import documents
from .web.contact_proof import make_composer
from .web.context import Context

LARGEST_BODY_BYTES = 65_536

@dataclass(frozen=True)
class Application:
    """A whole server, ready to be served: `wsgi` answers, `background` runs beside it."""

    flask: Flask
    wsgi: Any
    socketio: SocketIO
    database: Database
    background: Background
    live: LiveHub


def make_clock(offset_seconds: float = 0.0) -> Callable[[], datetime]:
    """The clock: aware UTC, moved by an offset on the demo's stage."""
    offset = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + offset


def create_app(
    settings: Settings, clock: Callable[[], datetime] | None = None, *, gather: Callable[[], None] | None = None
) -> Application:
    """Make a server from its settings. The database must be migrated. `gather` lets a cooperative server form groups of writes."""
    clock = clock or make_clock(settings.clock_offset_seconds)
    database = Database(make_url(settings.database_url), gather=gather)
    live = LiveHub(database, clock, assets.build(), settings.public_url, everywhere=settings.redis_url is not None)
    database.on_commit(live.note)

    app = Flask("queue_server", static_folder=None, template_folder="web/templates", root_path=__file__.rpartition("/")[0])
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES, SECRET_KEY=None)
    app.extensions["antrean"] = parts = Context(
        settings=settings, database=database, clock=clock, secret_key=read_key(settings.secret_key_file),
        nik_key=read_key(settings.nik_key_file), build=assets.build(), live=live,
    )
    characters.install(app)
    set_limits = limits.install(app, settings)
    auth.install(app)
    errors.install(app)
    headers.install(app, https=settings.is_https)
    pages.install(app, demo=settings.is_demo, https=settings.is_https)
    app.register_blueprint(api)
    app.register_blueprint(documents)
    app.register_blueprint(ops.ops)
    set_limits()

    socketio, namespace = sockets.install(app, live, settings.origins, settings.redis_url)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]  # as below
    app.wsgi_app = headers.HostFilter(app.wsgi_app, settings.trusted_hosts)  # type: ignore[method-assign]  # Flask's documented hook
    relay = Relay(database, make_reactions(live), clock)
    mail_server = parse_mail_server(settings.smtp_url, settings.host_name) if settings.smtp_url else None
    mailer = Mailer(database, mail_server, make_composer(settings.public_url, parts.secret_key), clock)
    background = Background(database, live, relay, mailer, clock, [sockets.RevocationWatch(database, namespace, socketio, clock).step])
    return Application(app, app.wsgi_app, socketio, database, background, live)
