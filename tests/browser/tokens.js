import assert from "node:assert/strict";
import test from "node:test";

import { choose, fileOf, says, tile, visit } from "./browser.js";
import { PHOTO } from "./stack.js";

const DETAIL = "This needs an access token.";

// A service that wants a token, for what concerns the page alone; strict.js has a real one.
async function guard(page) {
  await page.route("**/api/photos*", async (route) => {
    if (route.request().headers().authorization === "Bearer s3cret") return route.continue();
    const body = JSON.stringify({ status: 401, detail: DETAIL });
    return route.fulfill({ status: 401, contentType: "application/problem+json", body });
  });
}

const stored = (page) =>
  page.evaluate(() => [localStorage, sessionStorage].map((each) => each.getItem("photodrop-token")));

async function give(page, token, { remember = false } = {}) {
  await page.getByLabel("Token", { exact: true }).fill(token);
  await page.getByLabel("Remember it on this device").setChecked(remember);
  await page.getByRole("button", { name: "Save" }).click();
}

test("a refusal opens the token's field with the server's sentence", async (t) => {
  const page = await visit(t, { prepare: guard });
  await page.getByRole("dialog").getByText(DETAIL).waitFor();
  await give(page, "wrong");
  await page.getByRole("dialog").getByText(DETAIL).waitFor();
  await give(page, "s3cret");
  await page.locator("#gallery-error").waitFor({ state: "hidden" });
  assert.deepEqual(await stored(page), [null, "s3cret"]);
});

test("uploads that were refused go on with the token that is given", async (t) => {
  const page = await visit(t);
  await guard(page);
  await choose(page, [fileOf("guarded.jpg", PHOTO)]);
  await page.getByRole("dialog").getByText(DETAIL).waitFor();
  await give(page, "s3cret", { remember: true });
  await tile(page, "guarded.jpg").waitFor();
  assert.deepEqual(await stored(page), ["s3cret", null]);
});

test("a token is remembered, changed and forgotten", async (t) => {
  const page = await visit(t, { prepare: guard });
  await give(page, "s3cret", { remember: true });
  await page.reload();
  await page.getByRole("button", { name: "Access token" }).click();
  assert.equal(await page.getByLabel("Token", { exact: true }).inputValue(), "s3cret");
  assert.ok(await page.getByLabel("Remember it on this device").isChecked());
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("button", { name: "Access token" }).click();
  await give(page, "");
  await page.getByRole("dialog").getByText(DETAIL).waitFor();
  assert.deepEqual(await stored(page), [null, null]);
});

test("without storage a token lasts as long as the page", async (t) => {
  const forbid = () => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, { get: () => { throw new Error("forbidden"); } });
    }
  };
  const page = await visit(t, { prepare: (page) => page.addInitScript(forbid) });
  await page.getByRole("button", { name: "Access token" }).click();
  await give(page, "s3cret");
  await guard(page);
  await choose(page, [fileOf("transient.jpg", PHOTO)]);
  await says(page, "transient.jpg", "Uploaded");
});
