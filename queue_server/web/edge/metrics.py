"""What is counted for Prometheus. Labels hold no ids, no codes and no names."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

REQUESTS = Counter("antrean_requests_total", "Requests answered", ["method", "status"])
SCREENS = Gauge("antrean_screens", "Connections on the live channel")
