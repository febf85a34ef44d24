"""What the demonstration's offices offer: the catalogue of this release, with online addresses that
are examples and lead nowhere.
"""

from __future__ import annotations

from dataclasses import replace

from queue_server.services.office.whole.catalogues import DUKCAPIL, load_catalogue

from .guidance import WAYS

_DUKCAPIL = load_catalogue(DUKCAPIL)
STREAMS = _DUKCAPIL.streams
URGENT_LETTER = _DUKCAPIL.urgent_letter
"""The stream of urgent cases, whatever service they need."""

SERVICES = tuple(replace(each, online=WAYS.get(each.code)) for each in _DUKCAPIL.services)
