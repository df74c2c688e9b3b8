// The stack under test: what `scripts/run --detach` started in $RUN_DIR.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = process.env.RUN_DIR;
if (!folder) throw new Error("RUN_DIR is not set: run these tests by scripts/test");

export const checkout = path.resolve(fileURLToPath(import.meta.url), "../../..");

const lines = readFileSync(path.join(folder, "env"), "utf8").matchAll(/^(\w+)='(.*)'$/gm);
const env = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));

export const site = env.HTTPS_URL;
export const storeUrl = env.S3_ENDPOINT_URL;

export const PHOTO = readFileSync(path.join(checkout, "tests/data/images/baseline.jpg"));

// The API without a browser: what the tests compare the page with.
export const ask = (url, options) => fetch(env.HTTP_URL + url, options);

export async function newest(count) {
  return (await ask(`/api/photos?order=desc&limit=${count}`)).json();
}

// Uploads past the page, and returns the answer, a photo or a problem.
export async function post(name, content, type = "image/jpeg") {
  const form = new FormData();
  form.append("photo", new Blob([content], { type }), name);
  return (await ask("/api/photos", { method: "POST", body: form })).json();
}

// Returns the function that deletes all photos that came since.
export async function mark() {
  const last = (await newest(1))[0]?.id ?? 0;
  return async () => {
    const photos = await (await ask(`/api/photos?after=${last}`)).json();
    await Promise.all(photos.map(({ id }) => ask(`/api/photos/${id}`, { method: "DELETE" })));
  };
}

const localS3 = (command) =>
  run(path.join(checkout, "scripts/local-s3"), [command, path.join(folder, "s3")]);

export const stopStore = () => localS3("stop-gateway");
export const startStore = () => localS3("start-gateway");
