// The access token: where it is kept, and the dialog that asks for it.
//
// It stays in this tab's session, or on the device if its owner says so. A browser that forbids
// storage forgets it with the page.

import { element } from "./text.js";

const NAME = "photodrop-token";

let current = read("localStorage") || read("sessionStorage") || "";

export const currentToken = () => current;

function read(storage) {
  try {
    return window[storage].getItem(NAME);
  } catch {
    return null;
  }
}

function write(storage, value) {
  try {
    if (value) window[storage].setItem(NAME, value);
    else window[storage].removeItem(NAME);
  } catch {
    // Without storage the token lives as long as the page.
  }
}

function keep(value, onDevice) {
  current = value;
  write("localStorage", onDevice ? value : "");
  write("sessionStorage", onDevice ? "" : value);
}

// Opens the dialog; `reason` is the server's sentence when it has asked for a token.
export function askForToken(reason = "") {
  const dialog = element("token");
  element("token-error").textContent = reason;
  if (dialog.open) return;
  element("token-value").value = current;
  element("token-remember").checked = Boolean(read("localStorage"));
  dialog.showModal();
  element("token-value").select();
}

// Calls `onChange` when another token was saved.
export function startToken(onChange) {
  const dialog = element("token");
  element("token-open").addEventListener("click", () => askForToken());
  element("token-cancel").addEventListener("click", () => dialog.close());
  element("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    keep(element("token-value").value.trim(), element("token-remember").checked);
    dialog.close();
    onChange();
  });
}
