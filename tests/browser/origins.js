// Pages of other origins, over TLS. tests/e2e/test_browser.py asks more of them, over plain HTTP.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";

import { newPage } from "./browser.js";
import { newest, PHOTO, site } from "./stack.js";

// An empty page at http://localhost:PORT; not Playwright's own, which relaxes CORS.
async function visitOrigin(t, port) {
  const server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<!doctype html>"));
  server.listen(port, "localhost");
  await once(server, "listening");
  t.after(() => server.close());
  const page = await newPage(t);
  await page.goto(`http://localhost:${server.address().port}/`);
  return page;
}

// Uploads as the page does: with a key, for which the browser asks first. What came of it.
function uploadFrom(page, base64) {
  const script = async ({ url, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const form = new FormData();
    form.append("photo", new Blob([bytes], { type: "image/jpeg" }), "cross.jpg");
    const headers = { "Idempotency-Key": `"${crypto.randomUUID()}"` };
    try {
      const answer = await fetch(url, { method: "POST", body: form, headers });
      return { status: answer.status, body: await answer.json() };
    } catch (error) {
      return error.name;
    }
  };
  return page.evaluate(script, { url: `${site}/api/photos`, base64 });
}

test("a page of an allowed origin uploads, and reads why not", async (t) => {
  const page = await visitOrigin(t, 5173);
  const photo = await uploadFrom(page, PHOTO.toString("base64"));
  assert.equal(photo.status, 200);
  assert.equal(photo.body.filename, "cross.jpg");
  const refused = await uploadFrom(page, btoa("Hello"));
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /Allowed types: /);
});

test("a page of any other origin does neither", async (t) => {
  const before = await newest(1);
  const page = await visitOrigin(t, 0);
  assert.equal(await uploadFrom(page, PHOTO.toString("base64")), "TypeError");
  assert.equal(await uploadFrom(page, btoa("Hello")), "TypeError");
  assert.deepEqual((await newest(1))[0]?.id, before[0]?.id);
});
