// What everything looks like, for machines (axe-core) and, as pictures, for people.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";

import { choose, drop, fileOf, picture, throttleUploads, tile, visit } from "./browser.js";
import { paintPhotos } from "./photos.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Nothing that axe-core calls serious or worse.
async function assertAccessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(grave.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), []);
}

// Everything that can be pressed has room for a finger, and nothing sticks out sideways.
async function assertFitsFingers(page) {
  const small = await page.locator("button, input").evaluateAll((all) =>
    all
      .filter((each) => each.type !== "checkbox" && each.checkVisibility())
      .map((each) => [each.id, each.getBoundingClientRect()])
      .filter(([, { width, height }]) => width < 44 || height < 44));
  assert.deepEqual(small, []);
  const overhang = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  assert.equal(await page.evaluate(overhang), 0);
}

for (const colorScheme of ["light", "dark"]) {
  test(`all of the page is accessible: ${colorScheme}`, async (t) => {
    const page = await visit(t, { colorScheme, viewport: { width: 1280, height: 900 } });
    const files = await paintPhotos(page, "hills", 9);
    await drop(page, [...files, fileOf("notes.txt", "Hello")]);
    await page.getByText("9 of 10 uploaded, 1 failed").waitFor();
    await assertAccessible(page);
    await picture(page, `page-${colorScheme}`);
    await page.getByRole("button", { name: "Clear finished" }).click();
    await picture(page, `gallery-${colorScheme}`);
    await tile(page, "hills-6.jpg").click();
    await page.waitForFunction(() => document.querySelector("#lightbox-photo").naturalWidth > 0);
    await assertAccessible(page);
    await picture(page, `lightbox-${colorScheme}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await assertAccessible(page);
    await picture(page, `delete-${colorScheme}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Access token" }).click();
    await assertAccessible(page);
    await picture(page, `token-${colorScheme}`);
  });
}

test("it fits a phone", async (t) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const page = await visit(t, { ...phone, deviceScaleFactor: 2 });
  const files = await paintPhotos(page, "hills", 6);
  await throttleUploads(page, 150_000);
  await choose(page, files);
  await page.waitForFunction(() => document.querySelector("progress").value > 0.3);
  await picture(page, "phone-queue");
  await assertFitsFingers(page);
  await throttleUploads(page, -1);
  await page.getByText("6 of 6 uploaded").waitFor();
  await page.getByRole("button", { name: "Clear finished" }).tap();
  await picture(page, "phone-gallery");
  await assertAccessible(page);
  await tile(page, "hills-2.jpg").tap();
  await page.waitForFunction(() => document.querySelector("#lightbox-photo").naturalWidth > 0);
  await picture(page, "phone-lightbox");
  await assertFitsFingers(page);
});
