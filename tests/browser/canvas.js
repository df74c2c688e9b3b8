// What a browser's own encoders make is stored with every pixel as it was.

import assert from "node:assert/strict";
import test from "node:test";

import { newPage } from "./browser.js";
import { site } from "./stack.js";

// Runs in the browser: uploads what a canvas holds, and compares what is opened with it.
async function uploadCanvas(type) {
  const pixelsOf = async (blob) => {
    const image = await createImageBitmap(blob);
    const art = new OffscreenCanvas(image.width, image.height).getContext("2d");
    art.drawImage(image, 0, 0);
    return art.getImageData(0, 0, image.width, image.height).data;
  };
  const canvas = new OffscreenCanvas(64, 48);
  const art = canvas.getContext("2d");
  const colours = art.createLinearGradient(0, 0, 64, 48);
  colours.addColorStop(0, "rgb(255 0 0 / 0.5)");
  colours.addColorStop(1, "rgb(0 80 255)");
  art.fillStyle = colours;
  art.fillRect(0, 0, 64, 48);
  const blob = await canvas.convertToBlob({ type, quality: 0.8 });
  const form = new FormData();
  form.append("photo", blob, "canvas");
  const answer = await fetch("/api/photos", { method: "POST", body: form });
  const photo = await answer.json();
  const opened = await (await fetch(photo.image_url)).blob();
  const [before, after] = [await pixelsOf(blob), await pixelsOf(opened)];
  return {
    type: blob.type,
    status: answer.status,
    photo,
    differing: before.filter((value, at) => value !== after[at]).length + before.length - after.length,
  };
}

for (const type of ["image/jpeg", "image/png", "image/webp"]) {
  test(`an ${type} of Chromium's canvas keeps its pixels`, async (t) => {
    const page = await newPage(t);
    await page.goto(site);
    const result = await page.evaluate(uploadCanvas, type);
    assert.deepEqual([result.status, result.type, result.differing], [200, type, 0]);
    assert.deepEqual([result.photo.width, result.photo.height], [64, 48]);
    assert.equal(result.photo.content_type, type);
  });
}
