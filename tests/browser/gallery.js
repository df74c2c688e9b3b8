import assert from "node:assert/strict";
import test from "node:test";

import { tile, until, visit } from "./browser.js";
import { mark, newest, PHOTO, post, site } from "./stack.js";

const isFocused = (button) => button.evaluate((each) => each === document.activeElement);
const heading = (page) => page.locator("#lightbox-name");

// Puts photos of these names into the service, the last one newest, and visits the page.
async function visitWith(t, names, options) {
  t.after(await mark());
  const photos = [];
  for (const name of names) photos.push(await post(name, PHOTO));
  return { page: await visit(t, options), photos };
}

test("photos come newest first, and more of them on the way down", async (t) => {
  const names = Array.from({ length: 45 }, (_, index) => `many-${index + 1}.jpg`);
  const { page } = await visitWith(t, names, { viewport: { width: 390, height: 600 } });
  const shown = () => page.locator(".tile img").evaluateAll((all) => all.map((image) => image.alt));
  assert.deepEqual((await shown()).slice(0, 3), ["many-45.jpg", "many-44.jpg", "many-43.jpg"]);
  assert.equal((await shown()).length, 40);
  await until(async () => {
    await page.mouse.wheel(0, 4000);
    return (await tile(page, "many-1.jpg").count()) > 0;
  }, "the first photo of all");
  assert.deepEqual((await shown()).slice(0, 45), names.reverse());
});

test("the lightbox is used by keyboard, and gives the focus back", async (t) => {
  const { page } = await visitWith(t, ["old.jpg", "middle.jpg", "new.jpg"]);
  await tile(page, "new.jpg").press("Enter");
  assert.equal(await heading(page).textContent(), "new.jpg");
  await page.keyboard.press("ArrowLeft"); // there is none
  assert.equal(await heading(page).textContent(), "new.jpg");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "middle.jpg" }).waitFor();
  const facts = await page.locator("#lightbox-facts").textContent();
  assert.match(facts, /^24\s×\s16 · 835\sbytes · \d+\s\w+\s20\d\d$/);
  await page.waitForFunction(() => document.querySelector("#lightbox-photo").naturalWidth === 24);
  await page.keyboard.press("Escape");
  await until(() => isFocused(tile(page, "middle.jpg")), "the focus on the tile");
});

test("the lightbox goes on to photos that the page has not loaded yet", async (t) => {
  const names = Array.from({ length: 42 }, (_, index) => `far-${index + 1}.jpg`);
  const { page } = await visitWith(t, names, { viewport: { width: 390, height: 600 } });
  await tile(page, "far-3.jpg").click();
  await page.getByRole("button", { name: "Older photo" }).click();
  await page.getByRole("heading", { name: "far-2.jpg" }).waitFor();
});

test("a photo is deleted once that is confirmed, and stays so after a reload", async (t) => {
  const { page, photos } = await visitWith(t, ["stays.jpg", "goes.jpg", "newest.jpg"]);
  await tile(page, "goes.jpg").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("goes.jpg will be gone for everybody, and for good.").waitFor();
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.locator("#removal-delete").click();
  await page.getByRole("heading", { name: "stays.jpg" }).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  assert.equal(await tile(page, "goes.jpg").count(), 0);
  await page.reload();
  await tile(page, "stays.jpg").waitFor();
  assert.equal(await tile(page, "goes.jpg").count(), 0);
  assert.ok(!(await newest(9)).some((photo) => photo.id === photos[1].id));
});

test("a photo that somebody else has deleted goes as well", async (t) => {
  const { page } = await visitWith(t, ["gone.jpg"], {
    prepare: (page) => page.route("**/api/photos/*", (route) => route.fulfill({ status: 404 })),
  });
  await tile(page, "gone.jpg").click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.locator("#removal-delete").click();
  await until(async () => (await tile(page, "gone.jpg").count()) === 0, "the end of the tile");
});

test("the link that is copied is the permanent one", async (t) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const { page, photos } = await visitWith(t, ["linked.jpg"], { permissions });
  await tile(page, "linked.jpg").click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByRole("button", { name: "Link copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, `${site}/api/photos/${photos[0].id}/image`);
});

test("a link that the browser does not copy is shown", async (t) => {
  const { page, photos } = await visitWith(t, ["shown.jpg"]);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
  });
  await tile(page, "shown.jpg").click();
  const question = page.waitForEvent("dialog");
  const click = page.getByRole("button", { name: "Copy link" }).click();
  assert.equal((await question).defaultValue(), `${site}/api/photos/${photos[0].id}/image`);
  await (await question).dismiss();
  await click;
});

const isShown = (image) => until(() => image.evaluate((each) => each.naturalWidth === 24), "the photo");

test("tiles show thumbnails", async (t) => {
  const { page } = await visitWith(t, ["small.jpg"]);
  const image = page.getByAltText("small.jpg").first();
  await isShown(image);
  assert.match(await image.getAttribute("src"), /^\/api\/photos\/\d+\/thumbnail$/);
});

test("a photo without a thumbnail is shown itself", async (t) => {
  const { page } = await visitWith(t, ["large.jpg"], {
    prepare: (page) => page.route("**/thumbnail", (route) => route.fulfill({ status: 404 })),
  });
  const image = page.getByAltText("large.jpg").first();
  await isShown(image);
  assert.match(await image.getAttribute("src"), /_large\.jpg\?X-Amz-/);
});

test("a photo whose signed address has expired is shown by its permanent link", async (t) => {
  const { page } = await visitWith(t, ["expired.jpg"], {
    prepare: (page) =>
      page.route("**/photos/*_expired.jpg?*", (route) => route.fulfill({ status: 403 })),
  });
  await tile(page, "expired.jpg").click();
  const image = page.locator("#lightbox-photo");
  await isShown(image);
  assert.match(await image.getAttribute("src"), /^\/api\/photos\/\d+\/image$/);
});

test("a photo of which nothing is known has a number for a name", async (t) => {
  const unknown = { filename: null, content_type: null, size: null, width: null, height: null };
  const links = ["photo_url", "image_url", "thumbnail_url"].map((name) => [name, "/favicon.svg"]);
  const photo = { id: 7, ...Object.fromEntries(links), ...unknown };
  const page = await visit(t, {
    prepare: (page) => page.route("**/api/photos?*", (route) => route.fulfill({ json: [photo] })),
  });
  await tile(page, "Photo 7").click();
  await page.getByRole("heading", { name: "Photo 7" }).waitFor();
  assert.equal(await page.locator("#lightbox-facts").textContent(), "");
});

test("on a phone a swipe leads to the next photo", async (t) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const { page } = await visitWith(t, ["left.jpg", "right.jpg"], phone);
  await tile(page, "right.jpg").tap();
  const session = await page.context().newCDPSession(page);
  const touch = (type, x) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: x ? [{ x, y: 400 }] : [] });
  await touch("touchStart", 300);
  await touch("touchMove", 200);
  await touch("touchMove", 100);
  await touch("touchEnd");
  await page.getByRole("heading", { name: "left.jpg" }).waitFor();
});
