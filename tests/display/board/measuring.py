"""What a browser has really drawn of a board: heights of capitals in percent of the screen's, and
all that is cut off, lies over something else or beyond the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.display.pages import FedPage

SIZES = [(1280, 720), (1366, 768), (1920, 1080), (3840, 2160), (1080, 1920), (768, 1366)]

_MEASURE = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const seen = (each) => each.checkVisibility() && each.getBoundingClientRect().width > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const percent = (px) => (100 * px) / innerHeight;
  const cap = (each) => {
    const style = getComputedStyle(each);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    return percent(pen.measureText("H").actualBoundingBoxAscent);
  };
  const caps = (selector) => all(selector).map(cap);
  const shares = (selector) =>
    all(selector).map((each) => percent(each.getBoundingClientRect().height));

  // Every text with the boxes of its letters, not of its lines: those overlap by design.
  const texts = [];
  const walker = document.createTreeWalker(document.getElementById("board"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || !seen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const { left, right, top, height } of range.getClientRects()) {
      if (right - left < 1) continue;
      const box = { left, right, top: top + 0.18 * height, bottom: top + 0.81 * height };
      texts.push({ box, words: data.trim().slice(0, 40), parent });
    }
  }
  const inside = ({ left, right, top, bottom }, outer, room = 1) =>
    left >= outer.left - room && right <= outer.right + room
    && top >= outer.top - room && bottom <= outer.bottom + room;
  const meet = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const screen = { left: 0, right: innerWidth, top: 0, bottom: innerHeight };
  const faults = [];
  const cards =
    ".called, .streams li, .call, .idle, .mode, .entering, .foot, .top, .recent, .burst";
  for (const { box, words, parent } of texts) {
    if (!inside(box, screen, 0)) faults.push(`beyond the edge: ${words}`);
    const card = parent.closest(cards);
    if (card && !inside(box, card.getBoundingClientRect(), 2))
      faults.push(`out of its ${card.className}: ${words}`);
  }
  texts.forEach((one, place) => {
    for (const other of texts.slice(place + 1))
      if (meet(one.box, other.box)) faults.push(`over each other: ${one.words} | ${other.words}`);
  });
  const regions = all(".top, .mode, .call, .idle, .burst, .entering, .streams, .media, .foot")
    .concat(all(".recent-list"))
    .map((each) => ({ box: each.getBoundingClientRect(), name: each.className }));
  regions.forEach((one, place) => {
    for (const other of regions.slice(place + 1))
      if (meet(one.box, other.box)) faults.push(`regions meet: ${one.name} | ${other.name}`);
  });
  return {
    numbers: caps(".number .digits"),
    recent: caps(".recent-list .digits"),
    burst: caps("#burst-list .digits"),
    counters: caps(".call .counter"),
    waits: caps(".streams .load, .streams .load strong, .streams .wait"),
    calls: shares(".call, .idle, .burst"),
    faults,
  };
}"""


@dataclass(frozen=True)
class Picture:
    """What was drawn. Sizes are heights of capitals and of regions, in percent of the screen's
    height.
    """

    numbers: list[float]
    recent: list[float]
    burst: list[float]
    counters: list[float]
    waits: list[float]
    calls: list[float]
    faults: list[str]


def measure(tv: FedPage) -> Picture:
    drawn: dict[str, Any] = tv.ask(_MEASURE)
    return Picture(**drawn)
