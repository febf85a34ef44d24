// What a screen shows of its office, by the settings that a manager has made for it.

const KNOWN_LAYOUTS = ["main", "halls", "counter"];
const KNOWN_LANGUAGES = ["id", "en"];
const WHOLE_OFFICE = { name: {}, counters: [] };

/**
 * The layout that can be drawn, and its halls: two in `halls`, else one. A layout that this page
 * does not know, two halls without both, and a counter without a name are drawn as the main hall:
 * a screen that is set up by half still shows every call.
 */
export function layoutOf({ layout, halls }) {
  const [first = WHOLE_OFFICE, second] = halls;
  const wanted = KNOWN_LAYOUTS.includes(layout) ? layout : "main";
  if (wanted === "halls" && second) return { layout: "halls", halls: [first, second] };
  if (wanted === "counter" && first.counters.length > 0)
    return { layout: "counter", halls: [{ ...first, counters: first.counters.slice(0, 1) }] };
  return { layout: "main", halls: [halls.length > 1 ? joined(halls) : first] };
}

// Both halls' calls on a screen that cannot part them.
function joined(halls) {
  const isWhole = halls.some((hall) => hall.counters.length === 0);
  return { ...WHOLE_OFFICE, counters: isWhole ? [] : halls.flatMap((hall) => hall.counters) };
}

/** The languages of a screen, in their order; both if none is known. */
export function languagesOf({ languages }) {
  const known = languages.filter((each) => KNOWN_LANGUAGES.includes(each));
  return known.length > 0 ? [...new Set(known)] : KNOWN_LANGUAGES;
}
