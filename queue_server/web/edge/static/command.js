// Commands to the server: where they go, how each is done only once, and what a refusal says.
import { problemOf } from "./live.js";

export const officeUrl = (office, name) => `/api/v1/offices/${encodeURIComponent(office)}/${name}`;
export const counterUrl = (id, name) => `/api/v1/counters/${encodeURIComponent(id)}/${name}`;
export const ticketUrl = (id, name) => `/api/v1/tickets/${encodeURIComponent(id)}/${name}`;

/**
 * A key that nobody has used yet: under one key a command is carried out once. Not by
 * crypto.randomUUID, which needs https, while many offices run on their plain network.
 */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

/**
 * What sends commands with the session's CSRF token. A lost connection is tried once more under the
 * same key, so that nothing is done twice. Throws what `problemOf` makes of a refusal.
 */
export function makePost(token) {
  return async (url, body, key = newKey()) => {
    const send = () =>
      fetch(url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRF-Token": token,
          "Idempotency-Key": key,
        },
        body: JSON.stringify(body),
      });
    const response = await send().catch(send);
    if (response.status === 204) return null;
    if (response.ok) return response.json();
    throw await problemOf(response);
  };
}

/** Why a command was not carried out, in the page's words. */
export function problemText({ status, code, facts }, words) {
  if (!status) return words.offline;
  return words.problems[code] ?? facts.detail ?? words.problem;
}
