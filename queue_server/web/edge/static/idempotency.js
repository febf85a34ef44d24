// The key under which the server carries out a command once, however often it is sent.

/** A key that nobody has used yet. crypto.randomUUID is for https pages only, and many offices run on their plain network. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((each) => each.toString(16).padStart(2, "0"))
    .join("");
}
