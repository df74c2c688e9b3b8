// Debian's Chromium on the real page, and what the tests do there with files.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before } from "node:test";
import { setTimeout } from "node:timers/promises";

import { chromium } from "playwright-core";

import { checkout, mark, site } from "./stack.js";

const pictures = process.env.BROWSER_OUTPUT ?? path.join(checkout, "build/browser");

let browser;
let folder; // for the files that are uploaded

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "photodrop-browser-"));
  mkdirSync(pictures, { recursive: true });
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--no-first-run"],
  });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

// A page in a browser of its own, from which the photos go with the test.
export async function newPage(t, options = {}) {
  const cleanUp = await mark();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  context.setDefaultTimeout(15_000);
  t.after(async () => {
    await context.close();
    await cleanUp();
  });
  return context.newPage();
}

// photodrop's page, of another site if need be, loaded after `prepare(page)`. Its scripts and its
// policy must not complain.
export async function visit(t, { prepare = () => {}, at = site, ...options } = {}) {
  const page = await newPage(t, options);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  t.after(() => assert.deepEqual(complaints, []));
  await prepare(page);
  await page.goto(at);
  await page.locator("#photos:not([aria-busy])").waitFor(); // the list is there, or why not
  return page;
}

// A file on the disk with this content.
export function fileOf(name, content) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

// A drop as the system makes it, not an event made up by a script.
export async function drop(page, files) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: 200, y: 200, data });
  }
}

export async function choose(page, files) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose photos" }).click();
  await (await chooser).setFiles(files);
}

const sessions = new WeakMap();

// From now on the page sends so many bytes a second; -1 for as many as it can.
export async function throttleUploads(page, bytes) {
  // Each session has limits of its own, and the lowest count.
  if (!sessions.has(page)) sessions.set(page, await page.context().newCDPSession(page));
  const session = sessions.get(page);
  const unlimited = { offline: false, latency: 0, downloadThroughput: -1 };
  await session.send("Network.emulateNetworkConditions", { ...unlimited, uploadThroughput: bytes });
}

export const upload = (page, name) => page.locator(".upload").filter({ hasText: name });
export const tile = (page, name) => page.getByRole("button", { name, exact: true });

// Waits until the row of that file says so.
export const says = (page, name, text) => upload(page, name).getByText(text).waitFor();

export async function until(condition, what) {
  for (let end = Date.now() + 20_000; !(await condition()); await setTimeout(50)) {
    assert.ok(Date.now() < end, `waited in vain for ${what}`);
  }
}

// For people to look at, once all photos in sight are there.
export async function picture(page, name) {
  await page.waitForFunction(() => {
    const isBelow = (image) => image.getBoundingClientRect().top > innerHeight;
    const images = [...document.querySelectorAll(".tile img")];
    return images.every((image) => image.complete || isBelow(image));
  });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: "disabled" });
}
