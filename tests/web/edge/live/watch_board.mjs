// The official Socket.IO client against the server named in an access.json.
// Arguments: the access.json, and a node_modules folder with the client.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , accessFile, modules] = process.argv;
const { io } = createRequire(`${modules}/`)("socket.io-client");
const access = JSON.parse(readFileSync(accessFile, "utf8"));
const socket = io(`${access.server}/live`, {
  transports: ["websocket"],
  auth: { token: access.tokens.kiosk },
  reconnection: false,
});
const watch = (audience, key) => socket.timeout(15000).emitWithAck("watch", { audience, key });

socket.on("connect_error", (error) => {
  console.error(error.message);
  process.exit(1);
});
socket.on("connect", async () => {
  const told = {
    acknowledged: await watch("board", access.office),
    refused: await watch("desk", access.office),
    unknown: await watch("nobody", access.office),
  };
  const heard = new Promise((resolve) => {
    socket.on(
      "board",
      (snapshot) => snapshot.waiting > told.acknowledged.waiting && resolve(snapshot),
    );
  });
  const headers = {
    Authorization: `Bearer ${access.tokens.kiosk}`,
    "Content-Type": "application/json",
  };
  const issued = await fetch(`${access.server}/api/v1/offices/${access.office}/tickets`, {
    method: "POST",
    headers,
    body: JSON.stringify({ service: "REK" }),
  });
  if (issued.status !== 201) throw new Error(`issue: ${issued.status}`);
  console.log(JSON.stringify({ ...told, heard: await heard }));
  socket.close();
});
