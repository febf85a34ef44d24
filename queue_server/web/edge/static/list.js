// Lists and clocks of the console: keyed rows that keep their focus, and time as the server counts it.

export const byId = (id) => document.getElementById(id);

/** Put texts into the elements of `row` that carry a data-slot of that name; unchanged text is not touched. */
export function fill(row, texts) {
  for (const [name, text] of Object.entries(texts)) {
    const place = row.querySelector(`[data-slot="${name}"]`);
    if (place && place.textContent !== text) place.textContent = text;
  }
}

/** Make the children of `list` follow `items` by id. Rows are reused and moved only when they must be, so focus stays. */
export function keepList(list, template, items, draw) {
  const wanted = new Set(items.map((item) => item.id));
  for (const row of [...list.children]) if (!wanted.has(row.dataset.id)) row.remove();
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]));
  let place = list.firstElementChild;
  for (const item of items) {
    const row = known.get(item.id) ?? template.content.firstElementChild.cloneNode(true);
    row.dataset.id = item.id;
    draw(row, item);
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
}

/** Hours and minutes of an RFC 3339 time as its own offset gives them: the office's clock, whatever this computer's zone. */
export function clockOf(time, mark) {
  return time.slice(11, 16).replace(":", mark);
}

/** The server's clock, carried on by this page's own count: a clock here that is wrong or jumps must not show wrong waits. */
export function makeClock() {
  let ahead = Date.now() - performance.now();
  const now = () => performance.now() + ahead;
  const secondsSince = (time) => (time ? Math.max(0, (now() - Date.parse(time)) / 1000) : 0);
  return {
    now,
    secondsSince,
    set(sentAt) {
      if (sentAt) ahead = Date.parse(sentAt) - performance.now();
    },
    minutesAndSeconds(time) {
      const seconds = Math.floor(secondsSince(time));
      return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    },
  };
}
