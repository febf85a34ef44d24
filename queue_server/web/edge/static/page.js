// What a page shows: its elements, its sentences, and lists whose rows keep their focus.

export const byId = (id) => document.getElementById(id);

/** Unchanged text is not touched: a screen reader would say it again. */
export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Put texts into the elements of `row` that carry a data-slot of that name. */
export function fill(row, texts) {
  for (const [name, text] of Object.entries(texts)) {
    setText(row.querySelector(`[data-slot="${name}"]`), text);
  }
}

/** Make the children of `list` follow `items` by id. Rows stay if they can, so that focus stays. */
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

/** `text` with each {name} filled in from `values`. */
export const say = (text, values = {}) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

/** A number of things: `forms` has words for one, for other numbers and perhaps for none. */
export function sayCount(forms, n) {
  if (n === 0 && forms.none) return forms.none;
  return n === 1 ? forms.one : say(forms.other, { n });
}

/** A wait in minutes as a range; without the end that nobody knows, if it may be over at once or
 * takes the rest of the day. */
export function sayWait(wait, forms) {
  if (wait.low >= forms.open_ended)
    return say(forms.more_than_hours, { hours: Math.floor(wait.low / 60) });
  return say(wait.low > 0 ? forms.between : forms.less_than, wait);
}

/** Many offices name their counters by a bare number, which `form` turns into a name. */
export const counterWords = (name, form) => (/^\d/.test(name) ? say(form, { name }) : name);

/** What the server gave by language, in that of this page. */
export const inLanguage = (texts) =>
  texts[document.documentElement.lang] ?? texts.id ?? Object.values(texts)[0] ?? "";
