// What a browser has seen it does not fetch again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { tile, until, visit } from "./browser.js";
import { paintPhotos } from "./photos.js";
import { mark, post } from "./stack.js";

const HEADERS = 2048; // bytes: an answer of more than this has a body

// The images that the page asks for from now on, by their addresses, with the bytes that came over
// the network; none when the browser did not even ask.
async function watchImages(page) {
  const session = await page.context().newCDPSession(page);
  const images = new Map(); // by the id of the request
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    if (type === "Image") images.set(requestId, { url: request.url, bytes: 0, isDone: false });
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const image = images.get(requestId);
    if (image) Object.assign(image, { bytes: encodedDataLength, isDone: true });
  });
  return { all: () => [...images.values()], forget: () => images.clear() };
}

const isShown = (image) => image.evaluate((each) => each.complete && each.naturalWidth > 0);

async function look(page, name) {
  const small = page.getByAltText(name).first();
  await until(() => isShown(small), "the thumbnail");
  await tile(page, name).click();
  await until(() => isShown(page.locator("#lightbox-photo")), "the photo");
}

test("a second look at the gallery fetches no image again", async (t) => {
  t.after(await mark());
  const page = await visit(t);
  const images = await watchImages(page);
  const [file] = await paintPhotos(page, "seen", 1);
  await post("seen.jpg", readFileSync(file));
  await page.reload();
  await look(page, "seen.jpg");
  const ofThePhoto = ({ url }) => /_seen\.jpg\?|\/thumbnail$/.test(url);
  const first = images.all().filter(ofThePhoto);
  assert.ok(first.some(({ url, bytes }) => /_seen\.jpg\?/.test(url) && bytes > 100_000), "the photo");
  assert.ok(first.some(({ url, bytes }) => /thumbnail$/.test(url) && bytes > HEADERS), "the thumbnail");

  images.forget();
  await page.reload();
  await look(page, "seen.jpg");
  const again = images.all().filter(ofThePhoto);
  assert.ok(again.length >= 2);
  for (const { url, bytes } of again) {
    const limit = url.includes("/thumbnail") ? HEADERS : 0; // it asks whether that is still there
    assert.ok(bytes <= limit, `${bytes} bytes for ${url}`);
  }
});
