// The stack under test: what `scripts/run --detach` started in $RUN_DIR.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = process.env.RUN_DIR;
if (!folder) throw new Error("RUN_DIR is not set: run these tests by scripts/test");

export const checkout = path.resolve(fileURLToPath(import.meta.url), "../../..");

function settingsIn(runDir) {
  const lines = readFileSync(path.join(runDir, "env"), "utf8").matchAll(/^(\w+)='(.*)'$/gm);
  return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
}

const env = settingsIn(folder);

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

// Another site on the same database and store, with settings of its own: its address, what runs
// photodrop's commands with its settings, and what ends it.
export async function startSite(settings) {
  const own = mkdtempSync(path.join(tmpdir(), "photodrop-site-"));
  const auto = { HTTP_PORT: "auto", HTTPS_PORT: "auto" };
  const all = { env: { ...process.env, ...env, ...auto, ...settings, RUN_DIR: own } };
  const script = (name, ...options) => run(path.join(checkout, "scripts", name), options, all);
  const stop = async () => {
    await script("stop");
    rmSync(own, { recursive: true });
  };
  try {
    await script("run", "--detach");
  } catch (error) {
    await stop();
    throw error;
  }
  const program = path.join(checkout, "build", process.env.PRESET, "photodrop");
  const command = async (...words) => (await run(program, words, all)).stdout.trim();
  return { at: settingsIn(own).HTTPS_URL, command, stop };
}

const localS3 = (command) =>
  run(path.join(checkout, "scripts/local-s3"), [command, path.join(folder, "s3")]);

export const stopStore = () => localS3("stop-gateway");
export const startStore = () => localS3("start-gateway");
