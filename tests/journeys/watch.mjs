// A client of the live channel that knows the public contract alone: the official library, five
// audiences, snapshots.
// Arguments: server, token or "-", and the watches as JSON. Prints one JSON line for each thing it
// is told.
import { createRequire } from "node:module";

const require = createRequire(new URL("../node/package.json", import.meta.url));
const { io } = require("socket.io-client");

const [server, token, watches] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const socket = io(`${server}/live`, {
  transports: ["websocket"],
  reconnection: false,
  auth: token === "-" ? {} : { token },
});

socket.on("connect_error", (error) => {
  say({ refused: error.message });
  process.exit(1);
});
socket.on("connect", async () => {
  for (const watch of JSON.parse(watches))
    say({ ack: watch.audience, snapshot: await socket.emitWithAck("watch", watch) });
  say({ ready: true });
});
for (const audience of ["board", "desk", "door", "ticket", "device"]) {
  socket.on(audience, (snapshot) => say({ event: audience, snapshot }));
}
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();
