// Passkeys: the browser makes one, or signs in with one, and the form carries what it gives.
// Without this module, or in a browser that knows none, the buttons stay hidden and the rest works.

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list = []) => list.map((each) => ({ ...each, id: toBytes(each.id) }));

async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return describe(made, {
    clientDataJSON: toText(made.response.clientDataJSON),
    attestationObject: toText(made.response.attestationObject),
  });
}

async function sign(options) {
  const signed = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = signed.response;
  return describe(signed, {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : undefined,
  });
}

const describe = (credential, response) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  clientExtensionResults: {},
  response,
});

function offer(form) {
  const failed = form.querySelector("[data-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.options, {
        headers: { Accept: "application/json" },
      });
      // Whoever has to show first that it is them is led there, with the whole page.
      if (answer.redirected) return location.assign(form.dataset.page);
      const work = form.dataset.passkey === "make" ? make : sign;
      form.querySelector("[data-credential]").value = JSON.stringify(
        await work(await answer.json()),
      );
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}

if (globalThis.PublicKeyCredential && globalThis.isSecureContext)
  for (const form of document.querySelectorAll("form[data-passkey]")) offer(form);
