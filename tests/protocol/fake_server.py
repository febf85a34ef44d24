"""A small queue server for the agents' tests: the real wire (HTTP, Socket.IO), made-up decisions,
no database.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import socketio
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from queue_server.protocol.guide import KioskGuide
from queue_server.protocol.leases import (
    Lease,
    LeasedNumber,
    LeasedPeriod,
    LeasedService,
    SyncAnswer,
    SyncOutcome,
    digest_code,
)
from queue_server.protocol.messages import (
    Board,
    BoardCall,
    BoardNotice,
    BoardStream,
    OfficeOffer,
    ServiceOffer,
    Slip,
    WaitRange,
    to_wire,
)

OFFICE = "3674"
LEASE_KEY = "5a" * 32
PIN = "271828"
WIB = timezone(timedelta(hours=7))


def office_now() -> datetime:
    """The present moment with the office's offset."""
    return datetime.now(WIB)


class FakeServer:
    """Answers the devices' endpoints from the attributes below; tests change those and look at what
    came in.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.tokens: dict[str, str] = {}
        self.pairings: dict[str, dict[str, Any]] = {}
        self.heartbeats: list[dict[str, Any]] = []
        self.board = self._first_board()
        self.offer = self._first_offer()
        self.guide: KioskGuide | None = None
        self.hold = threading.Event()
        self.watching: set[str] = set()
        self.asked: list[str] = []
        self.port = 0
        self._ids = itertools.count(1)
        self.clear()
        self._sockets = socketio.Server(async_mode="threading", logger=False, engineio_logger=False)
        self._http = Flask("fake_server")
        self._routes()
        self._live()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clear(self) -> None:
        """Forget what a test did, for the next one with the same agent. The board goes on to a new,
        empty version.
        """
        self.tickets: dict[str, dict[str, Any]] = {}
        self.bookings: dict[str, dict[str, Any]] = {}
        self.posts: list[tuple[str, str, Any]] = []
        self.help: dict[str, str] | None = None
        self.help_asked: list[dict[str, str]] = []
        self.down = False
        self.lose_answers = 0
        self.watch_refusal: str | None = None
        self.refuse: tuple[int, dict[str, Any]] | None = None
        self.leases = False
        self.orders: list[dict[str, str]] = []
        self.display: dict[str, Any] | None = None
        self.delay_seconds = 0.0
        self.synced: dict[str, dict[str, Any]] = {}
        self.withdrawn: list[str] = []
        self.reports: list[list[str]] = []
        self.hold.set()
        self._numbers = itertools.count(12)
        first = self._first_board()
        seq = max(self.board.version[1] + 1, first.version[1])
        self.board = dataclasses.replace(first, version=(first.date, seq), build=self.board.build)

    # ---- what a test does

    def approve(self, token: str, timeout: float = 8.0) -> str:
        """Approve the newest pairing, as a manager would; gives its code."""
        pairing = self.await_pairing(timeout)
        with self.lock:
            pairing["token"] = token
            self.tokens[token] = pairing["kind"]
        return str(pairing["pairing_code"])

    def await_pairing(self, timeout: float = 8.0) -> dict[str, Any]:
        """The newest pairing that waits for approval."""
        deadline = datetime.now(WIB) + timedelta(seconds=timeout)
        while datetime.now(WIB) < deadline:
            with self.lock:
                waiting = [
                    each
                    for each in self.pairings.values()
                    if each["token"] is None and not each["gone"]
                ]
            if waiting:
                return waiting[-1]
            threading.Event().wait(0.02)
        raise AssertionError("no device asked to be paired")

    def revoke(self, token: str) -> None:
        """Take a token away and cut its socket off."""
        with self.lock:
            self.tokens.pop(token, None)
        self.drop_sockets()

    def drop_sockets(self) -> None:
        """End every live connection."""
        for sid in list(self.watching):
            self.watching.discard(sid)
            self._sockets.disconnect(sid, namespace="/live")

    def go_down(self) -> None:
        """Answer everything with 503 and drop the sockets."""
        self.down = True
        self.drop_sockets()

    def show(
        self, *calls: BoardCall, seq: int | None = None, push: bool = True, **changes: Any
    ) -> Board:
        """Put calls in front of the board's, raise its version and, if `push`, send it to every
        TV.
        """
        with self.lock:
            number = self.board.version[1] + 1 if seq is None else seq
            changes.update(
                version=(self.board.date, number),
                sent_at=office_now().isoformat(),
                calls=(*calls, *self.board.calls)[:8],
            )
            changed = dataclasses.replace(self.board, **changes)
            self.board = changed
        if push:
            self.push(changed)
        return changed

    def push(self, board: Board) -> None:
        """Send any board to every watching TV."""
        for sid in list(self.watching):
            self._sockets.emit("board", to_wire(board), to=sid, namespace="/live")

    def call(
        self,
        number: str,
        counter: str = "3",
        times: int = 1,
        age_seconds: float = 0,
        language: str = "id",
    ) -> BoardCall:
        """A fresh call for `show`."""
        at = office_now() - timedelta(seconds=age_seconds)
        return BoardCall(f"c{next(self._ids)}", number, counter, at.isoformat(), times, language)

    # ---- the wire

    def application(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.delay_seconds:
            threading.Event().wait(self.delay_seconds)
        if self.down:
            start_response(
                "503 Service Unavailable", [("Content-Type", "application/problem+json")]
            )
            return [b'{"code":"down","status":503}']
        return socketio.WSGIApp(self._sockets, self._http.wsgi_app)(environ, start_response)

    def _live(self) -> None:
        @self._sockets.on("connect", namespace="/live")
        def connect(sid: str, environ: Any, auth: Any) -> None:
            if (auth or {}).get("token") not in self.tokens:
                raise socketio.exceptions.ConnectionRefusedError("unauthorized")

        @self._sockets.on("watch", namespace="/live")
        def watch(sid: str, what: dict[str, Any]) -> Any:
            known = what.pop("known", None)
            assert what == {"audience": "board", "key": OFFICE}
            if self.watch_refusal is not None:
                return {"error": self.watch_refusal}
            self.watching.add(sid)
            if known == list(self.board.version):
                return {"version": known}
            return to_wire(self.board)

        @self._sockets.on("disconnect", namespace="/live")
        def disconnect(sid: str, *_: Any) -> None:
            self.watching.discard(sid)

    def _routes(self) -> None:
        http = self._http

        @http.before_request
        def note() -> None:
            self.asked.append(request.path.removeprefix("/api/v1"))

        def problem(status: int, code: str, **facts: Any) -> Response:
            answer = jsonify(
                type="about:blank", title=code, status=status, code=code, detail=code, **facts
            )
            answer.status_code, answer.mimetype = status, "application/problem+json"
            return answer

        def stranger() -> Response | None:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return None if token in self.tokens else problem(401, "unauthorized")

        def once(make: Any) -> Any:
            key = request.headers["Idempotency-Key"]
            self.posts.append((request.path, key, request.get_json()))
            self.hold.wait(60)
            if self.refuse is not None:
                return problem(self.refuse[0], **self.refuse[1])
            with self.lock:
                if key not in self.tickets:
                    made = make()
                    if isinstance(made, Response):
                        return made
                    self.tickets[key] = made
                if self.lose_answers > 0:
                    self.lose_answers -= 1
                    return "", 502
                return jsonify(self.tickets[key]), 201

        @http.post("/api/v1/devices")
        def pair() -> Any:
            with self.lock:
                number = next(self._ids)
                self.pairings[f"p{number}"] = {
                    "id": f"p{number}",
                    "pairing_code": f"KD7{number:03d}",
                    "secret": f"s{number}",
                    "kind": request.get_json()["kind"],
                    "expires_at": (office_now() + timedelta(minutes=10)).isoformat(),
                    "token": None,
                    "gone": False,
                }
                made = self.pairings[f"p{number}"]
            return jsonify(
                {name: made[name] for name in ("id", "pairing_code", "secret", "expires_at")}
            ), 201

        @http.post("/api/v1/devices/<id>/token")
        def token(id: str) -> Any:
            pairing = self.pairings[id]
            if request.get_json() != {"secret": pairing["secret"]}:
                return problem(404, "unknown_device")
            if pairing["gone"]:
                return problem(410, "pairing_expired")
            if pairing["token"] is None:
                return jsonify(state="pending"), 202
            pairing["gone"] = True
            return jsonify(token=pairing["token"], office=OFFICE)

        @http.get("/api/v1/devices/self")
        def self_() -> Any:
            if refusal := stranger():
                return refusal
            kind = self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]
            about = {"name": "Lobi", "office": OFFICE, "state": "active", "help": self.help}
            return jsonify(id="d1", kind=kind, **about)

        @http.post("/api/v1/devices/self/help")
        def ask_help() -> Any:
            if refusal := stranger():
                return refusal
            self.help_asked.append(request.get_json())
            self.help = self.help or {"id": "h1", "stage": "asked", "asked_at": ""}
            return jsonify(self.help)

        @http.post("/api/v1/devices/self/help/take-back")
        def take_help_back() -> Any:
            if refusal := stranger():
                return refusal
            self.help = None
            return "", 204

        @http.post("/api/v1/devices/self/heartbeat")
        def heartbeat() -> Any:
            if refusal := stranger():
                return refusal
            self.heartbeats.append(request.get_json())
            has = self.heartbeats[-1]["facts"].get("settings")
            settings = self.display if has != (self.display or {}).get("version") else None
            if not self.orders and settings is None:
                return "", 204
            return jsonify(orders=self.orders, display=settings)

        @http.get(f"/api/v1/offices/{OFFICE}/board")
        def board() -> Any:
            answer = jsonify(to_wire(self.board))
            answer.set_etag(f"{self.board.version[0]}-{self.board.version[1]}")
            return answer.make_conditional(request)

        @http.get(f"/api/v1/offices/{OFFICE}/offer")
        def offer() -> Any:
            return stranger() or jsonify(to_wire(self.offer))

        @http.get(f"/api/v1/offices/{OFFICE}/kiosk-guide")
        def kiosk_guide() -> Any:
            if self.guide is None:
                return problem(404, "unknown_office")
            return stranger() or jsonify(to_wire(self.guide))

        @http.post(f"/api/v1/offices/{OFFICE}/tickets")
        def issue() -> Any:
            body = request.get_json()
            return stranger() or once(
                lambda: self._slip(body["service"], body["language"], body["party_size"])
            )

        @http.post("/api/v1/leases")
        def grant() -> Any:
            if refusal := stranger():
                return refusal
            if not self.leases or request.get_json()["date"] != office_now().date().isoformat():
                return problem(422, "bad_input", field="date")
            return jsonify(to_wire(self._lease())), 201

        @http.get("/api/v1/leases/<lease>")
        def lease(lease: str) -> Any:
            return stranger() or jsonify(to_wire(self._lease()))

        @http.post("/api/v1/sync/tickets")
        def sync() -> Any:
            items = request.get_json()["items"]
            self.reports.append([each["number"] for each in items])
            outcomes = []
            for each in items:
                result = "duplicate" if each["id"] in self.synced else "created"
                self.synced.setdefault(each["id"], each)
                outcomes.append(SyncOutcome(each["id"], result, None, each["number"]))
            return stranger() or jsonify(to_wire(SyncAnswer(tuple(outcomes))))

        @http.post("/api/v1/sync/withdrawals")
        def withdraw() -> Any:
            keys = request.get_json()["keys"]
            self.withdrawn += keys
            return stranger() or jsonify({"withdrawn": len(keys)})

        @http.post("/api/v1/tickets/<code>/check-in")
        def check_in(code: str) -> Any:
            def make() -> Any:
                if code not in self.bookings:
                    return problem(404, "unknown_code")
                return self.bookings[code]

            return stranger() or once(make)

    def _slip(self, service: str, language: str, party_size: int) -> dict[str, Any]:
        number = f"A{next(self._numbers):03d}"
        code = f"7F3K9Q2M4{number}"[:12]
        slip = Slip(
            id=f"t{next(self._ids)}-{number}",
            code=code,
            number=number,
            stream="A",
            stream_name="Perekaman",
            office=OFFICE,
            office_name="Dukcapil Kota Tangerang Selatan",
            service=service,
            service_name="Perekaman KTP-el",
            issued_at=office_now().isoformat(),
            place="INSIDE",
            url=f"{self.url}/t/{code}",
            language=language,
            party_size=party_size,
            ahead=4,
            wait=WaitRange(20, 35),
        )
        return to_wire(slip)

    def _lease(self) -> Lease:
        """A lease of ten numbers for each stream, open all day."""
        now = office_now()
        day = now.date().isoformat()
        letters = sorted({each.letter for each in self.offer.services} | {"U"})
        return Lease(
            lease=f"lease-{day}",
            date=day,
            state="ACTIVE",
            epoch=1,
            now=now.isoformat(),
            offline_until=f"{day}T23:59:59.999999+07:00",
            office=OFFICE,
            office_name=self.offer.name,
            zone=self.offer.zone,
            mode=self.offer.mode,
            public_url=self.url,
            key=LEASE_KEY,
            pin_digest=digest_code(LEASE_KEY, PIN),
            periods=(LeasedPeriod(f"{day}T00:00:00+07:00", f"{day}T23:59:59.999999+07:00"),),
            services=tuple(
                LeasedService(
                    each.code,
                    each.letter,
                    "U",
                    each.name,
                    each.summary,
                    each.minutes,
                    each.channel,
                    each.reason,
                )
                for each in self.offer.services
            ),
            streams={each: {"id": each, "en": each} for each in letters},
            numbers=tuple(
                LeasedNumber(
                    f"{letter}{each}", f"l-{letter}{each}", f"K9Q2M4N5{letter}{each}", letter
                )
                for letter in letters
                for each in range(501, 511)
                if f"l-{letter}{each}" not in self.synced
            ),
        )

    def _first_board(self) -> Board:
        today = office_now().date().isoformat()
        streams = [
            ("A", "Perekaman", "Enrolment", 7, WaitRange(20, 35)),
            ("C", "Cetak & ambil", "Print & collect", 3, WaitRange(5, 15)),
            ("F", "Pendaftaran penduduk", "Registration", 11, WaitRange(45, 70)),
            ("Z", "Pencatatan sipil", "Civil records", 0, None),
            ("U", "Urgen", "Urgent", 2, WaitRange(5, 10)),
            ("X", "Pengaduan & WNA", "Advice & foreigners", 1, WaitRange(0, 10)),
        ]
        return Board(
            office=OFFICE,
            office_name="Dukcapil Kota Tangerang Selatan",
            date=today,
            version=(today, 5),
            sent_at=office_now().isoformat(),
            build="server-1",
            zone="Asia/Jakarta",
            mode="NORMAL",
            open=True,
            inside=14,
            limit=20,
            waiting=24,
            streams=tuple(
                BoardStream(letter, {"id": id, "en": en}, waiting, wait)
                for letter, id, en, waiting, wait in streams
            ),
            notices=(
                BoardNotice(
                    "n1",
                    {
                        "id": "Layanan ini gratis. Waspada calo.",
                        "en": "This service is free. Beware of brokers.",
                    },
                ),
            ),
        )

    def _first_offer(self) -> OfficeOffer:
        rows = [
            (
                "REK",
                "A",
                "Perekaman KTP-el",
                "ID card enrolment",
                "MUST_COME",
                None,
                7,
                WaitRange(20, 35),
            ),
            (
                "IKD",
                "A",
                "Aktivasi IKD",
                "Digital ID activation",
                "MUST_COME",
                None,
                2,
                WaitRange(10, 20),
            ),
            (
                "CTK",
                "C",
                "Cetak ulang KTP-el",
                "ID card reprint",
                "HYBRID",
                None,
                3,
                WaitRange(5, 15),
            ),
            (
                "AMB",
                "C",
                "Pengambilan KTP-el/KIA",
                "Collect ID card",
                "MUST_COME",
                None,
                0,
                WaitRange(0, 5),
            ),
            ("KK", "F", "Kartu Keluarga", "Family card", "ONLINE", "mode", 11, WaitRange(45, 70)),
            (
                "SNK",
                "U",
                "Sinkronisasi data",
                "Data correction",
                "ONLINE",
                None,
                2,
                WaitRange(5, 10),
            ),
            (
                "LEG",
                "U",
                "Legalisir dokumen lama",
                "Certified copies",
                "MUST_COME",
                "hours",
                0,
                None,
            ),
            (
                "PGD",
                "X",
                "Pengaduan & konsultasi",
                "Complaints and advice",
                "EITHER",
                None,
                1,
                WaitRange(0, 10),
            ),
        ]
        services = tuple(
            ServiceOffer(
                code,
                letter,
                {"id": id, "en": en},
                {"id": "", "en": ""},
                10,
                channel,
                reason is None,
                reason,
                waiting,
                wait,
                urgent_open=reason != "hours",
            )
            for code, letter, id, en, channel, reason, waiting, wait in rows
        )
        return OfficeOffer(
            OFFICE,
            "Dukcapil Kota Tangerang Selatan",
            "Asia/Jakarta",
            "NORMAL",
            True,
            office_now().isoformat(),
            services,
        )


@contextmanager
def running_fake_server() -> Iterator[FakeServer]:
    """A `FakeServer` listening on loopback for as long as the block runs."""
    server = FakeServer()
    http = make_server("127.0.0.1", 0, server.application, threaded=True)
    http.daemon_threads = True
    server.port = http.server_port
    thread = threading.Thread(
        target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    yield server
    server.hold.set()
    http.shutdown()
    http.server_close()
