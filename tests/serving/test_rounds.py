"""Whoever lets others go first lets those go first, too, whose request has just arrived."""

from __future__ import annotations

import os

import gevent

from queue_server.serving.rounds import await_next_round


def test_a_request_that_has_just_arrived_does_not_wait_for_all_who_are_awake() -> None:
    reading, writing = os.pipe()
    hub, order = gevent.get_hub(), list[str]()
    arrival = hub.loop.io(reading, 1)

    def answer() -> None:
        order.append(os.read(reading, 9).decode())

    def take_steps(name: str) -> None:
        for step in range(3):
            await_next_round()
            order.append(f"{name}{step}")

    arrival.start(answer)
    os.write(writing, b"request")
    try:
        gevent.joinall([gevent.spawn(take_steps, name) for name in "ab"], raise_error=True)
    finally:
        arrival.stop()
        arrival.close()
        os.close(reading)
        os.close(writing)
    assert order.index("request") <= 2, order
    assert sorted(order) == ["a0", "a1", "a2", "b0", "b1", "b2", "request"]
