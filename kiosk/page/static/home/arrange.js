// Where each tile goes: groups in columns, in their own order, as large as the screen allows.

const SPACIOUS = 1.25;

/** Splits `groups` (lists of tiles) into at most `columns` columns no higher than `height`. */
function fill(groups, columns, height, { tile, head, gap }, mayBreak) {
  const filled = [[]];
  let left = height;
  const begin = () => {
    filled.push([]);
    left = height;
  };
  for (const group of groups) {
    const whole = head + group.length * (tile + gap);
    if (filled.at(-1).length && whole - gap > left && !mayBreak) begin();
    let rest = group;
    let needsHead = true;
    while (rest.length) {
      const room = Math.floor((left - (needsHead ? head : 0) + gap) / (tile + gap));
      if (room < 1) {
        if (!filled.at(-1).length) return null;
        begin();
        continue;
      }
      const taken = rest.slice(0, room);
      filled.at(-1).push({ group, hasHead: needsHead, tiles: taken });
      left -= (needsHead ? head : 0) + taken.length * (tile + gap);
      rest = rest.slice(room);
      needsHead = false;
      if (rest.length && !mayBreak) return null;
      if (rest.length) begin();
    }
  }
  return filled.length <= columns ? filled : null;
}

/**
 * The columns with the highest tiles: `{ columns, height }`, or null if even the lowest tiles
 * (`least`) do not fit. `measures`: the box's width and height, the heading's, the gap, the widest
 * number of columns that leaves room for a name, and the lowest and highest tile. All in pixels.
 */
export function arrange(groups, { width, height, head, gap, narrowest, least, most }) {
  const widest = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  // A group stays whole unless that makes tiles low.
  const ways = [
    { mayBreak: false, lowest: Math.min(most, SPACIOUS * least) },
    { mayBreak: true, lowest: least },
  ];
  for (const { mayBreak, lowest } of ways) {
    for (let tile = most; tile >= lowest; tile -= 2) {
      for (let columns = 1; columns <= widest; columns += 1) {
        const filled = fill(groups, columns, height, { tile, head, gap }, mayBreak);
        if (filled) return { columns: filled, height: tile };
      }
    }
  }
  return null;
}
