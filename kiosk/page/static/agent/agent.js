// The page's only partner: the agent on this machine.
const token = document.querySelector('meta[name="page-token"]').content;

// An agent that does not answer in time counts as gone. Requests for a number get more time,
// because the agent asks the server several times.
const LIMIT_MS = { GET: 5000, POST: 30_000 };

export class AgentGone extends Error {}

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers:
        method === "POST" ? { "Content-Type": "application/json", "X-Page-Token": token } : {},
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(LIMIT_MS[method]),
    });
  } catch {
    throw new AgentGone(path);
  }
  if (answer.status === 403) {
    location.reload(); // the agent was restarted and does not know this page
    throw new AgentGone(path);
  }
  if (answer.status === 404) return null;
  if (answer.status >= 500) throw new AgentGone(path);
  try {
    return await answer.json();
  } catch {
    throw new AgentGone(path); // it stopped in the middle of its answer
  }
}

export const readState = () => ask("GET", "/state");
export const readGuide = () => ask("GET", "/guide");
export const readRequest = (key) => ask("GET", `/requests/${key}`);
export const sendRequest = (wish) => ask("POST", "/requests", wish);
export const giveUp = (key) => ask("POST", `/requests/${key}/give-up`);
export const printCopy = (key) => ask("POST", `/requests/${key}/copy`);
export const askHelp = (asked) => ask("POST", "/help", asked);
export const takeHelpBack = () => ask("POST", "/help/take-back", {});
export const setStop = (wish) => ask("POST", "/stop", wish);
