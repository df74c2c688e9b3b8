import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";

import {
  choose, drop, fileOf, picture, says, throttleUploads, tile, until, upload, visit,
} from "./browser.js";
import { paintPhotos } from "./photos.js";
import { newest, PHOTO, post } from "./stack.js";

const MEBIBYTE = 1024 * 1024;

// The keys under which the page sends uploads, in their order.
export function keysOf(page) {
  const keys = [];
  page.on("request", (request) => {
    if (request.method() === "POST") keys.push(request.headers()["idempotency-key"]);
  });
  return keys;
}

test("five photos are dropped and chosen, seen on their way and in the gallery", async (t) => {
  const page = await visit(t);
  const files = await paintPhotos(page, "five", 5);
  await throttleUploads(page, 100_000);
  await drop(page, files.slice(0, 3));
  await choose(page, files.slice(3));
  await page.waitForFunction(() => {
    const bars = [...document.querySelectorAll("progress")];
    return bars.some(({ value }) => value > 0 && value < 1);
  });
  assert.equal(await page.locator('.upload[data-state="waiting"]').count(), 2, "three at once");
  await picture(page, "queue");
  await throttleUploads(page, -1);
  await page.getByText("5 of 5 uploaded").waitFor();

  const shown = await page.locator(".tile img").evaluateAll((all) => all.slice(0, 5).map((i) => i.alt));
  assert.deepEqual(shown, (await newest(5)).map((photo) => photo.filename));
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll(".tile img")].slice(0, 5);
    return images.every((image) => image.complete && image.naturalWidth > 0);
  });
  await page.getByRole("button", { name: "Clear finished" }).click();
  assert.equal(await page.locator(".upload").count(), 0);
});

test("a photo is pasted from the clipboard", async (t) => {
  const page = await visit(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(40, 30);
    canvas.getContext("2d").fillRect(0, 0, 20, 20);
    const blob = await canvas.convertToBlob();
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
  });
  await page.keyboard.press("Control+V");
  await page.getByText("1 of 1 uploaded").waitFor();
  const [photo] = await newest(1);
  assert.deepEqual([photo.content_type, photo.width, photo.height], ["image/png", 40, 30]);
});

test("what is no photo, too large or empty is refused by the server's words, unsent", async (t) => {
  const page = await visit(t);
  const keys = keysOf(page);
  await page.getByText("up to 5 MiB each").waitFor();
  const large = Buffer.alloc(5 * MEBIBYTE + 1);
  await drop(page, [
    fileOf("notes.txt", "Hello"),
    fileOf("large.jpg", large),
    fileOf("six.jpg", Buffer.alloc(6 * MEBIBYTE)),
    fileOf("empty.png", ""),
  ]);
  await says(page, "notes.txt", (await post("notes.txt", "Hello", "text/plain")).detail);
  await says(page, "large.jpg", (await post("large.jpg", large)).detail);
  await says(page, "six.jpg", `The photo has ${6 * MEBIBYTE} bytes; at most 5242880 are allowed.`);
  await says(page, "empty.png", (await post("empty.png", "")).detail);
  assert.deepEqual(keys, []);
  assert.equal(await page.getByRole("button", { name: /^Retry/ }).count(), 0, "it would not help");
});

test("an upload is cancelled and sent again under the same key", async (t) => {
  const page = await visit(t);
  const keys = keysOf(page);
  const [file] = await paintPhotos(page, "cancelled", 1);
  await throttleUploads(page, 2000);
  await choose(page, [file]);
  await says(page, "cancelled-1.jpg", "% of");
  await page.getByRole("button", { name: "Cancel cancelled-1.jpg" }).click();
  await says(page, "cancelled-1.jpg", "Cancelled.");
  await throttleUploads(page, -1);
  await page.getByRole("button", { name: "Retry: cancelled-1.jpg" }).click();
  const isKept = () => document.activeElement.matches(".upload-end"); // the focus; Retry has gone
  assert.ok(await page.evaluate(isKept));
  await tile(page, "cancelled-1.jpg").waitFor();
  assert.equal(keys.length, 2);
  assert.match(keys[0], /^"[0-9a-f]{32}"$/);
  assert.equal(keys[0], keys[1]);
});

// Uploads reach the service, but what it answers waits for the session's word.
async function holdAnswers(page) {
  const session = await page.context().newCDPSession(page);
  const patterns = [{ urlPattern: "*/api/photos", requestStage: "Response" }];
  await session.send("Fetch.enable", { patterns });
  return session;
}

test("an upload whose answer was lost is stored once", async (t) => {
  const page = await visit(t);
  const keys = keysOf(page);
  const session = await holdAnswers(page);
  const paused = once(session, "Fetch.requestPaused");
  await choose(page, [fileOf("lost.jpg", PHOTO)]);
  const [{ requestId, responseStatusCode }] = await paused;
  assert.equal(responseStatusCode, 200);
  await session.send("Fetch.failRequest", { requestId, errorReason: "ConnectionReset" });
  await session.send("Fetch.disable");
  await says(page, "lost.jpg", "No answer came");
  await page.getByText("1 of 1 uploaded").waitFor();
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
  await assertStoredOnce("lost.jpg");
});

test("who cancels what was sent already is told that it may be stored", async (t) => {
  const page = await visit(t);
  const session = await holdAnswers(page);
  const paused = once(session, "Fetch.requestPaused");
  await choose(page, [fileOf("late.jpg", PHOTO)]);
  await paused;
  await says(page, "late.jpg", "Storing");
  await page.getByRole("button", { name: "Cancel late.jpg" }).click();
  await says(page, "late.jpg", "Cancelled after it was sent: it may be stored.");
  await session.send("Fetch.disable");
  await page.getByRole("button", { name: "Retry: late.jpg" }).click();
  await page.getByText("1 of 1 uploaded").waitFor();
  await assertStoredOnce("late.jpg");
});

async function assertStoredOnce(name) {
  const names = (await newest(3)).map((photo) => photo.filename);
  assert.equal(names.filter((each) => each === name).length, 1);
}

test("rows are taken away with the keyboard, which goes on to the next", async (t) => {
  const page = await visit(t);
  await drop(page, [fileOf("a.txt", "a"), fileOf("b.txt", "b")]);
  await page.getByRole("button", { name: "Remove a.txt" }).press("Enter");
  const next = page.getByRole("button", { name: "Remove b.txt" });
  assert.ok(await next.evaluate((button) => button === document.activeElement));
  await next.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "choose");
  assert.ok(await page.locator("#uploads").isHidden());
});

test("who leaves while photos are under way is asked first", async (t) => {
  const page = await visit(t);
  await page.route("**/api/photos", () => {}); // it goes nowhere
  await choose(page, [fileOf("leaving.jpg", PHOTO)]);
  await says(page, "leaving.jpg", "% of");
  const question = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  assert.equal((await question).type(), "beforeunload");
  await (await question).accept();
});

test("the same file may be chosen twice, and is then two photos", async (t) => {
  const page = await visit(t);
  const file = fileOf("twice.jpg", PHOTO);
  await choose(page, [file]);
  await choose(page, [file]);
  await page.getByText("2 of 2 uploaded").waitFor();
  assert.equal(await upload(page, "twice.jpg").count(), 2);
  await until(async () => (await tile(page, "twice.jpg").count()) === 2, "both tiles");
});
