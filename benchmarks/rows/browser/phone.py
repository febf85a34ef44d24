"""Rows of the first page on a slow phone: how heavy it is, and when most of it is to be seen.

A browser of its own for each visit, so that nothing is kept: 400 kbit/s, 400 ms until an answer
begins, and a processor of which it gets a quarter.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks import server, stage
from benchmarks.report import Row

from .console import find_chromium

VISITS = 5
BYTES_PER_SECOND, LATENCY_MS, SLOWER_TIMES = 50_000, 400, 4
SECONDS_MOST, KB_MOST = 2.5, 15
LARGEST = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime / 1000))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""
WEIGHT = """() => performance.getEntriesByType("navigation")
  .concat(performance.getEntriesByType("resource").filter((each) => !each.name.endsWith(".svg")))
  .reduce((sum, each) => sum + each.encodedBodySize, 0) / 1000"""
"""All but the picture in the tab, which a browser fetches when the page is there."""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="antrean-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'phone.db'}"
        stage.prepare(url)
        with server.serve(url, folder, ("", {})) as served, sync_playwright() as playwright:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=[*sandbox, "--disable-dev-shm-usage"]
            )
            address = f"http://127.0.0.1:{served.port}/o/{stage.OFFICE}"
            visits = [_visit(browser, address) for _ in range(VISITS)]
            browser.close()
    seen = statistics.median(seconds for seconds, _ in visits)
    yield Row(
        f"office page on a slow phone: largest picture, median of {VISITS}",
        f"{seen:.2f} s, worst {max(seconds for seconds, _ in visits):.2f} s",
        "",
        seen,
        SECONDS_MOST,
        at_most=True,
        unit=" s",
    )
    weight = visits[0][1]
    yield Row(
        "office page with its styles, compressed",
        f"{weight:.1f} kB",
        "",
        weight,
        KB_MOST,
        at_most=True,
        unit=" kB",
    )


def _visit(browser: Browser, address: str) -> tuple[float, float]:
    """Seconds until the largest part of the page was painted, and its weight in kB."""
    page = browser.new_page(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, locale="id-ID"
    )
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_TIMES})
    page.goto(address, wait_until="load")
    seen, weight = page.evaluate(LARGEST), page.evaluate(WEIGHT)
    page.close()
    return float(seen), float(weight)
