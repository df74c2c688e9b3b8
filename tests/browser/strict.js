// A site as strict as it may be: it asks everybody for a token, and one address may not upload much.

import assert from "node:assert/strict";
import test, { after, before } from "node:test";

import { choose, fileOf, tile, visit } from "./browser.js";
import { PHOTO, startSite } from "./stack.js";

const NAME = `browser ${process.pid}`;
const NO_TOKEN = "This needs a token: send it in the header Authorization: Bearer.";
const BAD_TOKEN = "The token is unknown, revoked or expired.";

let site;
let token;

before(async () => {
  site = await startSite({ AUTH: "all", UPLOADS_PER_MINUTE: "2" });
  token = await site.command("token", "create", NAME, "--scope", "upload,read");
});

after(async () => {
  if (token) await site.command("token", "revoke", NAME);
  await site?.stop();
});

async function give(page, text) {
  await page.getByLabel("Token", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Save" }).click();
}

test("a real refusal opens the token's field, and a real token opens the site", async (t) => {
  const page = await visit(t, { at: site.at });
  await page.getByRole("dialog").getByText(NO_TOKEN).waitFor();
  await give(page, token.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
  await page.getByRole("dialog").getByText(BAD_TOKEN).waitFor();
  await give(page, token);
  await page.locator("#gallery-error").waitFor({ state: "hidden" });
  await choose(page, [fileOf("let in.jpg", PHOTO)]);
  await tile(page, "let in.jpg").waitFor();
});

test("who uploads too much reads the server's sentence, and that it will go on", async (t) => {
  const page = await visit(t, { at: site.at });
  await give(page, token);
  const names = [1, 2, 3, 4].map((number) => `much-${number}.jpg`);
  await choose(page, names.map((name) => fileOf(name, PHOTO)));
  const refused = page.getByText(/Too many requests; try again later\. Trying again in \d+ s\./);
  await refused.first().waitFor();
  const uploaded = await page.getByText("Uploaded", { exact: true }).count();
  assert.ok(uploaded < names.length, `${uploaded} uploads were let through`);
});
