"""The link to a map, and a location kept as JSON."""

from __future__ import annotations

import json

import pytest

from queue_server.domain.office.location import (
    Coordinates,
    Location,
    WheelchairAccess,
    map_url,
    read_location,
    write_location,
)

WORDS = {"id": "satu", "en": "one"}


def test_the_map_is_asked_for_the_point_and_nothing_else() -> None:
    assert map_url(Coordinates(-6.318, 106.6643)) == (
        "https://www.openstreetmap.org/?mlat=-6.31800&mlon=106.66430#map=17/-6.31800/106.66430"
    )


@pytest.mark.parametrize(
    "location",
    [
        Location(),
        Location(Coordinates(-6.3, 106.6), WheelchairAccess.NONE, WORDS, {"id": "naik angkot"}),
    ],
    ids=["nothing", "everything"],
)
def test_a_location_is_read_as_it_was_written(location: Location) -> None:
    assert read_location(json.loads(json.dumps(write_location(location)))) == location
    assert read_location({}) == Location()
