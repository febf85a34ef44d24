"""The text of what is said: the library's, and a snapshot's only once."""

from __future__ import annotations

import json

import pytest
from socketio.packet import ACK, EVENT, Packet

from queue_server.web.edge.live import packets
from queue_server.web.edge.live.frames import PATH
from queue_server.web.edge.live.packets import TEXTS_KEPT, LivePacket

SNAPSHOT = {
    "sent_at": "2026-11-23T09:00:00+07:00",
    "version": ["2026-11-23", 7],
    "name": "Ä \u2028",
}


@pytest.mark.parametrize("data", [[SNAPSHOT], [{"error": "bad_input"}], [], ["board", SNAPSHOT]])
@pytest.mark.parametrize(("kind", "id"), [(EVENT, None), (ACK, 7)])
def test_a_packet_reads_as_the_librarys_own(data: list[object], kind: int, id: int | None) -> None:
    """Look at `packets.LivePacket` where this fails."""
    ours = LivePacket(kind, data, PATH, id).encode()
    assert ours == Packet(kind, data, PATH, id).encode()
    read = LivePacket(encoded_packet=ours)
    assert (read.packet_type, read.data, read.namespace, read.id) == (kind, data, PATH, id)


def test_a_snapshot_is_written_once_for_all_who_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def count(value: object, **options: object) -> str:
        written.append(value)
        return json.JSONEncoder(separators=(",", ":")).encode(value)

    monkeypatch.setattr(packets.json, "dumps", count)
    snapshot, equal = dict(SNAPSHOT), dict(SNAPSHOT)
    for number in range(500):
        LivePacket(ACK, [snapshot], PATH, number).encode()
    LivePacket(EVENT, ["board", snapshot], PATH).encode()
    assert written.count(snapshot) == 1
    LivePacket(ACK, [equal], PATH, 1).encode()
    assert written.count(snapshot) == 2, "another snapshot, even if it says the same"


def test_few_texts_are_kept() -> None:
    texts = packets.SnapshotTexts()
    for number in range(TEXTS_KEPT * 3):
        assert json.loads(texts.dumps([{**SNAPSHOT, "n": number}]))[0]["n"] == number
    assert len(texts._texts) == TEXTS_KEPT
