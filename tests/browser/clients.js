// The libraries that people upload with, on a page of an allowed origin, as nginx/README.md has it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import esbuild from "esbuild";

import { fileOf, newPage } from "./browser.js";
import { checkout, newest, PHOTO, site } from "./stack.js";

const PAGE = `<!doctype html><title>A client</title>
<input id="photos" type="file"><form id="drop"></form><output></output>
<script type="module" src="/client.js"></script>`;
const SHOW = "const show = (text) => { document.querySelector('output').textContent = text; };\n";

// The snippet under that heading, for the service under test.
function snippet(name) {
  const text = readFileSync(path.join(checkout, "nginx/README.md"), "utf8");
  const [, code] = text.split(`\n### ${name}\n`)[1].match(/```js\n([^]*?)```/);
  assert.ok(code.includes("https://photos.example/"));
  return SHOW + code.replaceAll("https://photos.example", site);
}

async function bundled(code) {
  const resolveDir = path.dirname(fileURLToPath(import.meta.url));
  const stdin = { contents: code, resolveDir };
  const built = await esbuild.build({ stdin, bundle: true, write: false, format: "esm" });
  return built.outputFiles[0].text;
}

async function openClient(t, name) {
  const script = await bundled(snippet(name));
  const server = createServer(({ url }, answer) => {
    const isScript = url === "/client.js";
    answer.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    answer.end(isScript ? script : PAGE);
  });
  server.listen(5173, "localhost");
  await once(server, "listening");
  t.after(() => server.close());
  const page = await newPage(t);
  await page.goto("http://localhost:5173/");
  return page;
}

const CHOOSERS = {
  fetch: "#photos",
  axios: "#photos",
  Uppy: "#photos",
  Dropzone: ".dz-hidden-input",
  FilePond: ".filepond--browser",
};

for (const [name, chooser] of Object.entries(CHOOSERS)) {
  test(`${name} uploads a photo, and tells why another is refused`, async (t) => {
    const page = await openClient(t, name);
    const output = page.locator("output");
    await page.locator(chooser).setInputFiles(fileOf("client.jpg", PHOTO));
    await output.filter({ hasText: "client.jpg?" }).waitFor();
    const [photo] = await newest(1);
    assert.deepEqual([photo.filename, photo.size], ["client.jpg", PHOTO.length]);
    assert.equal(new URL(await output.textContent()).pathname, new URL(photo.photo_url).pathname);

    await page.locator(chooser).setInputFiles(fileOf("notes.txt", "Hello"));
    await output.filter({ hasText: "Allowed types: " }).waitFor();
    assert.equal((await newest(1))[0].id, photo.id);
  });
}
