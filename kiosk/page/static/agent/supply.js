// Whether this kiosk can give a number now, and if not, why: said before a visitor touches a tile.

/**
 * null if a number can be had; else the code of the reason. Without the server the agent gives
 * numbers of its lease, if it has some, trusts its clock, and nobody has stopped it.
 */
export function whyNoNumber(state, agentHere) {
  if (!agentHere || !state) return "offline";
  if (state.journal === "full") return "journal_full";
  if (state.offline_refusal) return state.offline_refusal;
  const link = state.link ?? (state.connected ? "online" : "offline");
  if (link === "online" || link === "syncing") return null;
  if (state.clock_sure === false) return "clock_unsure";
  const left = state.lease_left ?? -1;
  return left > 0 ? null : left === 0 ? "lease_used_up" : "offline";
}

/** Whether numbers come from the lease, so that they may be called in another order. */
export const worksAlone = (state) => ["doubt", "offline"].includes(state?.link);
