// What the office tells before a number is taken: the triage of the citizens' pages, kept by the
// agent. It is asked for again when its version changes.
import { readGuide } from "../agent/agent.js";

let guide = { version: null, services: [], evidence: {}, qr: {} };
let isAsking = false;

/** Fetch the guide if the agent has another version. */
export async function followGuide(version) {
  if (version === undefined || version === guide.version || isAsking) return;
  isAsking = true;
  try {
    guide = { ...guide, ...(await readGuide()), version };
  } catch {
    // the next state asks again
  } finally {
    isAsking = false;
  }
}

export const guideOf = (code) => guide.services.find((each) => each.service === code) ?? null;
export const evidenceOf = (urgency) => guide.evidence[urgency] ?? null;
export const qrOf = (address) => guide.qr[address] ?? null;
export const phone = () => guide.phone ?? "";
