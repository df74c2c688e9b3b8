// Whatever goes wrong, people read the server's own sentence.

import assert from "node:assert/strict";
import test from "node:test";

import { choose, drop, fileOf, picture, says, tile, until, visit } from "./browser.js";
import { ask, mark, newest, PHOTO, post, startStore, stopStore } from "./stack.js";
import { keysOf } from "./uploads.js";

const SIX_MEBIBYTES = Buffer.alloc(6 * 1024 * 1024);

const problem = (status, detail, headers = {}) => ({
  status,
  headers,
  contentType: "application/problem+json",
  body: JSON.stringify({ status, detail }),
});

test("where the page does not know the limit, the server refuses what is too large", async (t) => {
  const prepare = (page) => page.route("**/config.json", (route) => route.abort());
  const page = await visit(t, { prepare });
  const { detail } = await post("large.jpg", SIX_MEBIBYTES);
  assert.match(detail, /too large/);
  await choose(page, [fileOf("large.jpg", SIX_MEBIBYTES)]);
  await says(page, "large.jpg", detail);
});

test("a text that calls itself a photo is refused by the server", async (t) => {
  const page = await visit(t);
  const { detail } = await post("text.jpg", "Hello");
  assert.match(detail, /Allowed types: /);
  await drop(page, [fileOf("text.jpg", "Hello")]);
  await says(page, "text.jpg", detail);
  assert.equal(await page.locator("#alerts").textContent(), `text.jpg: ${detail}`);
  assert.equal(await page.getByRole("button", { name: /^Retry/ }).count(), 0);
});

test("a photo that comes while the store is down is stored when it is back, once", async (t) => {
  const page = await visit(t);
  const keys = keysOf(page);
  await page.clock.install();
  try {
    await stopStore();
    const { detail } = await post("late.jpg", PHOTO);
    await choose(page, [fileOf("late.jpg", PHOTO)]);
    await says(page, "late.jpg", `${detail} Trying again in`);
    await page.clock.pauseAt(new Date(Date.now() + 1000)); // no further try for now
    await picture(page, "store-down");
  } finally {
    await startStore();
  }
  await page.clock.resume();
  await tile(page, "late.jpg").waitFor();
  assert.ok(keys.length > 1);
  assert.equal(new Set(keys).size, 1);
  assert.deepEqual((await newest(2)).filter((photo) => photo.filename === "late.jpg").length, 1);
});

test("it does not try for ever by itself, but when people say so", async (t) => {
  const page = await visit(t);
  const keys = keysOf(page);
  const refusal = problem(503, "The service is busy.", { "Retry-After": "2" });
  await page.route("**/api/photos", (route) => route.fulfill(refusal), { times: 4 });
  await page.clock.install();
  await choose(page, [fileOf("busy.jpg", PHOTO)]);
  const retry = page.getByRole("button", { name: "Retry: busy.jpg" });
  await until(async () => {
    await page.clock.fastForward(2100);
    return retry.isVisible();
  }, "it to give up");
  assert.equal(keys.length, 4);
  await retry.click();
  await page.getByText("1 of 1 uploaded").waitFor();
});

test("too many requests: it waits as long as the server says, and tries again", async (t) => {
  const page = await visit(t);
  const keys = keysOf(page);
  const refusal = problem(429, "Too many requests; try again later.", { "Retry-After": "1" });
  await page.route("**/api/photos", (route) => route.fulfill(refusal), { times: 2 });
  await choose(page, [fileOf("hasty.jpg", PHOTO)]);
  await says(page, "hasty.jpg", "Too many requests; try again later. Trying again in 1 s.");
  await page.getByText("1 of 1 uploaded").waitFor();
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test("one that has to wait long is left to people, who may retry no sooner", async (t) => {
  const page = await visit(t);
  const refusal = problem(429, "Too many requests; try again later.", { "Retry-After": "90" });
  await page.route("**/api/photos", (route) => route.fulfill(refusal), { times: 1 });
  const files = ["first.jpg", "second.jpg"].map((name) => fileOf(name, PHOTO));
  await page.clock.install();
  await choose(page, files.slice(0, 1));
  const retry = page.getByRole("button", { name: /^Retry.*first/ });
  await until(async () => /in \d+ s/.test(await retry.textContent()), "the seconds to wait");
  await retry.click({ force: true });
  await choose(page, files.slice(1)); // the server meant all of them
  await says(page, "second.jpg", "Waiting");
  await says(page, "first.jpg", "Too many requests; try again later.");
  await page.clock.fastForward(92_000);
  await page.getByText("1 of 2 uploaded").waitFor();
  await page.getByRole("button", { name: "Retry: first.jpg" }).click();
  await page.getByText("2 of 2 uploaded").waitFor();
});

test("an answer that is not the service's own is said to be that", async (t) => {
  const page = await visit(t);
  await page.route("**/api/photos", (route) => route.fulfill({ status: 418, body: "<html>" }));
  await choose(page, [fileOf("strange.jpg", PHOTO)]);
  await says(page, "strange.jpg", "The server answered with status 418 alone.");
});

test("a list that does not come is asked for again", async (t) => {
  t.after(await mark());
  const detail = "The database is not available; try again in a moment.";
  const page = await visit(t, {
    prepare: (page) =>
      page.route("**/api/photos?*", (route) => route.fulfill(problem(503, detail)), { times: 1 }),
  });
  await page.locator("#gallery-error").getByText(detail).waitFor();
  await choose(page, [fileOf("listed.jpg", PHOTO)]);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#gallery-error").waitFor({ state: "hidden" });
  await tile(page, "listed.jpg").waitFor();
});

test("a photo that could not be deleted stays, with the reason", async (t) => {
  const page = await visit(t);
  await choose(page, [fileOf("sticky.jpg", PHOTO)]);
  await tile(page, "sticky.jpg").click();
  const detail = "The database is not available; try again in a moment.";
  await page.route("**/api/photos/*", (route) => route.fulfill(problem(503, detail)), { times: 1 });
  await page.getByRole("button", { name: "Delete" }).click();
  await page.locator("#removal-delete").click();
  await page.getByRole("dialog").getByText(detail).waitFor();
  const [photo] = await newest(1);
  assert.equal((await ask(`/api/photos/${photo.id}`)).status, 200);
  await page.locator("#removal-delete").click();
  await until(async () => (await tile(page, "sticky.jpg").count()) === 0, "the end of the tile");
});
