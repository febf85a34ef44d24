"""A mail server on loopback that takes, refuses or breaks off as a test wants, and keeps what it
was given.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

KEEP_ALIVE_SECONDS = 5
"""How often somebody who is kept waiting hears so: no client gives up by itself."""


@dataclass
class Post:
    """What the server has seen and how it behaves: `refuse` maps an address to the answer it gets,
    `broken` hangs up after DATA, `hangs` does not answer for an address until its event is set.
    `away` keeps everybody waiting and hangs up once its event is set; `mute` takes a mail and hangs
    up without a word once its event is set.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    hangs: dict[str, threading.Event] = field(default_factory=dict)
    away: threading.Event | None = None
    mute: threading.Event | None = None


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]  # set below
        post.connections += 1
        if post.away is not None:
            while not post.away.wait(KEEP_ALIVE_SECONDS):
                self._say("220-not yet")
            return
        sender = receiver = ""
        self._say("220 loopback")
        while line := self.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith("EHLO"):
                self._say("250-loopback\r\n250 8BITMIME")
            elif verb.startswith("MAIL FROM:"):
                sender = line[10:].split()[0].strip("<>")
                self._say("250 ok")
            elif verb.startswith("RCPT TO:"):
                receiver = line[8:].strip("<>")
                if receiver in post.hangs:
                    post.hangs[receiver].wait(60)
                self._say(post.refuse.get(receiver, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                if post.broken:
                    return
                content = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    content += part.removeprefix(b".") if part.startswith(b"..") else part
                post.envelopes.append((sender, receiver))
                # the default policy makes EmailMessage
                post.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
                if post.mute is not None:
                    post.mute.wait(60)
                    return
                self._say("250 taken")
            else:
                self._say("221 bye" if verb == "QUIT" else "250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def open_post() -> Iterator[Post]:
    """A mail server for the length of a test."""
    post = Post()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.post = post  # type: ignore[attr-defined]  # for the handlers
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
