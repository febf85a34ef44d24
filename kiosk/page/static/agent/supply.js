// Whether this kiosk can give a number now, and if not, why: said before a visitor touches a tile.

/**
 * null if a number can be had; else the code of the reason. The agent knows: it asks the server, or
 * gives numbers of its lease.
 */
export const whyNoNumber = (state, agentHere) =>
  agentHere && state ? (state.offline_refusal ?? (state.connected ? null : "offline")) : "offline";

/** Whether numbers come from the lease, so that they may be called in another order. */
export const worksAlone = (state) => ["doubt", "offline"].includes(state?.link);
